"""Compares the rows of calls with their workflows and channels, so that nothing stays of a call that nobody runs."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.calls.node import Node
from db.calls import orphans
from db.core.clock import now
from domain.calls import ids
from everline.node.calls.callback_take_over import CallbackTakeOver
from everline.node.calls.orphan_ending import OrphanEnding, Trouble
from everline.node.calls.signals import CallSignals
from everline.node.keeping import keep_looking
from workflows.calls.workflow import task_queue

log = structlog.get_logger(__name__)

_EVERY = 10.0
"""Seconds between two looks."""
_AT_ONCE = 40
"""Calls that one look asks about, by turns: asking takes a millisecond or two for each."""
_SETTLED = timedelta(seconds=20)
"""A younger call may still be beginning."""
_TRIES, _STUCK = 5, timedelta(seconds=30)
"""A task that has failed so often, for so long, does not succeed any more without another program."""


@dataclass
class Reconciler:
    """Ends calls whose workflow is gone or cannot go on, and tells those whose customer is gone without a word.

    A callback whose workflow has never run here is begun instead: a process can die after it wrote the row.
    Each trouble must be seen in two looks: what is just beginning or ending looks the same for a moment.
    """

    node: Node
    signals: CallSignals
    ending: OrphanEnding
    callbacks: CallbackTakeOver
    tries: int = _TRIES
    stuck_after: timedelta = _STUCK
    _seen: dict[str, str] = field(default_factory=dict)
    _last: str = ""

    async def keep(self) -> None:
        """Looks for ever."""
        await keep_looking(self.look, _EVERY, "calls not compared")

    async def look(self) -> None:
        """Looks at the calls whose turn it is."""
        async with self.node.database.read() as session:
            old = await orphans.old(session, self.node.name, now() - _SETTLED)
        self._seen = {call_id: what for call_id, what in self._seen.items() if call_id in set(old)}
        for call_id in self._turn(old):
            try:
                await self.check(call_id)
            except Exception:
                # One call about which nothing can be learnt must not keep the others from being looked at.
                log.exception("call not compared", call_id=call_id)

    def _turn(self, old: Sequence[str]) -> Sequence[str]:
        """The calls in doubt, and the next ones after those of the last look."""
        order = [call_id for call_id in old if call_id > self._last] + [c for c in old if c <= self._last]
        chosen = order[:_AT_ONCE]
        self._last = chosen[-1] if len(order) > _AT_ONCE else ""
        return list(dict.fromkeys([*self._seen, *chosen]))

    async def check(self, call_id: str) -> None:
        """Looks at one call, and does what is to be done when its trouble was there the last time."""
        trouble = await self._trouble(call_id)
        if trouble is not None:
            await self._at_second_sight(call_id, trouble, lambda: self._mend(call_id, trouble))
            return
        async with self.node.database.read() as session:
            remains = await orphans.find(session, call_id)
        customer = remains.customer if remains and remains.must_have_customer else None
        if customer is not None and not await self.node.asterisk.exists(customer):
            await self._at_second_sight(call_id, "no customer", lambda: self.signals.reconnected(call_id))
        else:
            self._seen.pop(call_id, None)

    async def _mend(self, call_id: str, trouble: Trouble) -> None:
        never_ran_here = trouble in {Trouble.GONE, Trouble.ELSEWHERE}
        if not (never_ran_here and await self.callbacks.take(call_id)):
            await self.ending.end(call_id, trouble)

    async def _at_second_sight(self, call_id: str, what: str, act: Callable[[], Awaitable[object]]) -> None:
        if self._seen.get(call_id) == what:
            del self._seen[call_id]
            await act()
        else:
            self._seen[call_id] = what

    async def _trouble(self, call_id: str) -> Trouble | None:
        try:
            found = await self.node.client.get_workflow_handle(ids.workflow(call_id)).describe()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return Trouble.GONE
        if found.task_queue != task_queue(self.node.name):
            return Trouble.ELSEWHERE
        if found.status is not WorkflowExecutionStatus.RUNNING:
            return Trouble.CLOSED
        task = found.raw_description.pending_workflow_task
        lasts = now().timestamp() - task.original_scheduled_time.ToSeconds()
        return Trouble.STUCK if task.attempt >= self.tries and lasts > self.stuck_after.total_seconds() else None

    def lost(self, call_id: str) -> None:
        """A call could not be told something because its workflow is not there: that is the first sight of it."""
        self._seen.setdefault(call_id, Trouble.GONE)

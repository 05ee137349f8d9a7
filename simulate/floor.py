"""A floor of agents on the real claims, with a clock of its own."""

import heapq
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from db.calls import arrivals, calls, cdrs
from db.core.engine import Database, WriteSession
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.calls.call import Disposition, Party
from domain.queues.queue import Queue
from domain.routing.matching import Match
from simulate.callers import Caller, Wait

_OPENING = datetime(2030, 1, 1, tzinfo=UTC)
"""Later than anything that was done to set the floor up."""

_RING = timedelta(seconds=20)


@dataclass
class _Call:
    caller: Caller
    place: int
    call_id: str
    taken: bool = False


@dataclass
class Floor:
    """Agents who answer at once and need no wrap-up.

    What a call's workflow does by several steps with the network between them is done here in as few transactions.
    """

    database: Database
    queue: Queue
    now: datetime = _OPENING
    waits: dict[int, Wait] = field(default_factory=dict)
    _calls: dict[str, _Call] = field(default_factory=dict)
    _due: list[tuple[float, int, str, bool]] = field(default_factory=list)
    _order: "itertools.count[int]" = field(default_factory=itertools.count)

    async def serve(self, people: Iterable[Caller]) -> Sequence[Wait]:
        """Lets everybody call, and waits until the last call is over. Gives each caller's wait, in order of arrival."""
        for place, caller in enumerate(people):
            await self._until(caller.arrives)
            await self._arrive(_Call(caller, place, str(ids.uuid7())))
        await self._until(float("inf"))
        return [self.waits[place] for place in sorted(self.waits)]

    async def _until(self, time: float) -> None:
        while self._due and self._due[0][0] <= time:
            at, _, call_id, talked = heapq.heappop(self._due)
            call = self._calls.get(call_id)
            # A patience that ends after the call was taken means nothing.
            if call is not None and call.taken is talked:
                await self._end(call, at)

    async def _arrive(self, call: _Call) -> None:
        self._set(call.caller.arrives)
        self._calls[call.call_id] = call
        arrival = Arrival(call.call_id, "simulated", "100", "", "", self.now)
        async with self.database.write() as session:
            await arrivals.enter(session, arrival, self.queue, self.now)
            claims, _ = await calls.search(session, call.call_id, self.queue.queue_id, 1, self.now, _RING, is_new=True)
            for claim in claims:
                await self._take(session, call, claim.user_id)
        if not claims and call.caller.patience < float("inf"):
            self._plan(call.caller.arrives + call.caller.patience, call)

    async def _end(self, call: _Call, at: float) -> None:
        self._set(at)
        del self._calls[call.call_id]
        if not call.taken:
            self.waits[call.place] = Wait(call.caller.patience, taken=False)
        disposition = Disposition.ANSWERED if call.taken else Disposition.ABANDONED
        ending = cdrs.Ending(call.call_id, disposition, Party.CUSTOMER, 16, self.now)
        async with self.database.write() as session:
            await cdrs.end(session, ending, timedelta(0))
            matches = await cdrs.complete(session, call.call_id, self.now)
        for match in matches:
            await self._woken(match)

    async def _woken(self, match: Match) -> None:
        """A waiting call confirms the agent who was claimed for it."""
        async with self.database.write() as session:
            claims, _ = await calls.search(session, match.call_id, self.queue.queue_id, 1, self.now, _RING)
            for claim in claims:
                await self._take(session, self._calls[match.call_id], claim.user_id)

    async def _take(self, session: WriteSession, call: _Call, user_id: UUID) -> None:
        await calls.connect(session, call.call_id, user_id, self.now, recorded=False)
        seconds = (self.now - _OPENING).total_seconds()
        call.taken = True
        self.waits[call.place] = Wait(max(0.0, seconds - call.caller.arrives), taken=True)
        self._plan(seconds + call.caller.talks, call)

    def _plan(self, time: float, call: _Call) -> None:
        heapq.heappush(self._due, (time, next(self._order), call.call_id, call.taken))

    def _set(self, time: float) -> None:
        self.now = max(self.now, _OPENING + timedelta(seconds=time))

"""A centre in one process: real workflows and steps, with an Asterisk in memory and a clock that a test moves.

Nothing happens by itself: events wait in `inbox` until they are delivered, and time passes when it is told to.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from temporalio.activity import _Definition
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from activities.calls import talk
from activities.calls.node import Node
from activities.calls.steps import call_steps
from db.core.engine import Database
from domain.calls import ids
from domain.calls.arrival import Arrival
from everline.node.calls.resync import Resync
from everline.node.calls.signals import CallSignals
from everline.node.routing.reconciler import RoutingReconciler
from telephony.asterisk import Asterisk
from telephony.errors import Conflict, Failed, NotConnected, NotFound
from tests.model import legs
from tests.model.ari import MemoryAri
from tests.model.client import Message, ModelClient
from tests.model.clock import Clock
from tests.model.workflow_run import StepTry, WorkflowRun
from workflows.calls.updates import DigitPressed, LegAnswered, LegEnded, LegRings

NODE = "model"
REGION = "US"
_MOST_STEPS = 200
"""Twenty times what any call needs between two events: a call that takes more turns in a circle."""


class Turning(AssertionError):
    """A call does the same again and again."""


class StepBroken(AssertionError):
    """A step failed though nothing was wrong with the world."""


@dataclass
class Trouble:
    """What goes wrong next. Counts are of tries of steps; `step` names the only one that they are for."""

    before: int = 0
    after: int = 0
    """The step is done, and its result is lost: it is repeated."""
    step: str | None = None

    def make(self, when: str, step: str) -> None:
        """Fails the step if its time has come. Raises NotConnected, or Failed where it is about one step."""
        left = getattr(self, when)
        if left and self.step in {None, step}:
            setattr(self, when, left - 1)
            raise NotConnected("trouble") if self.step is None else Failed(500, "trouble")


class ModelSignals(CallSignals):
    """Tells calls what happened, by messages that wait in the inbox."""

    async def _signal(self, call_id: str, name: str, message: object) -> bool:
        try:
            await self.client.get_workflow_handle(ids.workflow(call_id)).signal(name, message)
        except RPCError:
            return False
        return True


class ModelCentre:
    """The calls, and everything behind their steps."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.clock = Clock()
        self.ari = MemoryAri(folder, self.clock.now)
        self.database = database
        self.runs: dict[str, WorkflowRun] = {}
        self.inbox: list[Message] = []
        self.trouble = Trouble()
        self.withheld = False
        """Whether results of steps are kept back, so that other things happen before the calls know."""
        self.told: Counter[str] = Counter()
        client = cast("Client", ModelClient(self.is_open, self.runs.__contains__, self.inbox.append, self.start))
        node = Node(NODE, REGION, database, Asterisk(self.ari, folder), client)
        self._reconciler = RoutingReconciler(database, client)
        self._resync = Resync(NODE, Asterisk(self.ari, folder), database, ModelSignals(client, NODE), lambda _: None)
        talk._ON_ITS_WAY = 0.0
        self._steps: dict[str, Callable[..., Any]] = {
            str(_Definition.must_from_callable(step).name): step
            for step in call_steps(node, admitted=lambda _: None, closing=lambda _: None, patience=0.0)
        }

    def is_open(self, call_id: str) -> bool:
        """Whether a call's workflow runs."""
        return call_id in self.runs and self.runs[call_id].is_open

    @property
    def open_runs(self) -> Sequence[WorkflowRun]:
        """The workflows that run."""
        return [run for run in self.runs.values() if run.is_open]

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is on its way: no event, no step, and none that waits to be tried again."""
        runs = self.open_runs
        return not self.inbox and not any(run.tries for run in runs) and all(run.call._at_rest for run in runs)

    @property
    def is_calm(self) -> bool:
        """Whether it is quiet, and nothing goes wrong next."""
        disturbed = self.trouble.before or self.trouble.after or self.ari.broken or self.ari.deaf or self.withheld
        return self.is_quiet and not disturbed

    def start(self, arrival: Arrival) -> None:
        """A call begins."""
        self.runs[arrival.call_id] = WorkflowRun(arrival, self.clock.time, ids.workflow(arrival.call_id))

    # What happens

    def collect(self) -> None:
        """Turns what Asterisk tells into messages to calls, as the node's dispatcher does."""
        events, self.ari.events = self.ari.events, []
        for event in events:
            message = self._message_of(event)
            if message is None:
                continue
            if self.is_open(message.call_id):
                self.inbox.append(message)
            elif isinstance(event, legs.Answered) and event.channel in self.ari.legs:
                # Nobody waits for this party any more.
                self.ari.end(event.channel)

    def _message_of(self, event: legs.Event) -> Message | None:
        match event:
            case legs.Answered(channel):
                leg = self._leg_of(channel)
                return (
                    None if leg.listens else Message(leg.call_id, "leg_answered", (LegAnswered(leg.attempt, leg.dial),))
                )
            case legs.Rings(channel):
                leg = self._leg_of(channel)
                return Message(leg.call_id, "leg_rings", (LegRings(leg.attempt, leg.dial),))
            case legs.Gone(channel, cause):
                leg = self._leg_of(channel)
                ended = LegEnded(leg.attempt, cause, leg.dial)
                return None if leg.listens else Message(leg.call_id, "leg_ended", (ended,))
            case legs.Pressed(channel, digit):
                leg = self._leg_of(channel)
                return Message(leg.call_id, "digit_pressed", (DigitPressed(digit),)) if leg.is_customer else None
            case legs.Played(playback):
                played = ids.parse_announcement(playback)
                return Message(played.call_id, "message_played", (played.count,)) if played else None
            case legs.Recorded(name):
                call_id = ids.parse_voicemail(name)
                return Message(call_id, "voicemail_recorded") if call_id else None

    def _leg_of(self, channel: str) -> ids.Leg:
        return ids.dialling_leg(channel) if ids.dialled_on(channel) in self.runs else ids.parse_leg(channel)

    async def deliver(self, *messages: Message) -> None:
        """Tells a call something, all in one workflow task, and lets everybody work."""
        for call_id in {message.call_id for message in messages}:
            run = self.runs.get(call_id)
            if run is not None and run.is_open:
                self._at_this_time(run)
                run.signal(*((one.name, one.arguments) for one in messages if one.call_id == call_id))
        await self.work()

    async def cancel(self, run: WorkflowRun) -> None:
        """Somebody cancels a call's workflow."""
        self._at_this_time(run)
        run.cancel()
        await self.work()

    async def settle(self) -> None:
        """Delivers everything, until nothing is on its way."""
        self.withheld = False
        for _ in range(_MOST_STEPS):
            await self.work()
            self.collect()
            if not self.inbox:
                return
            await self.deliver(self.inbox.pop(0))
        raise Turning(f"still {self.inbox}")

    async def work(self) -> None:
        """Lets every step be tried that is due."""
        for _ in range(_MOST_STEPS):
            due = [
                (run, tried)
                for run in self.open_runs
                for tried in run.tries.values()
                if tried.due <= self.clock.time and not (tried.has_run and self.withheld)
            ]
            if not due:
                self.collect()
                return
            await self._try(*due[0])
        raise Turning(f"still {due}")

    async def _try(self, run: WorkflowRun, tried: StepTry) -> None:
        if not tried.has_run:
            step = self._steps[tried.name]
            try:
                self.trouble.make("before", tried.name)
                tried.result = await step(*run.given(tried, step))
                self.trouble.make("after", tried.name)
            except Exception as error:  # noqa: BLE001 - as a worker does
                self._note(tried, error)
                self._at_this_time(run)
                run.fail(tried, error)
                return
            tried.has_run = True
            self.told[tried.name] += 1
            if self.withheld:
                return
        self._at_this_time(run)
        run.succeed(tried, tried.result)

    def _note(self, tried: StepTry, error: Exception) -> None:
        self.told["step failed"] += 1
        if not is_expected(error):
            raise StepBroken(f"{tried.name}: {error!r}") from error

    async def reconnect(self) -> None:
        """The connection to Asterisk breaks: what it told is lost, and found out by looking."""
        self.ari.events.clear()
        self.inbox.clear()
        await self._resync.run()
        await self.work()

    # Time

    async def wait(self, time: timedelta) -> None:
        """Time passes. What is due happens at its time; the routing reconciler looks now and then."""
        until = self.clock.time + time
        while (due := self._next_due()) is not None and due <= until:
            self.clock.time = max(due, self.clock.time)
            await self._do_what_is_due()
        self.clock.time = until
        await self.watch()

    async def watch(self) -> None:
        """The routing reconciler looks over the floor, as it does every second."""
        await self._reconciler.look()
        await self.work()

    def _next_due(self) -> datetime | None:
        times = [due for run in self.open_runs for due in run.timers.values()]
        times += [tried.due for run in self.open_runs for tried in run.tries.values() if not tried.has_run]
        times += [leg.rings_until for leg in self.ari.legs.values() if leg.rings_until]
        return min(times, default=None)

    async def _do_what_is_due(self) -> None:
        for leg in [leg for leg in self.ari.legs.values() if leg.rings_until and leg.rings_until <= self.clock.time]:
            self.ari.end(leg.id, 19)
        for run in self.open_runs:
            for timer in [timer for timer, due in run.timers.items() if due <= self.clock.time]:
                if run.is_open and timer in run.timers:
                    self._at_this_time(run)
                    run.fire(timer)
        await self.work()
        if not self.withheld:
            await self.settle()

    def _at_this_time(self, run: WorkflowRun) -> None:
        run.now = self.clock.time


def is_expected(error: Exception) -> bool:
    """Whether a step failed by the trouble that a test has made, or refuses what it was asked."""
    if isinstance(error, ApplicationError) and error.non_retryable:
        return True
    if isinstance(error, NotFound | Conflict):
        # Somebody has just left; who asked for it is told so.
        return True
    made = ("trouble", "Internal server error", "invalid state", "No answer to")
    return any(words in str(error) for words in made)

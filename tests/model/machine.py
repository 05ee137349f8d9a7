"""Anything may happen next to a centre's calls; whatever does, the judge finds nothing wrong once it is quiet."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from db.agents import attendance
from db.core.engine import Database
from domain.agents.agent import AgentState, ExtensionKind
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.calls.call import CallStage, revision
from domain.calls.transitions import TALKS
from tests.model import requests
from tests.model.answers import Answers
from tests.model.centre import NODE, ModelCentre, Trouble
from tests.model.client import Message
from tests.model.judge import Judge
from tests.model.legs import Leg
from tests.model.setting import CUSTOMER, KINDS, MENU, NOBODYS, NUMBERS, OUTSIDE, PLANS, QueuePlan, Setting
from workflows.calls import agent_return, customer_leg, ivr, leaving, offering, talk, third_party

T = TypeVar("T")

MOST_CALLS = 3
FOR_EVER = 1_000_000
BREAKABLE = (
    offering.CONNECT,
    offering.SEARCH,
    offering.REQUEUE,
    talk.HOLD,
    talk.RESUME,
    third_party.REACH,
    third_party.JOIN,
    third_party.HAND_OVER,
    third_party.DROP_GUEST,
    agent_return.RING_AGAIN,
    ivr.SAY,
    leaving.LEAVE,
    ivr.ENTER_QUEUE,
    customer_leg.DIAL,
    talk.SET_MUTE,
)
"""Not the end of a call: what becomes of one that cannot even be ended is for the next look at all calls."""
_LONGEST = timedelta(hours=3)
"""After this long every call is over whose customer has hung up, also one that waits to call somebody back."""

a_pick = st.integers(0, 7)
a_choice = st.integers(0, 15)
"""More than a page has buttons."""
a_plan = st.sampled_from(PLANS)
an_agent = st.integers(0, len(KINDS) - 1)
OWN = -1
"""The agent whose call it is."""
an_asker = st.sampled_from([OWN, OWN, *range(len(KINDS))])
what_was_seen = st.sampled_from([0, 0, 0, 1, 2, 3])
"""How many revisions ago; 0 is what is so now."""
a_cause = st.sampled_from([16, 16, 16, 17, 19, 21, 41, 0])


class Ground:
    """What all runs share: the loop in which they happen, and a database of their own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self.database = Database(url, pool_size=2)
        self.folder = folder
        self.setting = self.run(Setting.make(self.database))
        self.told: dict[str, int] = {}

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(doing)

    def close(self) -> None:
        self.run(self.database.close())
        self.runner.close()


class CallMachine(RuleBasedStateMachine):
    """Calls, and everything that people, phones, Asterisk, Temporal and time do to them.

    What cannot be done just now does nothing.
    """

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self.ground = ground
        self.centre = ModelCentre(ground.database, ground.folder)
        self.judge = Judge(self.centre, ground.setting)
        self.answers = Answers(self.centre, self.judge)
        self.old: list[Message] = []
        self.seen: dict[str, list[str]] = {}
        """What the pages of each call's agents have shown."""
        self.numbers = 0
        self.clock = self.centre.clock.in_force()
        self.clock.__enter__()

    @initialize(first=a_plan, second=a_plan, talks=st.sampled_from([0, 1, 1, 2]))
    def open(self, first: QueuePlan, second: QueuePlan, talks: int) -> None:
        for file in self.ground.folder.glob("*.wav"):
            file.unlink()
        self.run(self.ground.setting.begin((first, second)))
        for number in NUMBERS[:talks]:
            self.begin_talk(number)

    def teardown(self) -> None:
        try:
            self.end_everything()
        finally:
            self.clock.__exit__(None, None, None)
            for what, count in self.centre.told.items():
                self.ground.told[what] = self.ground.told.get(what, 0) + count

    def end_everything(self) -> None:
        """Everybody hangs up: soon no call is left."""
        self.repair()
        self.run(self.centre.settle())
        for _ in range(3):
            for channel, leg in list(self.centre.ari.legs.items()):
                if channel in self.centre.ari.legs and leg.listens_to is None:
                    self.centre.ari.end(channel)
            self.run(self.centre.settle())
            self.run(self.centre.wait(_LONGEST))
        self.run(self.judge.check_quiet())
        self.run(self.judge.check_changes())
        left = [run.arrival.call_id for run in self.centre.open_runs]
        assert not left, f"{left} never end"

    # Helpers

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        return self.ground.run(doing)

    def after(self, at_once: bool) -> None:
        """What Asterisk tells is told now, or later."""
        self.centre.collect()
        if at_once:
            self.settle()

    def settle(self) -> None:
        while self.centre.inbox or not self.centre.is_quiet or self.centre.withheld:
            self.old += self.centre.inbox
            before = len(self.centre.inbox)
            self.run(self.centre.settle())
            if before == 0 or self.centre.trouble.before or self.centre.trouble.after:
                break

    def some(self, found: Sequence[T], pick: int) -> T | None:
        return found[pick % len(found)] if found else None

    def legs(self, which: Callable[[Leg], bool]) -> list[Leg]:
        return [leg for leg in self.centre.ari.legs.values() if leg.listens_to is None and which(leg)]

    def repair(self) -> None:
        self.centre.trouble = Trouble()
        self.centre.ari.broken = self.centre.ari.deaf = 0
        self.centre.withheld = False

    def begin(self, arrival: Arrival) -> None:
        async def begun() -> None:
            self.centre.start(arrival)

        self.run(begun())

    def new_id(self) -> str:
        self.numbers += 1
        return f"{NODE}-{self.numbers}"

    @invariant()
    def nothing_is_wrong(self) -> None:
        self.judge.check_always()
        for run in self.centre.open_runs:
            shown = self.seen.setdefault(run.arrival.call_id, [])
            shown += [run.call._state.revision_for(user_id) for user_id in self.ground.setting.users]
        if self.centre.is_quiet and not self.centre.withheld:
            self.run(self.judge.check_quiet())

    # Calls begin

    @rule(to=st.sampled_from([*NUMBERS, *NUMBERS, MENU, NOBODYS]), at_once=st.booleans())
    def call_in(self, to: str, at_once: bool) -> None:
        if len(self.centre.open_runs) < MOST_CALLS:
            channel = self.new_id()
            self.centre.ari.call_in(channel, f"inbound,{to},allowed_not_screened", number=CUSTOMER)
            self.begin(Arrival(channel, NODE, to, CUSTOMER, "Caller", self.centre.clock.time))
            self.after(at_once)

    @rule(number=an_agent, at_once=st.booleans())
    def dial(self, number: int, at_once: bool) -> None:
        """An agent dials in the portal."""
        if len(self.centre.open_runs) < MOST_CALLS:
            user_id = self.ground.setting.users[number]
            now = self.centre.clock.time
            self.begin(Arrival(self.new_id(), NODE, "8000", OUTSIDE, "", now, dialled_by=user_id))
            self.after(at_once)

    @rule(number=an_agent, at_once=st.booleans())
    def dial_on_the_phone(self, number: int, at_once: bool) -> None:
        extension = self.ground.setting.extensions[number]
        busy = self.legs(lambda leg: leg.endpoint == extension)
        if len(self.centre.open_runs) < MOST_CALLS and KINDS[number] is ExtensionKind.SIP and not busy:
            channel = self.new_id()
            self.centre.ari.call_in(channel, f"dialled,{OUTSIDE}", endpoint=extension)
            now = self.centre.clock.time
            self.begin(Arrival(ids.dialled_on(channel), NODE, "", OUTSIDE, "", now, dialled_on=extension))
            self.after(at_once)

    @rule(number=st.sampled_from(NUMBERS))
    def begin_talk(self, number: str) -> None:
        """An ordinary beginning, so that much happens in talks."""
        self.call_in(number, at_once=True)
        self.pick_up(0, at_once=True)

    # What parties do

    @rule(pick=a_pick, at_once=st.booleans())
    def pick_up(self, pick: int, at_once: bool) -> None:
        leg = self.some(self.legs(lambda leg: leg.ours and not leg.up), pick)
        if leg is not None:
            self.centre.ari.answer(leg.id)
            self.after(at_once)

    @rule(pick=a_pick)
    def pick_up_together(self, pick: int) -> None:
        """Two phones that ring for one call are picked up in the same moment."""
        ringing = self.legs(lambda leg: leg.ours and not leg.up)
        first = self.some(ringing, pick)
        of_call = [leg for leg in ringing if first and ids.parse_leg(leg.id).call_id == ids.parse_leg(first.id).call_id]
        for leg in of_call[:2]:
            self.centre.ari.answer(leg.id)
        self.after(at_once=True)

    @rule(pick=a_pick)
    def pick_up_too(self, pick: int) -> None:
        self.pick_up(pick, at_once=True)

    @rule(pick=a_pick, cause=a_cause, at_once=st.booleans())
    def put_down(self, pick: int, cause: int, at_once: bool) -> None:
        leg = self.some(self.legs(lambda _: True), pick)
        if leg is not None:
            left = self.judge.left_by_guest(leg.id) if at_once and self.centre.is_calm else None
            self.centre.ari.end(leg.id, cause)
            self.after(at_once)
            if left is not None:
                self.judge.check_customer_is_back(left)

    @rule(pick=a_pick)
    def let_the_third_party_go(self, pick: int) -> None:
        """Who was consulted hangs up, and nothing else happens."""
        found = [leg for leg in self.legs(lambda leg: leg.up) if self.judge.left_by_guest(leg.id) is not None]
        leg = self.some(found, pick)
        if leg is not None:
            self.put_down(self.legs(lambda _: True).index(leg), 16, at_once=True)

    @rule(pick=a_pick)
    def let_the_customer_go(self, pick: int) -> None:
        """A customer who talks, or waits on hold or for a third party, hangs up, and nothing else happens."""
        talking = {run.call._state.customer for run in self.centre.open_runs if run.call._state.stage in TALKS}
        leg = self.some(self.legs(lambda leg: leg.up and leg.id in talking), pick)
        if leg is not None:
            self.put_down(self.legs(lambda _: True).index(leg), 16, at_once=True)

    @rule(pick=a_pick, digit=st.sampled_from("1255#*"), at_once=st.booleans())
    def press(self, pick: int, digit: str, at_once: bool) -> None:
        leg = self.some(self.legs(lambda leg: leg.up), pick)
        if leg is not None:
            self.centre.ari.press(leg.id, digit)
            self.after(at_once)

    @rule(pick=a_pick, at_once=st.booleans())
    def hear_to_the_end(self, pick: int, at_once: bool) -> None:
        playback = self.some(list(self.centre.ari.playbacks), pick)
        if playback is not None:
            self.centre.ari.finish_playing(playback)
            self.after(at_once)

    @rule(number=an_agent)
    def come_or_go(self, number: int) -> None:
        """A phone is there no more, or again."""
        extension = self.ground.setting.extensions[number]
        gone = extension not in self.centre.ari.unreachable
        (self.centre.ari.unreachable.add if gone else self.centre.ari.unreachable.discard)(extension)
        self.run(self.ground.setting.set_registered(number, not gone))
        if not gone:
            for run in self.centre.open_runs:
                call = run.call._state
                if call.agent and call.agent.user_id == self.ground.setting.users[number]:
                    self.centre.inbox.append(Message(run.arrival.call_id, "agent_back"))

    @rule(number=an_agent, to=st.sampled_from([AgentState.IDLE, AgentState.IDLE, AgentState.PAUSED]))
    def pause_or_return(self, number: int, to: AgentState) -> None:
        async def change() -> None:
            async with self.ground.database.write() as session:
                now = self.centre.clock.time
                matches = await attendance.change(session, self.ground.setting.users[number], to, now, None)
            for match in matches:
                if self.centre.is_open(match.call_id):
                    self.centre.inbox.append(Message(match.call_id, "agent_claimed"))

        self.run(change())

    @rule(pick=a_pick, by=an_asker, seen=what_was_seen, request=requests.requests, at_once=st.booleans())
    def ask(self, pick: int, by: int, seen: int, request: requests.Request, at_once: bool) -> None:
        """Anybody asks for anything, also from a page that shows what was."""
        run = self.some(self.centre.open_runs, pick)
        if run is None:
            return
        users, call = self.ground.setting.users, run.call._state
        if by == OWN:
            by = users.index(call.agent.user_id) if call.agent is not None else 0
        shown = self.seen.setdefault(run.arrival.call_id, [])
        revision = shown[-seen % len(shown)] if seen and shown else call.revision_for(users[by])
        self.run(self.answers.ask(run, request, users[by], revision))
        self.after(at_once)

    @rule(pick=a_pick, choice=a_choice)
    def ask_too_late(self, pick: int, choice: int) -> None:
        """The agent presses what fits, on a page that still shows the call as it was before its last change."""
        found = [run for run in self.centre.open_runs if run.call._state.agent and run.call._state.stage in TALKS]
        run = self.some(found, pick)
        if run is not None and run.call._state.agent is not None:
            agent = run.call._state.agent.user_id
            now = run.call._state.revision_for(agent)
            rings = revision(CallStage.OFFERED, run.call._state.leg, 0)
            before = [rings, *(shown for shown in self.seen.get(run.arrival.call_id, []) if shown != now)]
            request = self.some(requests.NOT_TOO_LATE[run.call._state.stage], choice)
            if request is not None:
                self.run(self.answers.ask(run, request, agent, before[-1]))
                self.after(at_once=True)

    @rule(pick=a_pick, choice=a_choice, by=an_asker, seen=what_was_seen, at_once=st.booleans())
    def ask_what_fits(self, pick: int, choice: int, by: int, seen: int, at_once: bool) -> None:
        """Somebody presses what the page of the call's agent offers, or offered."""
        found = [run for run in self.centre.open_runs if run.call._state.stage in requests.FITTING]
        run = self.some(found, pick)
        if run is not None:
            request = self.some(requests.FITTING[run.call._state.stage], choice)
            assert request is not None
            self.ask(self.centre.open_runs.index(run), by, seen, request, at_once)

    @rule(pick=a_pick, choice=a_choice)
    def change_what_is_heard(self, pick: int, choice: int) -> None:
        """The agent mutes, presses a key or pauses the recording, and the page shows the present."""
        run = self.some([run for run in self.centre.open_runs if run.call._state.stage == CallStage.CONNECTED], pick)
        request = self.some(requests.IN_A_TALK, choice)
        if run is not None and request is not None:
            self.ask(self.centre.open_runs.index(run), OWN, 0, request, at_once=True)

    @rule(pick=a_pick, stays=st.booleans())
    def put_on_hold(self, pick: int, stays: bool) -> None:
        """The agent puts the customer on hold, who waits, or does not."""
        run = self.some([run for run in self.centre.open_runs if run.call._state.stage == CallStage.CONNECTED], pick)
        if run is not None:
            self.ask(self.centre.open_runs.index(run), OWN, 0, requests.HOLD, at_once=True)
            if not stays:
                self.let_the_customer_go(pick)

    @rule(pick=a_pick, at_once=st.booleans())
    def bring_in(self, pick: int, at_once: bool) -> None:
        """Somebody else is asked for, and perhaps answers."""
        run = self.some([run for run in self.centre.open_runs if run.call._state.stage in requests.WITH_CUSTOMER], pick)
        if run is not None:
            request = requests.REACHES[pick % len(requests.REACHES)]
            self.ask(self.centre.open_runs.index(run), OWN, 0, request, at_once=True)
            self.pick_up(7, at_once)

    # What goes wrong on the way

    @rule(pick=a_pick, twice=st.booleans())
    def deliver_one(self, pick: int, twice: bool) -> None:
        """Not in the order in which it happened, and perhaps twice."""
        message = self.some(self.centre.inbox, pick)
        if message is not None:
            self.centre.inbox.remove(message)
            self.old.append(message)
            self.run(self.centre.deliver(*([message] * (1 + twice))))

    @rule()
    def deliver_all_at_once(self) -> None:
        messages, self.centre.inbox[:] = list(self.centre.inbox), []
        self.old += messages
        self.run(self.centre.deliver(*messages))

    @rule(pick=a_pick)
    def deliver_again(self, pick: int) -> None:
        """A late copy of what was delivered long ago."""
        message = self.some(self.old[::-1], pick)
        if message is not None:
            self.run(self.centre.deliver(message))

    @rule()
    def settle_all(self) -> None:
        self.settle()

    @rule(before=st.integers(0, 2), after=st.integers(0, 2))
    def fail(self, before: int, after: int) -> None:
        self.centre.trouble = Trouble(before, after)

    @rule(step=st.sampled_from([step.name for step in BREAKABLE]))
    def break_step(self, step: str) -> None:
        """One step fails from now on, whatever is done."""
        self.centre.trouble = Trouble(before=FOR_EVER, step=step)

    @rule()
    def mend(self) -> None:
        self.repair()

    @rule(pick=a_pick)
    def cancel(self, pick: int) -> None:
        """An operator cancels a call's workflow."""
        run = self.some(self.centre.open_runs, pick)
        if run is not None:
            self.run(self.centre.cancel(run))

    @rule(broken=st.integers(0, 3), deaf=st.integers(0, 3))
    def disturb(self, broken: int, deaf: int) -> None:
        """Asterisk answers 500, or does what was asked and its answer is lost."""
        self.centre.ari.broken, self.centre.ari.deaf = broken, deaf

    @rule()
    def withhold(self) -> None:
        """Steps are done, and their calls do not know it yet."""
        self.centre.withheld = True

    @rule()
    def reconnect(self) -> None:
        self.repair()
        self.run(self.centre.work())
        self.run(self.centre.reconnect())
        self.settle()

    @rule(seconds=st.sampled_from([1, 1, 3, 6, 10, 24, 31, 65]))
    def wait(self, seconds: int) -> None:
        self.run(self.centre.wait(timedelta(seconds=seconds)))

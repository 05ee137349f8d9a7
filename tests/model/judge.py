"""What must be true of a centre whenever nothing is on its way: invariants 1 to 4, 7 and 10 of what good means."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from domain.agents.agent import may_become
from domain.calls import ids
from domain.calls.call import CallStage, EventKind
from tests.model.centre import ModelCentre
from tests.model.legs import Leg
from tests.model.setting import Facts, Setting
from tests.model.workflow_run import WorkflowRun
from workflows.calls.state import CallState

_HEARS_MUSIC = frozenset(
    {
        CallStage.WAITING,
        CallStage.OFFERED,
        CallStage.HELD,
        CallStage.REACHING,
        CallStage.CONSULTING,
        CallStage.RETURNING,
    }
)
_TALKS = frozenset({CallStage.CONNECTED, CallStage.CONFERENCE})
_HAS_AGENT = _TALKS | {CallStage.HELD, CallStage.CONSULTING, CallStage.DIALLING}
_WITH_GUEST = frozenset({CallStage.CONSULTING, CallStage.CONFERENCE})
_WORKING = {"offered", "on_call", "wrap_up"}


@dataclass
class Judge:
    """Looks at the legs, the rows and the workflows together, and names everything that is wrong."""

    centre: ModelCentre
    setting: Setting

    def check_always(self) -> None:
        """What holds at every moment. Raises AssertionError."""
        wrong = [*self._talks_twice(), *self._dialled_twice()]
        assert not wrong, "; ".join(wrong)

    async def check_quiet(self) -> Facts:
        """What holds while nothing is on its way. Raises AssertionError."""
        facts = await self.setting.facts()
        wrong = [*self._agents(facts)]
        for run in self.centre.runs.values():
            wrong += self._open_call(run, facts) if run.is_open else self._closed_call(run, facts)
        wrong += self._strangers()
        assert not wrong, "; ".join(wrong)
        return facts

    async def check_changes(self) -> None:
        """Agents have changed only as the table allows. Raises AssertionError."""
        for states in (await self.setting.states()).values():
            for before, after in pairwise(states):
                assert before is after or may_become(before, after), f"an agent who was {before} became {after}"

    # Invariant 4: who only consults takes nobody along

    def left_by_guest(self, channel: str) -> WorkflowRun | None:
        """The call in which an agent, who is there, talks with the third party of this leg."""
        leg = ids.parse_leg(channel)
        run = self.centre.runs.get(leg.call_id)
        if run is None or not run.is_open or leg.is_customer:
            return None
        call = run.call._state
        is_guest = call.guest is not None and call.guest.attempt == leg.attempt
        was_cut_off = is_guest and call.guest is not None and call.guest.web and call.stage is not CallStage.REACHING
        has_left = is_guest and not was_cut_off and not call.guest_away
        return run if has_left and call.agent and call.stage in _WITH_GUEST else None

    def check_customer_is_back(self, run: WorkflowRun) -> None:
        """The third party is gone: the customer is with the agent. Raises AssertionError."""
        call = run.call._state
        assert call.stage == CallStage.CONNECTED, f"the third party has gone, and the call is at {call.stage}"
        assert call.customer in self.centre.ari.legs, "the third party has gone, and the customer was hung up"

    # Invariant 10

    def _talks_twice(self) -> Iterator[str]:
        talks = Counter(
            (leg.endpoint, leg.bridge)
            for leg in self.centre.ari.legs.values()
            if leg.bridge is not None and leg.endpoint in self.setting.extensions
        )
        often = Counter(extension for extension, _ in talks)
        yield from (f"extension {extension} talks on two calls" for extension, count in often.items() if count > 1)

    # Invariant 7

    def _dialled_twice(self) -> Iterator[str]:
        """Somebody outside is called once an attempt. A phone of ours may be rung again by a step that is repeated."""
        for channel, count in Counter(self.centre.ari.dialled_outside).items():
            if count > 1:
                yield f"{channel} was dialled {count} times"

    # Invariant 2

    def _agents(self, facts: Facts) -> Iterator[str]:
        for user_id, row in facts.agents.items():
            if row["state"] not in _WORKING:
                continue
            run = self.centre.runs.get(row["call"])
            if run is None or not run.is_open:
                yield f"agent {self._name(user_id)} is {row['state']} for {row['call']}, which is over"
            elif not self._knows(run, facts, user_id):
                yield f"agent {self._name(user_id)} is {row['state']} for {row['call']}, which does not know the agent"

    def _knows(self, run: WorkflowRun, facts: Facts, user_id: UUID) -> bool:
        call = run.call._state
        known = {offer.user_id for offer in call.ringing.values()}
        if call.agent:
            known.add(call.agent.user_id)
        if call.guest and call.guest.target.user_id:
            known.add(call.guest.target.user_id)
        # A claim that its call is about to hear of, and that runs out by itself.
        claimed = str(user_id) in facts.waiting.get(run.arrival.call_id, ())
        return user_id in known or claimed

    def _name(self, user_id: UUID) -> int:
        return list(self.setting.users).index(user_id)

    # Invariants 1 and 3

    def _closed_call(self, run: WorkflowRun, facts: Facts) -> Iterator[str]:
        call_id = run.arrival.call_id
        if call_id in facts.calls:
            yield f"{call_id} is over ({run.closed}) and its row is there, at {facts.calls[call_id]['stage']}"
        if call_id in facts.waiting:
            yield f"{call_id} is over and still in line"
        if call_id not in facts.cdrs:
            if run.call._state.attempts or not run.call._state.kind.by_hand:
                yield f"{call_id} has no record"
        elif not facts.cdrs[call_id]["done"]:
            yield f"the record of {call_id} is not complete"
        if facts.callbacks.get(call_id) in {"waiting", "dialling"}:
            yield f"the callback {call_id} is over and not closed"
        left = [channel for channel in self.centre.ari.legs if _call_of(channel) == call_id]
        left += [bridge for bridge in self.centre.ari.bridges if bridge == ids.bridge(call_id)]
        left += [name for name in self.centre.ari.live if name.startswith(call_id)]
        if left:
            yield f"{call_id} is over, and left over are {left}"

    # Invariants 2 to 4

    def _open_call(self, run: WorkflowRun, facts: Facts) -> Iterator[str]:
        call, call_id = run.call._state, run.arrival.call_id
        at = f"{call_id} at {call.stage}"
        if not run.timers and call.stage not in _HAS_AGENT:
            yield f"{at} waits for nothing that time brings"
        yield from (f"{at}: {what}" for what in self._customer(call))
        yield from (f"{at}: {what}" for what in self._own_legs(call, call_id))
        row = facts.calls.get(call_id)
        if row is None:
            yield f"{at} has no row"
        elif call.agent is not None and call.stage in _HAS_AGENT and row["user"] != str(call.agent.user_id):
            yield f"{at}: the row names another agent"
        if call.agent is not None and call.stage in _HAS_AGENT:
            agent = facts.agents[call.agent.user_id]
            if agent["state"] != "on_call" or agent["call"] != call_id:
                yield f"{at}: its agent {self._name(call.agent.user_id)} is {agent['state']} for {agent['call']}"
        if call.stage is CallStage.WAITING and call_id not in facts.waiting:
            yield f"{at} is in no line"
        has_bridge = ids.bridge(call_id) in self.centre.ari.bridges
        if call.stage is CallStage.WAITING and not call.has_customer and has_bridge:
            yield f"{at} has a bridge, and nobody for it"

    def _customer(self, call: CallState) -> Iterator[str]:
        """Invariant 4: in a bridge with somebody, in line, hearing something, or hung up."""
        if not call.has_customer or call.stage in {CallStage.WRAP_UP, CallStage.DIALLING}:
            return
        leg = self.centre.ari.legs.get(call.customer)
        if leg is None:
            # Found gone by a look: the call waits a moment for the event that says since when.
            if EventKind.CUSTOMER_ENDED not in call.due:
                yield "the customer is gone, and the call does not know"
            return
        members = self.centre.ari.bridges.get(leg.bridge or "", [])
        talks_on = call.stage is CallStage.RETURNING and call.left_at is CallStage.CONFERENCE
        if call.stage in _TALKS or talks_on:
            if len(members) < 2:
                yield f"the customer talks with nobody ({members})"
            elif leg.music:
                yield "the customer hears music in a talk"
        elif leg.bridge is not None:
            yield f"the customer is in a bridge with {members}"
        elif call.stage in _HEARS_MUSIC and not leg.hears_something:
            yield "the customer hears nothing"
        elif call.stage in {CallStage.LEAVING, CallStage.VOICEMAIL} and not self._is_attended(leg):
            yield "the customer hears nothing and is not recorded"

    def _is_attended(self, leg: Leg) -> bool:
        return bool(leg.playing) or leg.id in self.centre.ari.live.values()

    def _own_legs(self, call: CallState, call_id: str) -> Iterator[str]:
        """Invariant 3: every leg is somebody's whom the call knows, and everybody who talks has one."""
        known = set(call.ringing)
        if call.agent is not None:
            known.add(call.agent.attempt)
        if call.guest is not None:
            known.add(call.guest.attempt)
        expected = {ids.agent_leg(call_id, attempt) for attempt in known} | {call.customer}
        for channel, leg in self.centre.ari.legs.items():
            if _call_of(channel) == call_id and leg.listens_to is None and channel not in expected:
                yield f"{channel} is nobody's"
        if call.stage in _HAS_AGENT and call.agent is not None:
            channel = ids.agent_leg(call_id, call.agent.attempt)
            if channel not in self.centre.ari.legs:
                yield "its agent is gone, and the call does not know"
            elif call.stage in _TALKS and self.centre.ari.legs[channel].bridge is None:
                yield "its agent is not in the talk"

    def _strangers(self) -> Iterator[str]:
        for channel in self.centre.ari.legs:
            if _call_of(channel) not in self.centre.runs and ids.dialled_on(channel) not in self.centre.runs:
                yield f"{channel} belongs to no call"


def _call_of(channel: str) -> str:
    return ids.parse_leg(channel).call_id

"""A call is a workflow: one customer's conversation, from the ringing of our line to the end of wrap-up."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from domain.calls.arrival import Arrival
    from domain.calls.call import CallStage, Disposition, EventKind, Party
    from domain.calls.transitions import CallAction, action_for
    from workflows.calls import (
        agent_return,
        customer_leg,
        ending,
        failures,
        guest_return,
        ivr,
        leaving,
        offering,
        probing,
        requests,
        talk,
        third_party,
        updates,
        waiting,
    )
    from workflows.calls.event import CallEvent
    from workflows.calls.kinds.choice import kind_of
    from workflows.calls.signals import SignalHandlers
    from workflows.calls.state import CallState

_PERFORM: dict[CallAction, Callable[[CallState, CallEvent], Awaitable[None]]] = {
    CallAction.SEARCH: offering.search,
    CallAction.CONNECT: offering.connect,
    CallAction.REQUEUE: lambda call, it: call.kind.agent_missed(call, it),
    CallAction.RETRY_LATER: customer_leg.missed,
    CallAction.AWAIT_ANSWER: customer_leg.await_answer,
    CallAction.RELEASE_LEG: offering.release_leg,
    CallAction.ANNOUNCE: ivr.announce,
    CallAction.OFFER_CALLBACK: ivr.offer_callback,
    CallAction.HEAR: ivr.hear,
    CallAction.LEAVE: leaving.leave,
    CallAction.EXIT: ivr.take_exit,
    CallAction.STORE_VOICEMAIL: leaving.store_voicemail,
    CallAction.ABANDON: leaving.abandon,
    CallAction.END_OUTSIDE: leaving.end_outside,
    CallAction.END_BY_CUSTOMER: lambda call, it: ending.finish(call, Disposition.ANSWERED, Party.CUSTOMER, it.cause),
    CallAction.END_BY_AGENT: lambda call, it: ending.finish(call, Disposition.ANSWERED, Party.AGENT, it.cause),
    CallAction.COMPLETE: ending.complete,
    CallAction.HOLD: talk.hold,
    CallAction.RESUME: talk.resume,
    CallAction.REACH: third_party.reach,
    CallAction.JOIN: third_party.join,
    CallAction.BACK: third_party.back,
    CallAction.HAND_OVER: third_party.hand_over,
    CallAction.CONFERENCE: third_party.conference,
    CallAction.LEAVE_RINGING: third_party.leave_ringing,
    CallAction.AWAIT_AGENT: agent_return.await_agent,
    CallAction.AWAIT_GUEST: guest_return.await_guest,
    CallAction.RING_AGAIN: agent_return.ring_again,
    CallAction.REJOIN: agent_return.rejoin,
    CallAction.LOSE_GUEST: agent_return.lose_guest,
    CallAction.ANSWER_ALONE: agent_return.answer_alone,
    CallAction.LET_GO: agent_return.let_go,
    CallAction.MUTE: talk.mute,
    CallAction.PRESS_KEYS: talk.press_keys,
    CallAction.PAUSE_RECORDING: talk.pause_recording,
    CallAction.EXTEND_WRAP_UP: ending.extend_wrap_up,
}


def task_queue(node: str) -> str:
    """The task queue of a node's calls: their steps run beside the Asterisk that has them."""
    return f"node-{node}"


@workflow.defn(name="Call")
class CallWorkflow(SignalHandlers):
    """Takes one event after the other and does what the table in `domain.calls.transitions` says.

    Signals and updates only put events in line. Nothing else changes the state, so no two steps of a call ever run
    at the same time and no lock is needed. Only the file of a call that has ended is stored beside its wrap-up.
    """

    @workflow.init
    def __init__(self, arrival: Arrival) -> None:
        self._state = CallState(arrival, kind_of(arrival))
        self._inbox = self._state.inbox
        self._probe_due = False
        self._at_rest = False

    @workflow.run
    async def run(self, arrival: Arrival) -> None:
        """Lives as long as the call. A call that is cancelled is ended first, as one that cannot go on."""
        try:
            await self._live(arrival)
        except (Exception, asyncio.CancelledError) as error:
            if not is_cancelled_exception(error):
                raise
            await failures.close(self._state, "its workflow was cancelled")
            await self._stored()
            raise
        finally:
            self._state.stage = CallStage.CLOSED
        await self._stored()
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def _stored(self) -> None:
        if self._state.storing is not None:
            await self._state.storing

    async def _live(self, arrival: Arrival) -> None:
        call = self._state
        if arrival.waited is None:
            await self._guarded(None, call.kind.begin(call), CallEvent(EventKind.AGENT_CLAIMED))
        else:
            waiting.go_on(call, arrival.waited)
        while call.stage is not CallStage.CLOSED:
            anew = waiting.of(call)
            if anew is not None and not self._probe_due and workflow.all_handlers_finished():
                workflow.continue_as_new(anew)
            self._at_rest = True
            event = await self._next()
            self._at_rest = False
            event.refusal = requests.refusal(call, event)
            kind = call.meaning(event) if event.refusal is None else None
            action = action_for(call.stage, kind) if kind else None
            call.event_at = event.at
            if action is not None:
                await self._guarded(action, _PERFORM[action](call, event), event)
            event.done = True

    async def _guarded(self, action: CallAction | None, doing: Awaitable[None], event: CallEvent) -> None:
        """Does something; when it cannot be done, the call is brought to where it can go on, or to its end."""
        try:
            await doing
        except Exception as error:
            if is_cancelled_exception(error):
                raise
            await failures.recover(self._state, action, event, error)

    async def _next(self) -> CallEvent:
        """The next event, or the one that the passing of time brings."""
        while True:
            if self._inbox:
                return self._inbox.popleft()
            if self._probe_due:
                # After what is known to have happened: a leg that was being made when all died is known only then.
                self._probe_due = False
                await self._guarded(CallAction.SEARCH, probing.probe(self._state), CallEvent(EventKind.AGENT_CLAIMED))
                if not self._probe_due:
                    self._state.reconnected = None
                continue
            due = self._state.next_due()
            patience = max(due[1] - workflow.now(), timedelta(0)) if due else None
            try:
                await workflow.wait_condition(lambda: bool(self._inbox) or self._probe_due, timeout=patience)
            except TimeoutError:
                # Time may have been extended meanwhile.
                due = self._state.next_due()
                if due and due[1] <= workflow.now():
                    del self._state.due[due[0]]
                    at = self._state.customer_gone_by if due[0] is EventKind.CUSTOMER_ENDED else None
                    return CallEvent(due[0], count=self._state.playing, dial=self._state.dial, at=at)

    # What agents ask for. What no longer fits is refused twice: here, when the call is at rest, and at its turn.

    @workflow.update
    async def decline(self, asked: updates.Asked) -> None:
        """The agent, or the guest, does not want the call that rings."""
        await self._ask(CallEvent(EventKind.AGENT_DECLINED, asked=asked))

    @decline.validator
    def _check_decline(self, asked: updates.Asked) -> None:
        self._check(CallEvent(EventKind.AGENT_DECLINED, asked=asked))

    @workflow.update
    async def hang_up(self, asked: updates.Asked) -> None:
        """The agent ends the talk, gives up calling the customer, or lets the guest go; a guest leaves."""
        await self._ask(CallEvent(EventKind.HANG_UP_REQUESTED, asked=asked))

    @hang_up.validator
    def _check_hang_up(self, asked: updates.Asked) -> None:
        self._check(CallEvent(EventKind.HANG_UP_REQUESTED, asked=asked))

    @workflow.update
    async def hold(self, asked: updates.Asked, held: bool) -> None:
        """The customer is to hear music, or to be talked with again."""
        await self._ask(CallEvent(EventKind.HOLD_REQUESTED if held else EventKind.RESUME_REQUESTED, asked=asked))

    @hold.validator
    def _check_hold(self, asked: updates.Asked, held: bool) -> None:
        self._check(CallEvent(EventKind.HOLD_REQUESTED if held else EventKind.RESUME_REQUESTED, asked=asked))

    @workflow.update
    async def rejoin(self, asked: updates.Asked) -> None:
        """The agent's page was loaded anew, and has lost its part of the call: it is to be rung again."""
        await self._ask(CallEvent(EventKind.REJOIN_REQUESTED, asked=asked))

    @rejoin.validator
    def _check_rejoin(self, asked: updates.Asked) -> None:
        self._check(CallEvent(EventKind.REJOIN_REQUESTED, asked=asked))

    @workflow.update
    async def reach(self, asked: updates.Asked, target: updates.Target) -> None:
        """Somebody else is to be consulted, or to take the call."""
        await self._ask(CallEvent(EventKind.REACH_REQUESTED, asked=asked, target=target))

    @reach.validator
    def _check_reach(self, asked: updates.Asked, target: updates.Target) -> None:
        self._check(CallEvent(EventKind.REACH_REQUESTED, asked=asked, target=target))

    @workflow.update
    async def cancel(self, asked: updates.Asked) -> None:
        """The guest is to go, and the customer to come back."""
        await self._ask(CallEvent(EventKind.CANCEL_REQUESTED, asked=asked))

    @cancel.validator
    def _check_cancel(self, asked: updates.Asked) -> None:
        self._check(CallEvent(EventKind.CANCEL_REQUESTED, asked=asked))

    @workflow.update
    async def hand_over(self, asked: updates.Asked) -> None:
        """The customer is to be the guest's: after a consultation, or by leaving a conference."""
        await self._ask(CallEvent(EventKind.HAND_OVER_REQUESTED, asked=asked))

    @hand_over.validator
    def _check_hand_over(self, asked: updates.Asked) -> None:
        self._check(CallEvent(EventKind.HAND_OVER_REQUESTED, asked=asked))

    @workflow.update
    async def conference(self, asked: updates.Asked) -> None:
        """The customer is to join the consultation."""
        await self._ask(CallEvent(EventKind.CONFERENCE_REQUESTED, asked=asked))

    @conference.validator
    def _check_conference(self, asked: updates.Asked) -> None:
        self._check(CallEvent(EventKind.CONFERENCE_REQUESTED, asked=asked))

    @workflow.update
    async def send_digits(self, asked: updates.Asked, digits: str) -> None:
        """Keys are pressed towards the parties who hear the agent."""
        await self._ask(CallEvent(EventKind.KEYS_REQUESTED, asked=asked, digits=digits))

    @send_digits.validator
    def _check_send_digits(self, asked: updates.Asked, digits: str) -> None:
        self._check(CallEvent(EventKind.KEYS_REQUESTED, asked=asked, digits=digits))

    @workflow.update
    async def pause_recording(self, asked: updates.Asked, paused: bool) -> None:
        """Nothing is to be put on disk until the recording goes on."""
        await self._ask(CallEvent(EventKind.RECORDING_REQUESTED, asked=asked, on=paused))

    @pause_recording.validator
    def _check_pause_recording(self, asked: updates.Asked, paused: bool) -> None:
        self._check(CallEvent(EventKind.RECORDING_REQUESTED, asked=asked, on=paused))

    @workflow.update
    async def complete_wrap_up(self, asked: updates.Asked, wrap_up: updates.WrapUp | None = None) -> None:
        """The agent is ready before the wrap-up time is over."""
        await self._ask(CallEvent(EventKind.WRAP_UP_OVER, asked=asked, code=wrap_up.code if wrap_up else None))

    @complete_wrap_up.validator
    def _check_complete_wrap_up(self, asked: updates.Asked, wrap_up: updates.WrapUp | None = None) -> None:
        self._check(CallEvent(EventKind.WRAP_UP_OVER, asked=asked, code=wrap_up.code if wrap_up else None))

    @workflow.update
    async def extend_wrap_up(self, asked: updates.Asked, seconds: int) -> None:
        """The agent needs more time."""
        await self._ask(CallEvent(EventKind.MORE_TIME_REQUESTED, asked=asked, seconds=seconds))

    @extend_wrap_up.validator
    def _check_extend_wrap_up(self, asked: updates.Asked, seconds: int) -> None:
        self._check(CallEvent(EventKind.MORE_TIME_REQUESTED, asked=asked, seconds=seconds))

    @workflow.update
    async def mute(self, asked: updates.Asked, muted: bool) -> None:
        """The microphone of the agent, or of the guest, is turned off or on."""
        await self._ask(CallEvent(EventKind.MUTE_REQUESTED, asked=asked, on=muted))

    @mute.validator
    def _check_mute(self, asked: updates.Asked, muted: bool) -> None:
        self._check(CallEvent(EventKind.MUTE_REQUESTED, asked=asked, on=muted))

    def _check(self, event: CallEvent) -> None:
        """Refuses what cannot be done, unless something is still under way after which it may be possible."""
        if self._at_rest and not self._inbox:
            failures.refuse(requests.refusal(self._state, event, has_turn=False))

    async def _ask(self, event: CallEvent) -> None:
        self._inbox.append(event)
        await workflow.wait_condition(lambda: event.done or self._state.stage is CallStage.CLOSED)
        failures.refuse(event.refusal if event.done or event.refusal else requests.OVER)

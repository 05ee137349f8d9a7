"""A call is a workflow: one customer's conversation, from the ringing of our line to the end of wrap-up."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from domain.calls.arrival import Arrival
    from domain.calls.call import CallEvent, CallStage, Disposition, Party, Step, step_for
    from workflows.calls import agent_leg, control, failures, guest_return, ivr, messages, requests, updates
    from workflows.calls.event import Happening
    from workflows.calls.failures import REFUSED
    from workflows.calls.state import Course

_PERFORM: dict[Step, Callable[[Course, Happening], Awaitable[None]]] = {
    Step.SEARCH: agent_leg.search,
    Step.CONNECT: agent_leg.connect,
    Step.REQUEUE: agent_leg.requeue,
    Step.RETRY_LATER: agent_leg.retry_later,
    Step.AWAIT_ANSWER: agent_leg.await_answer,
    Step.RELEASE_LEG: agent_leg.release_leg,
    Step.ANNOUNCE: ivr.announce,
    Step.OFFER_CALLBACK: ivr.offer_callback,
    Step.HEAR: ivr.hear,
    Step.LEAVE: ivr.leave,
    Step.EXIT: ivr.take_exit,
    Step.STORE_VOICEMAIL: ivr.store_voicemail,
    Step.ABANDON: ivr.abandon,
    Step.END_OUTSIDE: ivr.end_outside,
    Step.END_BY_CUSTOMER: lambda course, it: course.finish(Disposition.ANSWERED, Party.CUSTOMER, it.cause),
    Step.END_BY_AGENT: lambda course, it: course.finish(Disposition.ANSWERED, Party.AGENT, it.cause),
    Step.COMPLETE: agent_leg.complete,
    Step.HOLD: control.hold,
    Step.RESUME: control.resume,
    Step.REACH: control.reach,
    Step.JOIN: control.join,
    Step.BACK: control.back,
    Step.HAND_OVER: control.hand_over,
    Step.CONFERENCE: control.conference,
    Step.STEP_ASIDE: control.step_aside,
    Step.AWAIT_AGENT: control.await_agent,
    Step.AWAIT_GUEST: guest_return.await_guest,
    Step.RING_AGAIN: control.ring_again,
    Step.REJOIN: control.rejoin,
    Step.LOSE_GUEST: control.lose_guest,
    Step.ANSWER_ALONE: control.answer_alone,
    Step.LET_GO: control.let_go,
    Step.MUTE: agent_leg.mute,
    Step.PRESS_KEYS: agent_leg.press_keys,
    Step.PAUSE_RECORDING: agent_leg.pause_recording,
    Step.EXTEND_WRAP_UP: agent_leg.extend_wrap_up,
}
_MOST_KEYS = 32
"""Keys of the customer that wait for their turn: more than any number has. What is pressed beyond that is lost."""


def task_queue(node: str) -> str:
    """The task queue of a node's calls: their steps run beside the Asterisk that has them."""
    return f"node-{node}"


@workflow.defn(name="Call")
class CallWorkflow:
    """Takes one event after the other and does what the table in `domain.calls.call` says.

    Signals and updates only put events in line. Nothing else changes the state, so no two steps of a call ever run
    at the same time and no lock is needed. Only the file of a call that has ended is stored beside its wrap-up.
    """

    @workflow.init
    def __init__(self, arrival: Arrival) -> None:
        self._course = Course(arrival)
        self._happenings = self._course.happenings
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
            await failures.close(self._course, "its workflow was cancelled")
            await self._stored()
            raise
        finally:
            self._course.stage = CallStage.CLOSED
        await self._stored()
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def _stored(self) -> None:
        if self._course.storing is not None:
            await self._course.storing

    async def _live(self, arrival: Arrival) -> None:
        course = self._course
        await self._guarded(None, ivr.begin(course, arrival), Happening(CallEvent.AGENT_CLAIMED))
        while course.stage is not CallStage.CLOSED:
            self._at_rest = True
            happening = await self._next()
            self._at_rest = False
            happening.refusal = requests.refusal(course, happening)
            event = course.meaning(happening) if happening.refusal is None else None
            step = step_for(course.stage, event) if event else None
            course.event_at = happening.at
            if step is not None:
                await self._guarded(step, _PERFORM[step](course, happening), happening)
            happening.done = True

    async def _guarded(self, step: Step | None, doing: Awaitable[None], happening: Happening) -> None:
        """Does something; when it cannot be done, the call is brought to where it can go on, or to its end."""
        try:
            await doing
        except Exception as error:
            if is_cancelled_exception(error):
                raise
            await failures.recover(self._course, step, happening, error)

    async def _next(self) -> Happening:
        """The next event, or the one that the passing of time brings."""
        while True:
            if self._happenings:
                return self._happenings.popleft()
            if self._probe_due:
                # After what is known to have happened: a leg that was being made when all died is known only then.
                self._probe_due = False
                await self._guarded(Step.SEARCH, agent_leg.probe(self._course), Happening(CallEvent.AGENT_CLAIMED))
                if not self._probe_due:
                    self._course.reconnected = None
                continue
            due = self._course.next_due()
            patience = max(due[1] - workflow.now(), timedelta(0)) if due else None
            try:
                await workflow.wait_condition(lambda: bool(self._happenings) or self._probe_due, timeout=patience)
            except TimeoutError:
                # Time may have been extended meanwhile.
                due = self._course.next_due()
                if due and due[1] <= workflow.now():
                    del self._course.due[due[0]]
                    at = self._course.customer_gone_by if due[0] is CallEvent.CUSTOMER_ENDED else None
                    return Happening(due[0], count=self._course.playing, dial=self._course.dial, at=at)

    # What happens to the call

    @workflow.signal
    def agent_claimed(self) -> None:
        """An agent became free and was claimed for this call."""
        if self._waiting(CallEvent.AGENT_CLAIMED) == 0:
            self._happenings.append(Happening(CallEvent.AGENT_CLAIMED))

    @workflow.signal
    def leg_answered(self, leg: updates.LegAnswered) -> None:
        """An agent's phone was picked up, or that of a customer whom we call."""
        event = CallEvent.AGENT_ANSWERED if leg.attempt else CallEvent.CUSTOMER_ANSWERED
        self._happenings.append(Happening(event, leg.attempt, dial=leg.dial))

    @workflow.signal
    def leg_rings(self, leg: updates.LegRings) -> None:
        """The phone of somebody outside whom we call rings."""
        self._happenings.append(Happening(CallEvent.RINGS, leg.attempt, dial=leg.dial))

    @workflow.signal
    def leg_ended(self, leg: updates.LegEnded) -> None:
        """The customer or an agent is gone."""
        event = CallEvent.AGENT_ENDED if leg.attempt else CallEvent.CUSTOMER_ENDED
        ended = Happening(
            event,
            leg.attempt,
            leg.cause,
            leg.dial,
            at=leg.at,
            lost=leg.lost,
            declined=leg.declined,
            moved=leg.moved,
            failure=leg.failure,
        )
        self._happenings.append(ended)

    @workflow.signal
    def agent_held(self, phone: updates.AgentHeld) -> None:
        """The agent has pressed hold on the desk phone itself, or has taken the call back there."""
        event = CallEvent.HOLD_REQUESTED if phone.held else CallEvent.RESUME_REQUESTED
        self._happenings.append(Happening(event, phone.attempt))

    @workflow.signal
    def digit_pressed(self, pressed: updates.DigitPressed) -> None:
        """The customer pressed a key."""
        if pressed.digit in requests.DIGITS and self._waiting(CallEvent.DIGIT_PRESSED) < _MOST_KEYS:
            self._happenings.append(Happening(CallEvent.DIGIT_PRESSED, digit=pressed.digit))

    @workflow.signal
    def message_played(self, count: int) -> None:
        """What was spoken to the customer has been heard to its end."""
        self._happenings.append(Happening(CallEvent.MESSAGE_PLAYED, count=count))

    @workflow.signal
    def voicemail_recorded(self) -> None:
        """The caller has ended the message by a key, or by its longest time."""
        self._happenings.append(Happening(CallEvent.VOICEMAIL_RECORDED))

    @workflow.signal
    def agent_back(self) -> None:
        """The phone of the agent who was cut off is there again."""
        self._happenings.append(Happening(CallEvent.AGENT_BACK))

    @workflow.signal
    def reconnected(self, told: messages.Reconnected | None = None) -> None:
        """Events may have been lost: see which legs still exist."""
        self._probe_due = True
        self._course.reconnected = told or messages.Reconnected()

    @workflow.query
    def get_wanted_keys(self) -> str:
        """The keys that the customer is asked for now; what else is pressed is not ours to know."""
        return self._course.wanted_keys

    @workflow.query
    def get_view(self) -> updates.CallView:
        """Where the call is."""
        course = self._course
        user_id = course.agent.user_id if course.agent else None
        seen = course.revision_for(user_id) if user_id else ""
        return updates.CallView(course.stage, course.attempts, user_id, seen)

    # What agents ask for. What no longer fits is refused twice: here, when the call is at rest, and at its turn.

    @workflow.update
    async def decline(self, asked: updates.Asked) -> None:
        """The agent, or the guest, does not want the call that rings."""
        await self._ask(Happening(CallEvent.AGENT_DECLINED, asked=asked))

    @decline.validator
    def _check_decline(self, asked: updates.Asked) -> None:
        self._check(Happening(CallEvent.AGENT_DECLINED, asked=asked))

    @workflow.update
    async def hang_up(self, asked: updates.Asked) -> None:
        """The agent ends the talk, gives up calling the customer, or lets the guest go; a guest leaves."""
        await self._ask(Happening(CallEvent.HANG_UP_REQUESTED, asked=asked))

    @hang_up.validator
    def _check_hang_up(self, asked: updates.Asked) -> None:
        self._check(Happening(CallEvent.HANG_UP_REQUESTED, asked=asked))

    @workflow.update
    async def hold(self, asked: updates.Asked, held: bool) -> None:
        """The customer is to hear music, or to be talked with again."""
        await self._ask(Happening(CallEvent.HOLD_REQUESTED if held else CallEvent.RESUME_REQUESTED, asked=asked))

    @hold.validator
    def _check_hold(self, asked: updates.Asked, held: bool) -> None:
        self._check(Happening(CallEvent.HOLD_REQUESTED if held else CallEvent.RESUME_REQUESTED, asked=asked))

    @workflow.update
    async def rejoin(self, asked: updates.Asked) -> None:
        """The agent's page was loaded anew, and has lost its part of the call: it is to be rung again."""
        await self._ask(Happening(CallEvent.REJOIN_REQUESTED, asked=asked))

    @rejoin.validator
    def _check_rejoin(self, asked: updates.Asked) -> None:
        self._check(Happening(CallEvent.REJOIN_REQUESTED, asked=asked))

    @workflow.update
    async def reach(self, asked: updates.Asked, target: updates.Target) -> None:
        """Somebody else is to be consulted, or to take the call."""
        await self._ask(Happening(CallEvent.REACH_REQUESTED, asked=asked, target=target))

    @reach.validator
    def _check_reach(self, asked: updates.Asked, target: updates.Target) -> None:
        self._check(Happening(CallEvent.REACH_REQUESTED, asked=asked, target=target))

    @workflow.update
    async def cancel(self, asked: updates.Asked) -> None:
        """The guest is to go, and the customer to come back."""
        await self._ask(Happening(CallEvent.CANCEL_REQUESTED, asked=asked))

    @cancel.validator
    def _check_cancel(self, asked: updates.Asked) -> None:
        self._check(Happening(CallEvent.CANCEL_REQUESTED, asked=asked))

    @workflow.update
    async def hand_over(self, asked: updates.Asked) -> None:
        """The customer is to be the guest's: after a consultation, or by leaving a conference."""
        await self._ask(Happening(CallEvent.HAND_OVER_REQUESTED, asked=asked))

    @hand_over.validator
    def _check_hand_over(self, asked: updates.Asked) -> None:
        self._check(Happening(CallEvent.HAND_OVER_REQUESTED, asked=asked))

    @workflow.update
    async def conference(self, asked: updates.Asked) -> None:
        """The customer is to join the consultation."""
        await self._ask(Happening(CallEvent.CONFERENCE_REQUESTED, asked=asked))

    @conference.validator
    def _check_conference(self, asked: updates.Asked) -> None:
        self._check(Happening(CallEvent.CONFERENCE_REQUESTED, asked=asked))

    @workflow.update
    async def send_digits(self, asked: updates.Asked, digits: str) -> None:
        """Keys are pressed towards whoever hears the agent."""
        await self._ask(Happening(CallEvent.KEYS_REQUESTED, asked=asked, digits=digits))

    @send_digits.validator
    def _check_send_digits(self, asked: updates.Asked, digits: str) -> None:
        self._check(Happening(CallEvent.KEYS_REQUESTED, asked=asked, digits=digits))

    @workflow.update
    async def pause_recording(self, asked: updates.Asked, paused: bool) -> None:
        """Nothing is to be put on disk until the recording goes on."""
        await self._ask(Happening(CallEvent.RECORDING_REQUESTED, asked=asked, on=paused))

    @pause_recording.validator
    def _check_pause_recording(self, asked: updates.Asked, paused: bool) -> None:
        self._check(Happening(CallEvent.RECORDING_REQUESTED, asked=asked, on=paused))

    @workflow.update
    async def complete_wrap_up(self, asked: updates.Asked, wrap_up: updates.WrapUp | None = None) -> None:
        """The agent is ready before the wrap-up time is over."""
        await self._ask(Happening(CallEvent.WRAP_UP_OVER, asked=asked, code=wrap_up.code if wrap_up else None))

    @complete_wrap_up.validator
    def _check_complete_wrap_up(self, asked: updates.Asked, wrap_up: updates.WrapUp | None = None) -> None:
        self._check(Happening(CallEvent.WRAP_UP_OVER, asked=asked, code=wrap_up.code if wrap_up else None))

    @workflow.update
    async def extend_wrap_up(self, asked: updates.Asked, seconds: int) -> None:
        """The agent needs more time."""
        await self._ask(Happening(CallEvent.MORE_TIME_REQUESTED, asked=asked, seconds=seconds))

    @extend_wrap_up.validator
    def _check_extend_wrap_up(self, asked: updates.Asked, seconds: int) -> None:
        self._check(Happening(CallEvent.MORE_TIME_REQUESTED, asked=asked, seconds=seconds))

    @workflow.update
    async def mute(self, asked: updates.Asked, muted: bool) -> None:
        """The microphone of the agent, or of the guest, is turned off or on."""
        await self._ask(Happening(CallEvent.MUTE_REQUESTED, asked=asked, on=muted))

    @mute.validator
    def _check_mute(self, asked: updates.Asked, muted: bool) -> None:
        self._check(Happening(CallEvent.MUTE_REQUESTED, asked=asked, on=muted))

    def _waiting(self, event: CallEvent) -> int:
        """How many events of a kind wait for their turn."""
        return sum(happening.event is event for happening in self._happenings)

    def _check(self, happening: Happening) -> None:
        """Refuses what cannot be done, unless something is still under way after which it may be possible."""
        if self._at_rest and not self._happenings:
            _refuse(requests.refusal(self._course, happening))

    async def _ask(self, happening: Happening) -> None:
        self._happenings.append(happening)
        await workflow.wait_condition(lambda: happening.done or self._course.stage is CallStage.CLOSED)
        _refuse(happening.refusal if happening.done or happening.refusal else requests.OVER)


def _refuse(reason: str | None) -> None:
    """Raises ApplicationError with a reason why something is not done."""
    if reason is not None:
        raise ApplicationError(reason, type=REFUSED, non_retryable=True)

"""A call is a workflow: one customer's conversation, from the ringing of our line to the end of wrap-up."""

from collections.abc import Awaitable, Callable
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain.arrival import Arrival
    from domain.call import CallEvent, CallStage, Disposition, Party, Step, step_for
    from workflows import control, messages, steps, talk, voice
    from workflows.course import Course
    from workflows.happening import Happening

_DIGITS = "0123456789*#"
_WITH_CUSTOMER = frozenset({CallStage.CONNECTED, CallStage.HELD})
_WITH_GUEST = frozenset({CallStage.REACHING, CallStage.CONSULTING, CallStage.CONFERENCE})
_HEARD_BY_CUSTOMER = frozenset({CallStage.CONNECTED, CallStage.CONFERENCE})
_ENDABLE = _WITH_CUSTOMER | _WITH_GUEST | {CallStage.DIALLING, CallStage.RETURNING}
_PERFORM: dict[Step, Callable[[Course, Happening], Awaitable[None]]] = {
    Step.SEARCH: talk.search,
    Step.CONNECT: talk.connect,
    Step.REQUEUE: talk.requeue,
    Step.RETRY_LATER: talk.retry_later,
    Step.RELEASE_LEG: talk.release_leg,
    Step.ANNOUNCE: voice.announce,
    Step.OFFER_CALLBACK: voice.offer_callback,
    Step.HEAR: voice.hear,
    Step.LEAVE: voice.leave,
    Step.EXIT: voice.take_exit,
    Step.STORE_VOICEMAIL: voice.store_voicemail,
    Step.ABANDON: voice.abandon,
    Step.END_OUTSIDE: voice.end_outside,
    Step.END_BY_CUSTOMER: lambda course, it: course.finish(Disposition.ANSWERED, Party.CUSTOMER, it.cause),
    Step.END_BY_AGENT: lambda course, it: course.finish(Disposition.ANSWERED, Party.AGENT, it.cause),
    Step.COMPLETE: talk.complete,
    Step.HOLD: control.hold,
    Step.RESUME: control.resume,
    Step.REACH: control.reach,
    Step.JOIN: control.join,
    Step.BACK: control.back,
    Step.HAND_OVER: control.hand_over,
    Step.CONFERENCE: control.conference,
    Step.STEP_ASIDE: control.step_aside,
    Step.AWAIT_AGENT: control.await_agent,
    Step.RING_AGAIN: control.ring_again,
    Step.REJOIN: control.rejoin,
    Step.LET_GO: control.let_go,
}


def task_queue(node: str) -> str:
    """The task queue of a node's calls: their steps run beside the Asterisk that has them."""
    return f"node-{node}"


@workflow.defn(name="Call")
class CallWorkflow:
    """Takes one event after the other and does what the table in `domain.call` says.

    Signals and updates only put events in line. Nothing else changes the state, so no two steps of a call ever run
    at the same time and no lock is needed.
    """

    @workflow.init
    def __init__(self, arrival: Arrival) -> None:
        self._course = Course(arrival)
        self._happenings = self._course.happenings
        self._probe_due = False

    @workflow.run
    async def run(self, arrival: Arrival) -> None:
        """Lives as long as the call."""
        course = self._course
        await voice.admitted(course, await steps.ADMIT(arrival))
        while course.stage is not CallStage.CLOSED:
            happening = await self._next()
            event = course.meaning(happening)
            step = step_for(course.stage, event) if event else None
            course.event_at = happening.at
            if step is not None:
                await _PERFORM[step](course, happening)
            happening.done = True
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def _next(self) -> Happening:
        """The next event, or the one that the passing of time brings."""
        while True:
            if self._happenings:
                return self._happenings.popleft()
            if self._probe_due:
                # After what is known to have happened: a leg that was being made when all died is known only then.
                self._probe_due = False
                await talk.probe(self._course)
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
                    return Happening(due[0], count=self._course.playing)

    # What happens to the call

    @workflow.signal
    def agent_claimed(self) -> None:
        """An agent became free and was claimed for this call."""
        self._happenings.append(Happening(CallEvent.AGENT_CLAIMED))

    @workflow.signal
    def leg_answered(self, leg: messages.LegAnswered) -> None:
        """An agent's phone was picked up, or that of a customer whom we call."""
        event = CallEvent.AGENT_ANSWERED if leg.attempt else CallEvent.CUSTOMER_ANSWERED
        self._happenings.append(Happening(event, leg.attempt, dial=leg.dial))

    @workflow.signal
    def leg_ended(self, leg: messages.LegEnded) -> None:
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
    def agent_held(self, phone: messages.AgentHeld) -> None:
        """The agent has pressed hold on the desk phone itself, or has taken the call back there."""
        event = CallEvent.HOLD_REQUESTED if phone.held else CallEvent.RESUME_REQUESTED
        self._happenings.append(Happening(event, phone.attempt))

    @workflow.signal
    def digit_pressed(self, pressed: messages.DigitPressed) -> None:
        """The customer pressed a key."""
        if len(pressed.digit) == 1 and pressed.digit in _DIGITS:
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
    def reconnected(self, until: datetime | None = None) -> None:
        """Events may have been lost: see which legs still exist. Those that do not had until then to end."""
        self._probe_due = True
        self._course.gone_at = until

    @workflow.query
    def get_wanted_keys(self) -> str:
        """The keys that the customer is asked for now; what else is pressed is not ours to know."""
        return self._course.wanted_keys

    @workflow.query
    def get_view(self) -> messages.CallView:
        """Where the call is."""
        course = self._course
        return messages.CallView(course.stage, course.attempts, course.agent.user_id if course.agent else None)

    # What the agent asks for

    @workflow.update
    async def decline(self, by: UUID | None = None) -> None:
        """The agent does not want the call that rings."""
        await self._ask(Happening(CallEvent.AGENT_DECLINED, self._attempt_of(by)))

    @decline.validator
    def _may_decline(self, by: UUID | None = None) -> None:
        if self._course.stage is not CallStage.REACHING:
            self._require(CallStage.OFFERED, "The call is no longer ringing.")
        if self._attempt_of(by) == 0:
            raise _refused("The call is no longer ringing at this agent.")

    @workflow.update
    async def hang_up(self, by: UUID | None = None) -> None:
        """The agent ends the talk, or gives up calling the customer; a guest leaves."""
        guest = self._course.guest
        if guest is not None and by is not None and guest.target.user_id == by:
            await self._ask(Happening(CallEvent.GUEST_ENDED))
        else:
            await self._ask(Happening(CallEvent.HANG_UP_REQUESTED))

    @hang_up.validator
    def _may_hang_up(self, by: UUID | None = None) -> None:  # noqa: ARG002 - Temporal calls validators like handlers
        endable = _ENDABLE | {CallStage.OFFERED} if self._course.by_hand else _ENDABLE
        self._require_one_of(endable, "The call is not connected.")

    @workflow.update
    async def hold(self, held: bool) -> None:
        """The customer is to hear music, or to be talked with again."""
        await self._ask(Happening(CallEvent.HOLD_REQUESTED if held else CallEvent.RESUME_REQUESTED))

    @hold.validator
    def _may_hold(self, held: bool) -> None:
        if held:
            self._require(CallStage.CONNECTED, "Only a call that is connected can be held.")
        else:
            self._require(CallStage.HELD, "The call is not on hold.")

    @workflow.update
    async def rejoin(self) -> None:
        """The agent's page was loaded anew, and has lost its part of the call: it is to be rung again."""
        returning = self._course.stage is CallStage.RETURNING
        await self._ask(Happening(CallEvent.AGENT_BACK if returning else CallEvent.AGENT_LOST))

    @rejoin.validator
    def _may_rejoin(self) -> None:
        self._require_one_of(_WITH_CUSTOMER | {CallStage.RETURNING}, "There is nothing to come back to.")

    @workflow.update
    async def reach(self, target: messages.Target) -> None:
        """Somebody else is to be consulted, or to take the call."""
        await self._ask(Happening(CallEvent.REACH_REQUESTED, target=target))

    @reach.validator
    def _may_reach(self, target: messages.Target) -> None:
        self._require_one_of(_WITH_CUSTOMER, "Somebody else can be called while you talk with the customer only.")
        if (target.user_id is None) is (target.number is None):
            raise _refused("Say whom to call: a colleague, or a number.")
        agent = self._course.agent
        if agent is not None and agent.user_id is not None and agent.user_id == target.user_id:
            raise _refused("That is you. Choose somebody else.")

    @workflow.update
    async def cancel(self) -> None:
        """The guest is to go, and the customer to come back."""
        await self._ask(Happening(CallEvent.CANCEL_REQUESTED))

    @cancel.validator
    def _may_cancel(self) -> None:
        self._require_one_of(_WITH_GUEST, "Nobody else is in this call.")

    @workflow.update
    async def hand_over(self) -> None:
        """The customer is to be the guest's: after a consultation, or by leaving a conference."""
        await self._ask(Happening(CallEvent.HAND_OVER_REQUESTED))

    @hand_over.validator
    def _may_hand_over(self) -> None:
        self._require_one_of(_WITH_GUEST - {CallStage.REACHING}, "Nobody has answered yet who could take the call.")

    @workflow.update
    async def conference(self) -> None:
        """The customer is to join the consultation."""
        await self._ask(Happening(CallEvent.CONFERENCE_REQUESTED))

    @conference.validator
    def _may_confer(self) -> None:
        self._require(CallStage.CONSULTING, "A conference begins with a consultation.")

    @workflow.update
    async def send_digits(self, digits: str) -> None:
        """Keys are pressed towards the customer."""
        await steps.SEND_DIGITS(messages.SendDigits(self._course.call_id, self._course.customer, digits))

    @send_digits.validator
    def _may_send_digits(self, digits: str) -> None:
        self._require_one_of(_HEARD_BY_CUSTOMER, "The customer does not hear you just now.")
        if not digits or not set(digits) <= set(_DIGITS):
            raise _refused("Keys are digits, * and #.")

    @workflow.update
    async def pause_recording(self, paused: bool) -> None:
        """Nothing is to be put on disk until the recording goes on."""
        await steps.PAUSE_RECORDING(messages.PauseRecording(self._course.call_id, paused))

    @pause_recording.validator
    def _may_pause_recording(self, paused: bool) -> None:  # noqa: ARG002 - Temporal calls validators like handlers
        self._require_one_of(_WITH_CUSTOMER | _WITH_GUEST, "The call is not connected.")
        if not self._course.recorded:
            raise _refused("This call is not recorded.")

    @workflow.update
    async def complete_wrap_up(self, wrap_up: messages.WrapUp | None = None) -> None:
        """The agent is ready before the wrap-up time is over."""
        await self._ask(Happening(CallEvent.WRAP_UP_OVER, code=wrap_up.code if wrap_up else None))

    @complete_wrap_up.validator
    def _may_complete_wrap_up(self, wrap_up: messages.WrapUp | None = None) -> None:
        self._require(CallStage.WRAP_UP, "The call is not in wrap-up.")
        queue = self._course.queue
        if queue is not None and queue.wrap_up_code_required and not (wrap_up and wrap_up.code):
            raise _refused("This queue wants a wrap-up code: choose one first.")

    @workflow.update
    async def extend_wrap_up(self, seconds: int) -> None:
        """The agent needs more time."""
        await talk.extend_wrap_up(self._course, seconds)

    @extend_wrap_up.validator
    def _may_extend_wrap_up(self, seconds: int) -> None:
        self._require(CallStage.WRAP_UP, "The call is not in wrap-up.")
        if seconds <= 0:
            raise _refused("More time is more than 0 seconds.")

    @workflow.update
    async def mute(self, muted: bool, by: UUID | None = None) -> None:
        """The microphone of the agent, or of the guest, is turned off or on."""
        agent, guest = self._course.agent, self._course.guest
        is_guest = guest is not None and by is not None and guest.target.user_id == by
        leg = guest if is_guest else agent
        assert leg is not None
        await steps.SET_MUTE(messages.SetMute(self._course.call_id, leg.attempt, muted, is_guest))

    @mute.validator
    def _may_mute(self, muted: bool, by: UUID | None = None) -> None:  # noqa: ARG002 - as Temporal calls validators
        self._require_one_of(_WITH_CUSTOMER | _WITH_GUEST, "The call is not connected.")

    def _attempt_of(self, user_id: UUID | None) -> int:
        """The leg that rings a user, or the first that rings at all; 0 when there is none."""
        guest, ringing = self._course.guest, self._course.ringing
        if guest is not None:
            return guest.attempt if guest.target.user_id == user_id else 0
        return next((attempt for attempt, offer in ringing.items() if user_id in {None, offer.user_id}), 0)

    def _require(self, stage: CallStage, otherwise: str) -> None:
        self._require_one_of({stage}, otherwise)

    def _require_one_of(self, stages: AbstractSet[CallStage], otherwise: str) -> None:
        if self._course.stage not in stages:
            raise _refused(otherwise)

    async def _ask(self, happening: Happening) -> None:
        self._happenings.append(happening)
        await workflow.wait_condition(lambda: happening.done or self._course.stage is CallStage.CLOSED)
        if happening.refusal is not None:
            raise _refused(happening.refusal)


def _refused(reason: str) -> ApplicationError:
    return ApplicationError(reason, type="Refused", non_retryable=True)

"""What a call is told while it lives, and what can be read of it."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.calls.call import EventKind
    from domain.phones.keys import KEYS
    from workflows.calls import updates
    from workflows.calls.event import CallEvent
    from workflows.calls.state import CallState

_MOST_KEYS = 32
"""Keys of the customer that wait for their turn: more than any number has. What is pressed beyond that is lost."""


class SignalHandlers:
    """The signals and queries of a call's workflow. A signal only puts an event in line; the loop deals with it."""

    _state: CallState
    _probe_due: bool

    @workflow.signal
    def agent_claimed(self) -> None:
        """An agent became free and was claimed for this call."""
        if self._waiting(EventKind.AGENT_CLAIMED) == 0:
            self._state.inbox.append(CallEvent(EventKind.AGENT_CLAIMED))

    @workflow.signal
    def leg_answered(self, leg: updates.LegAnswered) -> None:
        """An agent's phone was picked up, or that of a customer whom we call."""
        kind = EventKind.AGENT_ANSWERED if leg.attempt else EventKind.CUSTOMER_ANSWERED
        self._state.inbox.append(CallEvent(kind, leg.attempt, dial=leg.dial))

    @workflow.signal
    def leg_rings(self, leg: updates.LegRings) -> None:
        """The phone of somebody outside whom we call rings."""
        self._state.inbox.append(CallEvent(EventKind.RINGS, leg.attempt, dial=leg.dial))

    @workflow.signal
    def leg_ended(self, leg: updates.LegEnded) -> None:
        """The customer or an agent is gone."""
        kind = EventKind.AGENT_ENDED if leg.attempt else EventKind.CUSTOMER_ENDED
        ended = CallEvent(
            kind,
            leg.attempt,
            leg.cause,
            leg.dial,
            at=leg.at,
            lost=leg.lost,
            declined=leg.declined,
            moved=leg.moved,
            failure=leg.failure,
        )
        self._state.inbox.append(ended)

    @workflow.signal
    def agent_held(self, phone: updates.AgentHeld) -> None:
        """The agent has pressed hold on the desk phone itself, or has taken the call back there."""
        kind = EventKind.HOLD_REQUESTED if phone.held else EventKind.RESUME_REQUESTED
        self._state.inbox.append(CallEvent(kind, phone.attempt))

    @workflow.signal
    def digit_pressed(self, pressed: updates.DigitPressed) -> None:
        """The customer pressed a key."""
        if pressed.digit in KEYS and self._waiting(EventKind.DIGIT_PRESSED) < _MOST_KEYS:
            self._state.inbox.append(CallEvent(EventKind.DIGIT_PRESSED, digit=pressed.digit))

    @workflow.signal
    def message_played(self, count: int) -> None:
        """What was spoken to the customer has been heard to its end."""
        self._state.inbox.append(CallEvent(EventKind.MESSAGE_PLAYED, count=count))

    @workflow.signal
    def voicemail_recorded(self) -> None:
        """The caller has ended the message by a key, or by its longest time."""
        self._state.inbox.append(CallEvent(EventKind.VOICEMAIL_RECORDED))

    @workflow.signal
    def agent_back(self) -> None:
        """The phone of the agent who was cut off is there again."""
        self._state.inbox.append(CallEvent(EventKind.AGENT_BACK))

    @workflow.signal
    def reconnected(self, told: updates.Reconnected | None = None) -> None:
        """Events may have been lost: see which legs still exist."""
        self._probe_due = True
        self._state.reconnected = told or updates.Reconnected()

    @workflow.query
    def get_wanted_keys(self) -> str:
        """The keys that the customer is asked for now; what else is pressed is not ours to know."""
        return self._state.wanted_keys

    @workflow.query
    def get_view(self) -> updates.CallView:
        """Where the call is."""
        call = self._state
        user_id = call.agent.user_id if call.agent else None
        seen = call.revision_for(user_id) if user_id else ""
        return updates.CallView(call.stage, call.attempts, user_id, seen)

    def _waiting(self, kind: EventKind) -> int:
        """How many events of a kind wait for their turn."""
        return sum(event.kind is kind for event in self._state.inbox)

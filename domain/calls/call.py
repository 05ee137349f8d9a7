"""The life of a call that waits in a queue, as a table: what each event means at each stage."""

from enum import StrEnum


class CallType(StrEnum):
    """How a call came about."""

    INBOUND = "inbound"
    AUTO = "auto"
    MANUAL = "manual"

    @property
    def direction(self) -> "Direction":
        """Who has called whom."""
        return Direction.INBOUND if self is CallType.INBOUND else Direction.OUTBOUND


class Direction(StrEnum):
    """Whether the customer has called us, or we the customer."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Disposition(StrEnum):
    """How the system saw a call end."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    UNANSWERED = "unanswered"
    BUSY = "busy"
    FAILED = "failed"


class Party(StrEnum):
    """Who ended a call."""

    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"


class Involvement(StrEnum):
    """What an agent had to do with a call that is over."""

    OWN = "own"
    """It was this agent's to the end."""
    PASSED_ON = "passed_on"
    """The agent talked, and left it to others."""
    BROUGHT_IN = "brought_in"
    """Another agent asked this one to join."""
    MISSED = "missed"
    """It rang this agent, and the agent did not answer."""


class Counted(StrEnum):
    """How a call counts in an agent's rate."""

    ANSWERED = "answered"
    NOT_ANSWERED = "not_answered"


class RecordingState(StrEnum):
    """What became of the recording of a talk."""

    STORED = "stored"
    SHORT = "short"
    """Some of the talk is missing, as when the disk was full or Asterisk stood still."""
    FAILED = "failed"
    """There is no sound at all."""
    REMOVED = "removed"
    """It was kept for as long as recordings are to be kept, and is gone."""


class Purpose(StrEnum):
    """Why an agent brings somebody else into a call."""

    CONSULT = "consult"
    """To ask first; the customer waits meanwhile."""
    TRANSFER = "transfer"
    """To hand the customer over as soon as there is an answer."""


class CallRole(StrEnum):
    """What somebody is to a call."""

    CUSTOMER = "customer"
    AGENT = "agent"
    THIRD_PARTY = "third_party"
    """A user or a number outside whom the agent brings in."""
    LISTENER = "listener"
    """A supervisor whom nobody hears."""
    WHISPERER = "whisperer"
    """A supervisor whom only the agent hears."""
    BARGER = "barger"
    """A supervisor whom all hear."""


class GuestOutcome(StrEnum):
    """What became of a third party who is in the call no more."""

    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    NOT_REACHED = "not_reached"
    LEFT = "left"
    """Answered, and went."""
    CANCELLED = "cancelled"
    """The agent let the third party go."""
    JOINED = "joined"
    """The customer is the third party's."""


class CallStage(StrEnum):
    """Where a call is in its life."""

    ARRIVING = "arriving"
    ASKING = "asking"
    """A dialog by keys: a menu, or the offer of a callback."""
    WAITING = "waiting"
    OFFERED = "offered"
    DIALLING = "dialling"
    """An agent is there, and the customer is being called."""
    CONNECTED = "connected"
    HELD = "held"
    """The customer hears music, the agent is there."""
    REACHING = "reaching"
    """The customer hears music while a third party, the guest, is rung."""
    CONSULTING = "consulting"
    """Agent and guest talk, the customer hears music."""
    CONFERENCE = "conference"
    """Customer, agent and guest talk."""
    RETURNING = "returning"
    """The agent was cut off: the customer hears music until the agent is back."""
    LEAVING = "leaving"
    """The caller hears why the queue does not serve the call."""
    VOICEMAIL = "voicemail"
    WRAP_UP = "wrap_up"
    CLOSED = "closed"


class EventKind(StrEnum):
    """What can happen to a call; the names of agents' events mean an agent who is rung, or who talks."""

    AGENT_CLAIMED = "agent_claimed"
    AGENT_ANSWERED = "agent_answered"
    AGENT_ENDED = "agent_ended"
    AGENT_DECLINED = "agent_declined"
    RING_TIMED_OUT = "ring_timed_out"
    STALE_LEG_ANSWERED = "stale_leg_answered"
    CUSTOMER_ANSWERED = "customer_answered"
    CUSTOMER_ENDED = "customer_ended"
    DIAL_TIMED_OUT = "dial_timed_out"
    RINGS = "rings"
    """The phone of somebody outside whom we call rings, or its carrier lets us hear something."""
    DIGIT_PRESSED = "digit_pressed"
    SILENCE = "silence"
    MESSAGE_PLAYED = "message_played"
    VOICEMAIL_RECORDED = "voicemail_recorded"
    HANG_UP_REQUESTED = "hang_up_requested"
    HOLD_REQUESTED = "hold_requested"
    RESUME_REQUESTED = "resume_requested"
    REACH_REQUESTED = "reach_requested"
    GUEST_ANSWERED = "guest_answered"
    GUEST_ENDED = "guest_ended"
    GUEST_LOST = "guest_lost"
    """A guest who talked is gone without having hung up; or the phone of one who was cut off is there again."""
    REACH_TIMED_OUT = "reach_timed_out"
    CANCEL_REQUESTED = "cancel_requested"
    HAND_OVER_REQUESTED = "hand_over_requested"
    CONFERENCE_REQUESTED = "conference_requested"
    REJOIN_REQUESTED = "rejoin_requested"
    MUTE_REQUESTED = "mute_requested"
    KEYS_REQUESTED = "keys_requested"
    RECORDING_REQUESTED = "recording_requested"
    MORE_TIME_REQUESTED = "more_time_requested"
    AGENT_LOST = "agent_lost"
    """An agent is gone who has not hung up: a closed page, a lost network."""
    AGENT_BACK = "agent_back"
    RETURN_OVER = "return_over"
    SEARCH_DUE = "search_due"
    ANNOUNCEMENT_DUE = "announcement_due"
    WAIT_OVER = "wait_over"
    WRAP_UP_OVER = "wrap_up_over"


class CallAction(StrEnum):
    """What the call does about an event. It is not one step: an action may need none, or several."""

    SEARCH = "search"
    CONNECT = "connect"
    REQUEUE = "requeue"
    RETRY_LATER = "retry_later"
    AWAIT_ANSWER = "await_answer"
    RELEASE_LEG = "release_leg"
    HOLD = "hold"
    RESUME = "resume"
    REACH = "reach"
    JOIN = "join"
    BACK = "back"
    HAND_OVER = "hand_over"
    CONFERENCE = "conference"
    LEAVE_RINGING = "leave_ringing"
    """The agent leaves while the third party is rung: the phone rings on for the customer."""
    AWAIT_AGENT = "await_agent"
    AWAIT_GUEST = "await_guest"
    RING_AGAIN = "ring_again"
    REJOIN = "rejoin"
    LOSE_GUEST = "lose_guest"
    ANSWER_ALONE = "answer_alone"
    LET_GO = "let_go"
    MUTE = "mute"
    PRESS_KEYS = "press_keys"
    PAUSE_RECORDING = "pause_recording"
    EXTEND_WRAP_UP = "extend_wrap_up"
    ANNOUNCE = "announce"
    OFFER_CALLBACK = "offer_callback"
    HEAR = "hear"
    LEAVE = "leave"
    EXIT = "exit"
    STORE_VOICEMAIL = "store_voicemail"
    ABANDON = "abandon"
    END_OUTSIDE = "end_outside"
    END_BY_CUSTOMER = "end_by_customer"
    END_BY_AGENT = "end_by_agent"
    COMPLETE = "complete"


TALKS = frozenset({CallStage.CONNECTED, CallStage.HELD, CallStage.REACHING, CallStage.CONSULTING, CallStage.CONFERENCE})
"""Where a call has an agent who is there."""

HEARD = frozenset({CallStage.CONNECTED, CallStage.CONSULTING, CallStage.CONFERENCE})
"""Where somebody hears the agent."""

TRANSITIONS: dict[tuple[CallStage, EventKind], CallAction] = {
    (CallStage.ASKING, EventKind.DIGIT_PRESSED): CallAction.HEAR,
    (CallStage.ASKING, EventKind.SILENCE): CallAction.HEAR,
    (CallStage.ASKING, EventKind.CUSTOMER_ENDED): CallAction.ABANDON,
    (CallStage.ASKING, EventKind.STALE_LEG_ANSWERED): CallAction.RELEASE_LEG,
    (CallStage.WAITING, EventKind.AGENT_CLAIMED): CallAction.SEARCH,
    (CallStage.WAITING, EventKind.SEARCH_DUE): CallAction.SEARCH,
    (CallStage.WAITING, EventKind.ANNOUNCEMENT_DUE): CallAction.ANNOUNCE,
    (CallStage.WAITING, EventKind.DIGIT_PRESSED): CallAction.OFFER_CALLBACK,
    (CallStage.WAITING, EventKind.WAIT_OVER): CallAction.LEAVE,
    (CallStage.WAITING, EventKind.CUSTOMER_ENDED): CallAction.ABANDON,
    (CallStage.WAITING, EventKind.STALE_LEG_ANSWERED): CallAction.RELEASE_LEG,
    (CallStage.OFFERED, EventKind.AGENT_ANSWERED): CallAction.CONNECT,
    (CallStage.OFFERED, EventKind.AGENT_ENDED): CallAction.REQUEUE,
    (CallStage.OFFERED, EventKind.AGENT_DECLINED): CallAction.REQUEUE,
    (CallStage.OFFERED, EventKind.RING_TIMED_OUT): CallAction.REQUEUE,
    (CallStage.OFFERED, EventKind.CUSTOMER_ENDED): CallAction.ABANDON,
    # The ways out of the line work until somebody has answered, also while a phone rings.
    (CallStage.OFFERED, EventKind.WAIT_OVER): CallAction.LEAVE,
    (CallStage.OFFERED, EventKind.DIGIT_PRESSED): CallAction.OFFER_CALLBACK,
    # A manual call: the agent's own phone rings first, and the agent hangs up.
    (CallStage.OFFERED, EventKind.HANG_UP_REQUESTED): CallAction.REQUEUE,
    (CallStage.OFFERED, EventKind.STALE_LEG_ANSWERED): CallAction.RELEASE_LEG,
    (CallStage.DIALLING, EventKind.CUSTOMER_ANSWERED): CallAction.CONNECT,
    (CallStage.DIALLING, EventKind.RINGS): CallAction.AWAIT_ANSWER,
    (CallStage.DIALLING, EventKind.CUSTOMER_ENDED): CallAction.RETRY_LATER,
    (CallStage.DIALLING, EventKind.AGENT_ENDED): CallAction.RETRY_LATER,
    (CallStage.DIALLING, EventKind.AGENT_LOST): CallAction.RETRY_LATER,
    (CallStage.DIALLING, EventKind.HANG_UP_REQUESTED): CallAction.RETRY_LATER,
    (CallStage.DIALLING, EventKind.DIAL_TIMED_OUT): CallAction.RETRY_LATER,
    (CallStage.DIALLING, EventKind.STALE_LEG_ANSWERED): CallAction.RELEASE_LEG,
    (CallStage.CONNECTED, EventKind.CUSTOMER_ENDED): CallAction.END_BY_CUSTOMER,
    (CallStage.CONNECTED, EventKind.AGENT_ENDED): CallAction.END_BY_AGENT,
    (CallStage.CONNECTED, EventKind.HANG_UP_REQUESTED): CallAction.END_BY_AGENT,
    (CallStage.CONNECTED, EventKind.STALE_LEG_ANSWERED): CallAction.RELEASE_LEG,
    (CallStage.CONNECTED, EventKind.HOLD_REQUESTED): CallAction.HOLD,
    (CallStage.CONNECTED, EventKind.REACH_REQUESTED): CallAction.REACH,
    (CallStage.CONNECTED, EventKind.AGENT_LOST): CallAction.AWAIT_AGENT,
    # Somebody outside to whom the call was handed over.
    (CallStage.CONNECTED, EventKind.GUEST_ENDED): CallAction.END_BY_AGENT,
    (CallStage.HELD, EventKind.RESUME_REQUESTED): CallAction.RESUME,
    (CallStage.HELD, EventKind.REACH_REQUESTED): CallAction.REACH,
    (CallStage.HELD, EventKind.CUSTOMER_ENDED): CallAction.END_BY_CUSTOMER,
    (CallStage.HELD, EventKind.AGENT_ENDED): CallAction.END_BY_AGENT,
    (CallStage.HELD, EventKind.HANG_UP_REQUESTED): CallAction.END_BY_AGENT,
    (CallStage.HELD, EventKind.AGENT_LOST): CallAction.AWAIT_AGENT,
    (CallStage.HELD, EventKind.STALE_LEG_ANSWERED): CallAction.RELEASE_LEG,
    (CallStage.REACHING, EventKind.GUEST_ANSWERED): CallAction.JOIN,
    (CallStage.REACHING, EventKind.RINGS): CallAction.AWAIT_ANSWER,
    (CallStage.REACHING, EventKind.GUEST_ENDED): CallAction.BACK,
    # One who was consulted and cut off is rung again.
    (CallStage.REACHING, EventKind.GUEST_LOST): CallAction.AWAIT_GUEST,
    (CallStage.REACHING, EventKind.REACH_TIMED_OUT): CallAction.BACK,
    (CallStage.REACHING, EventKind.CANCEL_REQUESTED): CallAction.BACK,
    (CallStage.REACHING, EventKind.HANG_UP_REQUESTED): CallAction.BACK,
    (CallStage.REACHING, EventKind.AGENT_ENDED): CallAction.LEAVE_RINGING,
    (CallStage.REACHING, EventKind.AGENT_LOST): CallAction.AWAIT_AGENT,
    (CallStage.REACHING, EventKind.CUSTOMER_ENDED): CallAction.END_BY_CUSTOMER,
    (CallStage.REACHING, EventKind.STALE_LEG_ANSWERED): CallAction.RELEASE_LEG,
    (CallStage.CONSULTING, EventKind.HAND_OVER_REQUESTED): CallAction.HAND_OVER,
    (CallStage.CONSULTING, EventKind.CONFERENCE_REQUESTED): CallAction.CONFERENCE,
    (CallStage.CONSULTING, EventKind.CANCEL_REQUESTED): CallAction.BACK,
    (CallStage.CONSULTING, EventKind.HANG_UP_REQUESTED): CallAction.BACK,
    (CallStage.CONSULTING, EventKind.GUEST_ENDED): CallAction.BACK,
    (CallStage.CONSULTING, EventKind.GUEST_LOST): CallAction.AWAIT_GUEST,
    (CallStage.CONSULTING, EventKind.AGENT_ENDED): CallAction.HAND_OVER,
    (CallStage.CONSULTING, EventKind.AGENT_LOST): CallAction.AWAIT_AGENT,
    (CallStage.CONSULTING, EventKind.CUSTOMER_ENDED): CallAction.END_BY_CUSTOMER,
    (CallStage.CONSULTING, EventKind.STALE_LEG_ANSWERED): CallAction.RELEASE_LEG,
    (CallStage.CONFERENCE, EventKind.HAND_OVER_REQUESTED): CallAction.HAND_OVER,
    (CallStage.CONFERENCE, EventKind.CANCEL_REQUESTED): CallAction.BACK,
    (CallStage.CONFERENCE, EventKind.GUEST_ENDED): CallAction.BACK,
    (CallStage.CONFERENCE, EventKind.GUEST_LOST): CallAction.AWAIT_GUEST,
    # One who was cut off is back, or does not come back.
    (CallStage.CONFERENCE, EventKind.GUEST_ANSWERED): CallAction.JOIN,
    (CallStage.CONFERENCE, EventKind.REACH_TIMED_OUT): CallAction.BACK,
    (CallStage.CONFERENCE, EventKind.AGENT_ENDED): CallAction.HAND_OVER,
    (CallStage.CONFERENCE, EventKind.AGENT_LOST): CallAction.AWAIT_AGENT,
    (CallStage.CONFERENCE, EventKind.HANG_UP_REQUESTED): CallAction.END_BY_AGENT,
    (CallStage.CONFERENCE, EventKind.CUSTOMER_ENDED): CallAction.END_BY_CUSTOMER,
    (CallStage.CONFERENCE, EventKind.STALE_LEG_ANSWERED): CallAction.RELEASE_LEG,
    (CallStage.RETURNING, EventKind.AGENT_BACK): CallAction.RING_AGAIN,
    (CallStage.RETURNING, EventKind.REJOIN_REQUESTED): CallAction.RING_AGAIN,
    (CallStage.RETURNING, EventKind.GUEST_ANSWERED): CallAction.ANSWER_ALONE,
    (CallStage.RETURNING, EventKind.RINGS): CallAction.AWAIT_ANSWER,
    (CallStage.RETURNING, EventKind.GUEST_ENDED): CallAction.LOSE_GUEST,
    (CallStage.RETURNING, EventKind.GUEST_LOST): CallAction.LOSE_GUEST,
    (CallStage.RETURNING, EventKind.REACH_TIMED_OUT): CallAction.LOSE_GUEST,
    (CallStage.RETURNING, EventKind.AGENT_ANSWERED): CallAction.REJOIN,
    (CallStage.RETURNING, EventKind.RETURN_OVER): CallAction.LET_GO,
    (CallStage.RETURNING, EventKind.HANG_UP_REQUESTED): CallAction.END_BY_AGENT,
    (CallStage.RETURNING, EventKind.CUSTOMER_ENDED): CallAction.END_BY_CUSTOMER,
    (CallStage.RETURNING, EventKind.STALE_LEG_ANSWERED): CallAction.RELEASE_LEG,
    (CallStage.LEAVING, EventKind.MESSAGE_PLAYED): CallAction.EXIT,
    (CallStage.LEAVING, EventKind.CUSTOMER_ENDED): CallAction.END_OUTSIDE,
    (CallStage.LEAVING, EventKind.STALE_LEG_ANSWERED): CallAction.RELEASE_LEG,
    (CallStage.VOICEMAIL, EventKind.VOICEMAIL_RECORDED): CallAction.STORE_VOICEMAIL,
    (CallStage.VOICEMAIL, EventKind.CUSTOMER_ENDED): CallAction.STORE_VOICEMAIL,
    (CallStage.VOICEMAIL, EventKind.STALE_LEG_ANSWERED): CallAction.RELEASE_LEG,
    (CallStage.WRAP_UP, EventKind.STALE_LEG_ANSWERED): CallAction.RELEASE_LEG,
    (CallStage.WRAP_UP, EventKind.WRAP_UP_OVER): CallAction.COMPLETE,
    (CallStage.WRAP_UP, EventKind.MORE_TIME_REQUESTED): CallAction.EXTEND_WRAP_UP,
    **{(stage, EventKind.REJOIN_REQUESTED): CallAction.AWAIT_AGENT for stage in TALKS},
    **{(stage, EventKind.MUTE_REQUESTED): CallAction.MUTE for stage in TALKS},
    **{(stage, EventKind.RECORDING_REQUESTED): CallAction.PAUSE_RECORDING for stage in TALKS},
    **{(stage, EventKind.KEYS_REQUESTED): CallAction.PRESS_KEYS for stage in HEARD},
}
"""Every pair that is not here is a duplicate or a late event and changes nothing."""


def revision(stage: CallStage, attempt: int, guest_attempt: int) -> str:
    """What somebody has seen of a call, to be sent back with what is asked of it: where it is, and who is in it.

    `attempt` numbers the leg of the agent and `guest_attempt` that of the third party; 0 is nobody. An agent who was
    cut off has no leg, however often the phone is rung. A hold changes neither: an agent who presses Hold and then Hang
    up means the same call.
    """
    stage = CallStage.CONNECTED if stage is CallStage.HELD else stage
    return f"{stage}.{0 if stage is CallStage.RETURNING else attempt}.{guest_attempt}"


def action_for(stage: CallStage, kind: EventKind) -> CallAction | None:
    """What a call at `stage` does about `kind`; None when the event is late, repeated or without meaning."""
    return TRANSITIONS.get((stage, kind))

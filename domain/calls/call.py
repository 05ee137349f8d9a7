"""A call, in the words of a contact centre: where it is in its life, what can happen to it, who is in it."""

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


def revision(stage: CallStage, attempt: int, guest_attempt: int) -> str:
    """What somebody has seen of a call, to be sent back with what is asked of it: where it is, and who is in it.

    `attempt` numbers the leg of the agent and `guest_attempt` that of the third party; 0 is nobody. An agent who was
    cut off has no leg, however often the phone is rung. A hold changes neither: an agent who presses Hold and then Hang
    up means the same call.
    """
    stage = CallStage.CONNECTED if stage is CallStage.HELD else stage
    return f"{stage}.{0 if stage is CallStage.RETURNING else attempt}.{guest_attempt}"

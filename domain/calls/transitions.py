"""The life of a call as a table: what it does about each event at each stage."""

from enum import StrEnum

from domain.calls.call import CallStage, EventKind


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


def action_for(stage: CallStage, kind: EventKind) -> CallAction | None:
    """What a call at `stage` does about `kind`; None when the event is late, repeated or without meaning."""
    return TRANSITIONS.get((stage, kind))

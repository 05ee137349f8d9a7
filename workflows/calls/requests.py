"""What agents ask of a call: whether it is theirs to ask, and whether it still fits what they have seen."""

from domain.calls.call import CallRole, CallStage, EventKind, Party
from domain.calls.transitions import action_for
from domain.phones.keys import KEYS
from workflows.calls.event import CallEvent
from workflows.calls.state import CallState
from workflows.calls.updates import Asked
from workflows.core import patches
from workflows.core.patches import Patch

OVER = "The call is over."
_CUSTOMER_LEFT = "The customer hung up."
NOT_DONE = "That did not work just now. The call goes on as it was; try again, or hang up."
IN_LINE = "That did not work, and the call could not go on: the customer was put back in line, or the call has ended."
_CHANGED = "The call has changed just now, so nothing was done. Look at it, and press again if you still want it."
_CUSTOMER_BACK = "The third party is gone, and the customer is with you again. Nothing was done."
_NOT_YOURS = "You have no part in this call any more, so nothing was done."
_GUEST_AWAY = "The other party was cut off and is being rung again, so nobody was given the customer."
_NOT_YOURS_TO_ASK = "Only the agent whose call it is can do that."

_OTHERWISE = {
    EventKind.AGENT_DECLINED: "The call is no longer ringing.",
    EventKind.HANG_UP_REQUESTED: "The call is not connected.",
    EventKind.HOLD_REQUESTED: "Only a call that is connected can be held.",
    EventKind.RESUME_REQUESTED: "The call is not on hold.",
    EventKind.REJOIN_REQUESTED: "There is nothing to come back to.",
    EventKind.REACH_REQUESTED: "Somebody else can be called while you talk with the customer only.",
    EventKind.CANCEL_REQUESTED: "Nobody else is in this call.",
    EventKind.HAND_OVER_REQUESTED: "Nobody has answered yet who could take the call.",
    EventKind.CONFERENCE_REQUESTED: "A conference begins with a consultation.",
    EventKind.MUTE_REQUESTED: "The call is not connected.",
    EventKind.KEYS_REQUESTED: "Nobody hears you just now.",
    EventKind.RECORDING_REQUESTED: "The call is not connected.",
    EventKind.WRAP_UP_OVER: "The call is not in wrap-up.",
    EventKind.MORE_TIME_REQUESTED: "The call is not in wrap-up.",
}
"""Why something that can be asked for is not done at the stage where the call is."""

_OF_ANYBODY = frozenset(
    {EventKind.AGENT_DECLINED, EventKind.HANG_UP_REQUESTED, EventKind.MUTE_REQUESTED, EventKind.REJOIN_REQUESTED}
)
"""What a guest can ask for as well: for the guest's own part."""

_AT_ANY_TIME = frozenset({EventKind.MUTE_REQUESTED, EventKind.RECORDING_REQUESTED})
"""What means the same wherever the call is: the own microphone, and what is put on disk."""

_AFTER_THE_TALK = frozenset({EventKind.WRAP_UP_OVER, EventKind.MORE_TIME_REQUESTED})
"""What is asked of a call that has ended; whatever else is, its end has overtaken."""

_ALONE = frozenset({CallStage.CONNECTED, CallStage.HELD, CallStage.RETURNING})
"""Where an agent without a third party talks with the customer, or is about to again."""

_WITH_GUEST = frozenset({CallStage.REACHING, CallStage.CONSULTING, CallStage.CONFERENCE})


def refusal(call: CallState, it: CallEvent, *, has_turn: bool = True) -> str | None:
    """Why what is asked of a call is not done now; None when it is, or when nobody has asked.

    Until a request `has_turn`, the call is only looked at: a validator of Temporal's may note nothing.
    """
    if it.asked is None:
        return None
    if it.kind is EventKind.AGENT_DECLINED:
        it.attempt = call.attempt_of(it.asked.by)
    return _of_stage(call, it) or _of_asker(call, it, it.asked, has_turn=has_turn) or _of_its_kind(call, it)


def _of_stage(call: CallState, it: CallEvent) -> str | None:
    if call.stage is CallStage.CLOSED or (call.stage is CallStage.WRAP_UP and it.kind not in _AFTER_THE_TALK):
        return _CUSTOMER_LEFT if call.ended_by is Party.CUSTOMER else OVER
    if it.kind is EventKind.HAND_OVER_REQUESTED and call.guest_away:
        return _GUEST_AWAY
    kind = call.meaning(it)
    return None if kind is not None and action_for(call.stage, kind) else _OTHERWISE[it.kind]


def _of_asker(call: CallState, it: CallEvent, asked: Asked, *, has_turn: bool) -> str | None:
    role = call.role_of(asked.by)
    if role is None:
        return _NOT_YOURS
    if role is CallRole.THIRD_PARTY and it.kind not in _OF_ANYBODY:
        return _NOT_YOURS_TO_ASK
    if asked.seen is None or it.kind in _AT_ANY_TIME | _AFTER_THE_TALK or asked.seen == call.revision_for(asked.by):
        return None
    is_hang_up = role is CallRole.AGENT and it.kind is EventKind.HANG_UP_REQUESTED
    if is_hang_up and _is_same_talk(call, asked.seen):
        return None if not has_turn or patches.is_new(Patch.HANGS_UP_WHEN_CUT_OFF) else _CHANGED
    return _changed(call, asked.seen)


def _is_same_talk(call: CallState, seen: str) -> bool:
    """Whether only the agent's phone has gone or come back since: whoever hangs up then means the same call."""
    is_alone = call.stage in _ALONE and not (call.stage is CallStage.RETURNING and call.guest)
    return is_alone and seen.split(".", 1)[0] in _ALONE


def _changed(call: CallState, seen: str) -> str:
    was_with_guest = seen.split(".", 1)[0] in _WITH_GUEST
    return _CUSTOMER_BACK if was_with_guest and call.stage is CallStage.CONNECTED else _CHANGED


def _of_its_kind(call: CallState, it: CallEvent) -> str | None:
    """What only one kind of request can lack."""
    match it.kind:
        case EventKind.REACH_REQUESTED:
            return _of_target(it)
        case EventKind.KEYS_REQUESTED if not it.digits or not set(it.digits) <= KEYS:
            return "Keys are digits, * and #."
        case EventKind.RECORDING_REQUESTED if not call.recorded:
            return "This call is not recorded."
        case EventKind.WRAP_UP_OVER if call.queue and call.queue.wrap_up_code_required and not it.code:
            return "This queue wants a wrap-up code: choose one first."
        case EventKind.MORE_TIME_REQUESTED if it.seconds <= 0:
            return "More time is more than 0 seconds."
    return None


def _of_target(it: CallEvent) -> str | None:
    target = it.target
    if target is None or (target.user_id is None) is (target.number is None):
        return "Say whom to call: a colleague, or a number."
    return "That is you. Choose somebody else." if it.asked and target.user_id == it.asked.by else None

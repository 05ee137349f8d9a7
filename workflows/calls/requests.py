"""What agents ask of a call: whether it is theirs to ask, and whether it still fits what they have seen."""

from domain.calls.call import CallEvent, CallRole, CallStage, Party, step_for
from workflows.calls.event import Happening
from workflows.calls.state import Course
from workflows.calls.updates import Asked

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
    CallEvent.AGENT_DECLINED: "The call is no longer ringing.",
    CallEvent.HANG_UP_REQUESTED: "The call is not connected.",
    CallEvent.HOLD_REQUESTED: "Only a call that is connected can be held.",
    CallEvent.RESUME_REQUESTED: "The call is not on hold.",
    CallEvent.REJOIN_REQUESTED: "There is nothing to come back to.",
    CallEvent.REACH_REQUESTED: "Somebody else can be called while you talk with the customer only.",
    CallEvent.CANCEL_REQUESTED: "Nobody else is in this call.",
    CallEvent.HAND_OVER_REQUESTED: "Nobody has answered yet who could take the call.",
    CallEvent.CONFERENCE_REQUESTED: "A conference begins with a consultation.",
    CallEvent.MUTE_REQUESTED: "The call is not connected.",
    CallEvent.KEYS_REQUESTED: "Nobody hears you just now.",
    CallEvent.RECORDING_REQUESTED: "The call is not connected.",
    CallEvent.WRAP_UP_OVER: "The call is not in wrap-up.",
    CallEvent.MORE_TIME_REQUESTED: "The call is not in wrap-up.",
}
"""Why something that can be asked for is not done at the stage where the call is."""

_OF_ANYBODY = frozenset(
    {CallEvent.AGENT_DECLINED, CallEvent.HANG_UP_REQUESTED, CallEvent.MUTE_REQUESTED, CallEvent.REJOIN_REQUESTED}
)
"""What a guest can ask for as well: for the guest's own part."""

_AT_ANY_TIME = frozenset({CallEvent.MUTE_REQUESTED, CallEvent.RECORDING_REQUESTED})
"""What means the same wherever the call is: the own microphone, and what is put on disk."""

_AFTER_THE_TALK = frozenset({CallEvent.WRAP_UP_OVER, CallEvent.MORE_TIME_REQUESTED})
"""What is asked of a call that has ended; whatever else is, its end has overtaken."""

_WITH_GUEST = frozenset({CallStage.REACHING, CallStage.CONSULTING, CallStage.CONFERENCE})


def refusal(course: Course, it: Happening) -> str | None:
    """Why what is asked of a call is not done now; None when it is, or when nobody has asked."""
    if it.asked is None:
        return None
    if it.event is CallEvent.AGENT_DECLINED:
        it.attempt = course.attempt_of(it.asked.by)
    return _of_stage(course, it) or _of_asker(course, it, it.asked) or _of_its_kind(course, it)


def _of_stage(course: Course, it: Happening) -> str | None:
    if course.stage is CallStage.CLOSED or (course.stage is CallStage.WRAP_UP and it.event not in _AFTER_THE_TALK):
        return _CUSTOMER_LEFT if course.ended_by is Party.CUSTOMER else OVER
    if it.event is CallEvent.HAND_OVER_REQUESTED and course.guest_away:
        return _GUEST_AWAY
    event = course.meaning(it)
    return None if event is not None and step_for(course.stage, event) else _OTHERWISE[it.event]


def _of_asker(course: Course, it: Happening, asked: Asked) -> str | None:
    role = course.role_of(asked.by)
    if role is None:
        return _NOT_YOURS
    if role is CallRole.GUEST and it.event not in _OF_ANYBODY:
        return _NOT_YOURS_TO_ASK
    if asked.seen is None or it.event in _AT_ANY_TIME or asked.seen == course.revision_for(asked.by):
        return None
    return _changed(course, asked.seen)


def _changed(course: Course, seen: str) -> str:
    was_with_guest = seen.split(".", 1)[0] in _WITH_GUEST
    return _CUSTOMER_BACK if was_with_guest and course.stage is CallStage.CONNECTED else _CHANGED


def _of_its_kind(course: Course, it: Happening) -> str | None:
    """What only one kind of request can lack."""
    match it.event:
        case CallEvent.REACH_REQUESTED:
            return _of_target(it)
        case CallEvent.KEYS_REQUESTED if not it.digits or not set(it.digits) <= DIGITS:
            return "Keys are digits, * and #."
        case CallEvent.RECORDING_REQUESTED if not course.recorded:
            return "This call is not recorded."
        case CallEvent.WRAP_UP_OVER if course.queue and course.queue.wrap_up_code_required and not it.code:
            return "This queue wants a wrap-up code: choose one first."
        case CallEvent.MORE_TIME_REQUESTED if it.seconds <= 0:
            return "More time is more than 0 seconds."
    return None


def _of_target(it: Happening) -> str | None:
    target = it.target
    if target is None or (target.user_id is None) is (target.number is None):
        return "Say whom to call: a colleague, or a number."
    return "That is you. Choose somebody else." if it.asked and target.user_id == it.asked.by else None


DIGITS = frozenset("0123456789*#")
"""The keys of a telephone."""

"""Why a call ends, in the numbers of ITU-T Q.850, as Asterisk uses them."""

from enum import IntEnum


class HangupCause(IntEnum):
    """A cause, and the SIP answer that a caller gets who was not answered yet (as chan_pjsip maps it)."""

    UNKNOWN = 0
    """Anything that has no name here."""
    UNALLOCATED = 1
    """404 Not Found: nobody has that number."""
    NORMAL = 16
    """A hang-up (603 Decline before the answer)."""
    BUSY = 17
    """486 Busy Here: on another call, or Decline was pressed on the phone."""
    NO_USER_RESPONSE = 18
    """408 Request Timeout."""
    NO_ANSWER = 19
    """480 Temporarily Unavailable: it rang and nobody came."""
    SUBSCRIBER_ABSENT = 20
    """480: nothing is registered there."""
    REJECTED = 21
    """403 Forbidden; a phone that declines is seen with this cause."""
    ANSWERED_ELSEWHERE = 26
    """Cancelled, with a reason that keeps the phone from listing a missed call."""
    FAILURE = 38
    """500 Server Internal Error."""
    TEMPORARY_FAILURE = 41
    """603, as NORMAL: the call has failed by us."""
    CONGESTION = 42
    """503 Service Unavailable: a carrier may try another way in."""
    NO_SOUND = 44
    """Asterisk has heard nothing of an answered phone for too long, and gives it up."""
    INTERWORKING = 127
    """Something that the other network could not name."""

    @classmethod
    def of(cls, number: object) -> "HangupCause":
        """The cause of that number; UNKNOWN for those without a name."""
        return cls(number) if isinstance(number, int) and number in cls._value2member_map_ else cls.UNKNOWN

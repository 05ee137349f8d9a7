"""Why a number that we called was not reached, by what its carrier answered."""

from enum import StrEnum

from domain.calls.call import Disposition


class Failure(StrEnum):
    """Why a call out was not answered."""

    WRONG_NUMBER = "wrong_number"
    """Nobody has that number, or the carrier wants it written in another way."""
    NO_ROUTE = "no_route"
    """There is no trunk for the number, or the carrier knows no way, or only a redirection."""
    BUSY = "busy"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    CARRIER_DOWN = "carrier_down"
    """The carrier is not there, is overloaded, or does not take us for its customer."""
    NO_CHANNEL = "no_channel"
    """All channels that our trunks may use are taken."""
    MEDIA_REFUSED = "media_refused"
    """The two sides have no codec in common, or the answer did not say where to send the sound."""
    NOT_ALLOWED = "not_allowed"
    """Our own rules do not let the number be called."""
    SYSTEM = "system"
    """Something of ours, or an answer that has no other name."""


_BY_STATUS = {
    401: Failure.CARRIER_DOWN,
    403: Failure.CARRIER_DOWN,
    407: Failure.CARRIER_DOWN,
    404: Failure.WRONG_NUMBER,
    410: Failure.WRONG_NUMBER,
    416: Failure.WRONG_NUMBER,
    484: Failure.WRONG_NUMBER,
    485: Failure.WRONG_NUMBER,
    604: Failure.WRONG_NUMBER,
    408: Failure.NO_ANSWER,
    480: Failure.NO_ANSWER,
    487: Failure.NO_ANSWER,
    415: Failure.MEDIA_REFUSED,
    488: Failure.MEDIA_REFUSED,
    606: Failure.MEDIA_REFUSED,
    486: Failure.BUSY,
    600: Failure.BUSY,
    603: Failure.DECLINED,
    607: Failure.DECLINED,
    608: Failure.DECLINED,
}
_BY_CAUSE = {  # Q.850
    1: Failure.WRONG_NUMBER,
    22: Failure.WRONG_NUMBER,
    28: Failure.WRONG_NUMBER,
    2: Failure.NO_ROUTE,
    3: Failure.NO_ROUTE,
    23: Failure.NO_ROUTE,
    17: Failure.BUSY,
    21: Failure.DECLINED,
    27: Failure.CARRIER_DOWN,
    34: Failure.CARRIER_DOWN,
    38: Failure.CARRIER_DOWN,
    41: Failure.CARRIER_DOWN,
    42: Failure.CARRIER_DOWN,
    58: Failure.MEDIA_REFUSED,
    65: Failure.MEDIA_REFUSED,
    88: Failure.MEDIA_REFUSED,
    127: Failure.SYSTEM,
}
_REDIRECTED = range(300, 400)
_OF_CARRIER = range(500, 600)
_REFUSED = range(400, 700)

_OF_CUSTOMER = {
    Failure.BUSY: Disposition.BUSY,
    Failure.DECLINED: Disposition.UNANSWERED,
    Failure.NO_ANSWER: Disposition.UNANSWERED,
}


def failure_of(status: int, cause: int) -> Failure:
    """The failure behind a SIP status (0: there was none) and a Q.850 cause, of a call that was not answered."""
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status in _REDIRECTED:
        return Failure.NO_ROUTE
    if status in _OF_CARRIER:
        return Failure.CARRIER_DOWN
    if status in _REFUSED:
        return Failure.SYSTEM
    return _BY_CAUSE.get(cause, Failure.NO_ANSWER)


def disposition_of(failure: Failure) -> Disposition:
    """How a call counts that ended so: what is no customer's doing has failed."""
    return _OF_CUSTOMER.get(failure, Disposition.FAILED)


def is_customers(failure: Failure) -> bool:
    """Whether the customer's phone was reached, so that it was a try."""
    return failure in _OF_CUSTOMER

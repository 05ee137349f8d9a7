import pytest

from domain.calls.call import Disposition
from domain.calls.failure import Failure, disposition_of, failure_of


@pytest.mark.parametrize(
    ("status", "cause", "failure", "disposition"),
    [
        (404, 1, Failure.WRONG_NUMBER, Disposition.FAILED),
        (604, 1, Failure.WRONG_NUMBER, Disposition.FAILED),
        (484, 28, Failure.WRONG_NUMBER, Disposition.FAILED),
        (486, 17, Failure.BUSY, Disposition.BUSY),
        (600, 17, Failure.BUSY, Disposition.BUSY),
        (603, 21, Failure.DECLINED, Disposition.UNANSWERED),
        (408, 18, Failure.NO_ANSWER, Disposition.UNANSWERED),
        (480, 19, Failure.NO_ANSWER, Disposition.UNANSWERED),
        (500, 38, Failure.CARRIER_DOWN, Disposition.FAILED),
        (503, 34, Failure.CARRIER_DOWN, Disposition.FAILED),
        (401, 21, Failure.CARRIER_DOWN, Disposition.FAILED),
        (403, 21, Failure.CARRIER_DOWN, Disposition.FAILED),
        (407, 21, Failure.CARRIER_DOWN, Disposition.FAILED),
        (488, 58, Failure.MEDIA_REFUSED, Disposition.FAILED),
        (302, 23, Failure.NO_ROUTE, Disposition.FAILED),
        (420, 3, Failure.SYSTEM, Disposition.FAILED),
        (0, 58, Failure.MEDIA_REFUSED, Disposition.FAILED),
        (0, 16, Failure.NO_ANSWER, Disposition.UNANSWERED),
        (0, 0, Failure.NO_ANSWER, Disposition.UNANSWERED),
    ],
)
def test_a_failure_is_named_by_the_carriers_answer(
    status: int, cause: int, failure: Failure, disposition: Disposition
) -> None:
    assert failure_of(status, cause) is failure
    assert disposition_of(failure) is disposition

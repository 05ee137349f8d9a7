import pytest

from domain.dialling_rules.dial_limits import USUAL, DialLimits, refusal


@pytest.mark.parametrize(
    ("limits", "recent", "going_on", "told"),
    [
        (USUAL, 0, 0, None),
        (USUAL, 11, 2, None),
        (USUAL, 12, 0, "More than 12 calls in a minute"),
        (USUAL, 0, 3, "You have 3 calls with numbers outside"),
        (DialLimits(5, 1), 4, 1, "You have 1 call with numbers outside"),
        (DialLimits(0, 1), 0, 0, "You may not call numbers outside"),
        (DialLimits(1, 0), 0, 0, "You may not call numbers outside"),
    ],
)
def test_one_more_number_is_dialled_below_both_limits(
    limits: DialLimits, recent: int, going_on: int, told: str | None
) -> None:
    said = refusal(limits, recent=recent, going_on=going_on)
    assert (said is None) is (told is None)
    assert said is None or (said.startswith(told or "") and said.endswith("."))

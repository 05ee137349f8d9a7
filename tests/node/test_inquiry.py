from datetime import UTC, datetime, timedelta

import pytest

from everline.node.inquiry import is_due

ARRIVED = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "due"),
    [(-2, 3, False), (39, 44, False), (41, 46, True), (45, 50, False), (86, 91, True), (20, 200, True)],
)
def test_a_caller_is_asked_once_in_every_45_seconds(since: int, until: int, due: bool) -> None:
    moments = [ARRIVED + timedelta(seconds=seconds) for seconds in (since, until)]
    assert is_due(ARRIVED, *moments) is due

"""Which number of ours a called phone is shown."""

import pytest

from domain.calls.caller_id import caller_id


@pytest.mark.parametrize(
    ("wanted", "own", "allowed", "shown"),
    [
        ("+49301", "", [], "+49301"),
        ("+49301", "+49300", [], "+49300"),
        ("+49301", "+49300", ["+49301"], "+49301"),
        ("+493012", "+49300", ["+49301"], "+49300"),
        ("+493012", "+49300", ["+49301*"], "+493012"),
        ("", "+49300", ["+4930*"], "+49300"),
        ("", "", [], ""),
    ],
)
def test_what_a_trunk_does_not_allow_falls_back_to_its_own_number(
    wanted: str, own: str, allowed: list[str], shown: str
) -> None:
    assert caller_id(wanted, own, allowed) == shown

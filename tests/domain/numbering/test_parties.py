"""A person's number is displayed, and dialled by a handle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.numbering import parties
from domain.numbering.parties import UnknownHandleError

LONG = "+1" + "2" * 80


@pytest.mark.parametrize(
    ("number", "display"),
    [
        ("+12025550147", "+1 202-555-0147"),
        ("+493023125001", "+49 30 23125001"),
        ("+442079460182", "+44 20 7946 0182"),
        # What cannot be read is shown as it came.
        ("5000", "5000"),
        ("+99912", "+99912"),
        ("anna@example.org", "anna@example.org"),
    ],
)
def test_a_number_is_displayed_in_groups(number: str, display: str) -> None:
    assert parties.party(number).display == display


@pytest.mark.parametrize("number", ["", "Anonymous", "anna@example.org", "+", "#", LONG])
def test_what_is_no_number_cannot_be_dialled(number: str) -> None:
    assert parties.party(number).handle is None


@given(st.from_regex(r"\+?[0-9][0-9 ()/.-]{0,20}", fullmatch=True))
def test_a_handle_leads_back_to_its_number(number: str) -> None:
    handle = parties.party(number).handle
    assert handle is not None
    assert parties.number_of(handle) == number


@pytest.mark.parametrize("handle", ["", "+12025550147", "number:", "number:anna", "somebody:7"])
def test_a_handle_that_names_nobody_is_refused(handle: str) -> None:
    with pytest.raises(UnknownHandleError):
        parties.number_of(handle)

"""What is typed is a number as it stands, or it is refused: nothing is helped into another subscriber."""

import re
import string

import phonenumbers
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.dialling_rules.destinations import NumberRefusal, Rule, decide
from domain.numbering.digits import NotDigitsError, read_digits

ALL = [Rule(f"+{code}", allowed=True) for code in range(1, 10)]
"""Rules by which every ordinary number of the world may be called."""


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("030 2312513O", "DE"),
        ("030 2312513o", "DE"),
        ("030 23125-12/13", "DE"),
        ("030 23125/23126", "DE"),
        ("030 2312513, 030 2312514", "DE"),
        ("030 2312513 | 2312514", "DE"),
        ("030 2312513 oder 14", "DE"),
        ("030 23125 (13)", "DE"),
        ("030 2312513\n14", "DE"),
        ("+49 30 2312513+1", "DE"),
        ("2026-06-01", "DE"),
        ("2026-06-01", "DK"),
        ("01.06.2026", "DK"),
        ("20/06/2026", "NO"),
        ("12.06.2026 08", "NO"),
        ("030 23125 123 (priv.)", "DE"),
        ("hello 030 123456", "DE"),
        ("tel:+493023125123", "DE"),
        ("1-800-FLOWERS", "US"),
        ("202 555 0I47", "US"),
        ("0302312513\u00b9", "DE"),
        ("12.50 EUR", "DE"),
        ("(030 2312513", "DE"),
        ("030) 2312513", "DE"),
        ("((030)) 2312513", "DE"),
        ("*31#030 2312513", "DE"),
        ("030 2312513 w 12", "DE"),
    ],
)
def test_what_holds_more_than_a_number_is_refused_in_words(text: str, region: str) -> None:
    decision = decide(text, region, ALL)
    assert decision.number is None
    assert decision.refusal is NumberRefusal.NOT_ONLY_A_NUMBER
    assert re.search(r"only the digits|date|two numbers|brackets", decision.sentence)


@pytest.mark.parametrize(("text", "region"), [("20260601", "DE"), ("30 2312513", "DE"), ("20 7946 0123", "GB")])
def test_a_number_without_its_beginning_is_not_given_one(text: str, region: str) -> None:
    decision = decide(text, region, ALL)
    assert decision.refusal is NumberRefusal.NO_BEGINNING
    assert "with its area code" in decision.sentence


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("030 2312513", "DE", "+49302312513"),
        ("030/2312513", "DE", "+49302312513"),
        ("030 / 23125-13", "DE", "+49302312513"),
        ("(030) 23 12 513", "DE", "+49302312513"),
        ("+49 (0)30 2312513", "DE", "+49302312513"),
        ("+49 (0) 30/2312513", "GB", "+49302312513"),
        ("(+49) 30 2312513", "DE", "+49302312513"),
        ("0049 30 2312513", "DE", "+49302312513"),
        ("0049 30 2312513", "US", "+49302312513"),
        ("011 49 30 2312513", "US", "+49302312513"),
        ("0171-1234567", "DE", "+491711234567"),
        ("0171/1234567", "DE", "+491711234567"),
        ("+1 (202) 555-0147", "US", "+12025550147"),
        ("1.202.555.0147", "US", "+12025550147"),
        ("202/555-0147", "US", "+12025550147"),
        ("(0121) 234 5678", "GB", "+441212345678"),
        ("01 42 68 53 00", "FR", "+33142685300"),
        ("02/511.22.33", "BE", "+3225112233"),
        ("20 26 06 01", "DK", "+4520260601"),
        ("011 15-2345-6789", "AR", "+5491123456789"),
        ("030\u00a0231\u201125\u201113", "DE", "+49302312513"),
        ("\uff0b49 30 2312513", "DE", "+49302312513"),
        ("\u0660\u0663\u0660 \u0662\u0663\u0661\u0662\u0665\u0661\u0663", "DE", "+49302312513"),
        ("  030 2312513\n", "DE", "+49302312513"),
    ],
)
def test_the_usual_ways_to_write_a_number_are_that_number(text: str, region: str, number: str) -> None:
    assert decide(text, region, ALL).number == number


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("0330 123 4567", "GB", "+443301234567"),
        ("0345 678 9000", "GB", "+443456789000"),
        ("088 123 4567", "NL", "+31881234567"),
        ("058 123 45 67", "CH", "+41581234567"),
        ("0806 000 123", "FR", "+33806000123"),
        ("0809 000 123", "FR", "+33809000123"),
    ],
)
@pytest.mark.parametrize("by_caller", [False, True])
def test_ordinary_numbers_of_companies_are_ordinary(text: str, region: str, number: str, *, by_caller: bool) -> None:
    assert decide(text, region, (), by_caller=by_caller).number == number


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("070 1234 5678", "GB"),
        ("0845 123 4567", "GB"),
        ("0811 000 123", "FR"),
        ("0900 123 4567", "NL"),
        ("0700 12345678", "DE"),
        ("0900 123 456", "CH"),
        ("0878 123 456", "CH"),
        ("0570 000 123", "JP"),
    ],
)
def test_personal_premium_and_shared_cost_numbers_are_not(text: str, region: str) -> None:
    assert decide(text, region, ()).refusal is NumberRefusal.SPECIAL


@pytest.mark.parametrize("text", ["5000", "+49 30 2312513", "030 / 23125", "(030) 23125", "0049-30-23125"])
def test_a_number_of_ours_may_be_written_with_marks(text: str) -> None:
    assert read_digits(text) == re.sub(r"[^0-9+]", "", text)


@pytest.mark.parametrize("text", ["", "+", "50+00", "5000a", "2026-06-01", "5000, 5001", "5000/5001/5002", "5\n0"])
def test_a_number_of_ours_is_nothing_else(text: str) -> None:
    with pytest.raises(NotDigitsError) as refusal:
        read_digits(text)
    assert str(refusal.value).endswith(".")


patient = settings(deadline=None)
LETTERS = st.characters(categories=["Lu", "Ll", "Lt", "Lm", "Lo"])
TEXTS = st.text("0123456789 ()-./+" + string.ascii_letters, max_size=20)
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


@patient
@given(
    TEXTS | st.sampled_from(["030 2312513", "+49302312513", "2025550147", "020 7946 0123"]),
    LETTERS,
    st.integers(0, 20),
    st.sampled_from(["US", "DE", "GB", "DK"]),
)
def test_a_text_with_any_letter_never_dials(text: str, letter: str, place: int, region: str) -> None:
    assert decide(text[:place] + letter + text[place:], region, ALL).number is None


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str, str]:
    """A valid number, a usual way to write it, and the region where it is written so."""
    region = draw(st.sampled_from(REGIONS))
    kind = draw(st.sampled_from([phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE]))
    number = phonenumbers.example_number_for_type(region, kind)
    assume(number is not None)
    assert number is not None
    changed = phonenumbers.parse(
        phonenumbers.format_number(number, 0)[:-3] + draw(st.from_regex(r"[0-9]{3}", fullmatch=True))
    )
    assume(phonenumbers.is_valid_number(changed))
    international = phonenumbers.format_number(changed, 1)
    ways = [international, phonenumbers.format_number(changed, 0), "00" + international[1:]]
    if phonenumbers.region_code_for_number(changed) == region:
        ways += [phonenumbers.format_number(changed, 2)] * 2
    text = draw(st.sampled_from(ways))
    if "/" not in text:
        text = re.sub(r"[ -]", lambda _: draw(st.sampled_from([" ", "-", ".", "", "  "])), text)
    return text, region, phonenumbers.format_number(changed, 0)


@settings(deadline=None, max_examples=600)
@given(written())
def test_a_valid_number_written_in_any_usual_way_dials_just_that_number(way: tuple[str, str, str]) -> None:
    text, region, number = way
    decision = decide(text, region, [Rule(number, allowed=True)])
    assert decision.number == number, (text, region, decision)

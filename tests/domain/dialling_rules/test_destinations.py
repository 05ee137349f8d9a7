import phonenumbers
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from domain.dialling_rules.destinations import NumberRefusal, Rule, checked_prefix, decide, longest


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("2025550147", "US", "+12025550147"),
        ("+1 (202) 555-0147", "US", "+12025550147"),
        ("030 2270", "DE", "+49302270"),
        ("+491701234567", "DE", "+491701234567"),
    ],
)
def test_an_ordinary_line_of_the_country_may_be_called(text: str, region: str, number: str) -> None:
    assert decide(text, region, ()).number == number


@pytest.mark.parametrize(
    ("text", "region", "refusal"),
    [
        ("19005550147", "US", NumberRefusal.SPECIAL),
        ("0900 1234567", "DE", NumberRefusal.SPECIAL),
        ("8005550147", "US", NumberRefusal.SPECIAL),
        ("+491701234567", "US", NumberRefusal.NOT_ALLOWED),
        ("+18765550147", "US", NumberRefusal.NOT_ALLOWED),
        ("+442079460123", "US", NumberRefusal.NOT_ALLOWED),
        ("911", "US", NumberRefusal.EMERGENCY),
        ("9-1-1", "US", NumberRefusal.EMERGENCY),
        ("112", "DE", NumberRefusal.EMERGENCY),
        ("311", "US", NumberRefusal.SHORT_CODE),
        ("118", "DE", NumberRefusal.SHORT_CODE),
        ("1001", "US", NumberRefusal.SHORT_CODE),
        ("+1 202 555 0147 ext. 9", "US", NumberRefusal.EXTENSION),
        ("+12025550147;ext=9", "US", NumberRefusal.EXTENSION),
        ("+12025550147;ext=9,1", "US", NumberRefusal.NOT_ONLY_A_NUMBER),
        ("+1 202 555", "US", NumberRefusal.NOT_IN_USE),
        ("", "US", NumberRefusal.NO_NUMBER),
        ("anonymous", "US", NumberRefusal.NO_NUMBER),
        ("1" * 300, "US", NumberRefusal.NO_NUMBER),
    ],
)
def test_nothing_else_may_and_the_refusal_says_why(text: str, region: str, refusal: NumberRefusal) -> None:
    decision = decide(text, region, ())
    assert (decision.number, decision.refusal) == (None, refusal)
    assert decision.sentence.endswith(".")
    assert "{" not in decision.sentence


ALLOW_UK, DENY_LONDON = Rule("+44", allowed=True), Rule("+4420", allowed=False)
ALLOW_ONE_LONDON = Rule("+442079460", allowed=True)


@pytest.mark.parametrize(
    ("text", "rules", "refusal"),
    [
        ("+44 20 7946 0123", [ALLOW_UK], None),
        ("+44 20 7946 0123", [ALLOW_UK, DENY_LONDON], NumberRefusal.DENIED),
        ("+44 20 7946 0123", [ALLOW_ONE_LONDON, ALLOW_UK, DENY_LONDON], None),
        ("+44 20 8946 0123", [ALLOW_ONE_LONDON, ALLOW_UK, DENY_LONDON], NumberRefusal.DENIED),
        ("+44 121 234 5678", [ALLOW_UK, DENY_LONDON], None),
        ("+49 30 2270", [ALLOW_UK], NumberRefusal.NOT_ALLOWED),
        # In the own country, where no rule allows, a rule can deny.
        ("(202) 555-0147", [Rule("+1202", allowed=False)], NumberRefusal.DENIED),
        ("(212) 555-0147", [Rule("+1202", allowed=False)], None),
        # What is special needs a rule that is about its kind.
        ("+1 900 555 0147", [Rule("+1", allowed=True)], NumberRefusal.SPECIAL),
        ("+1 900 555 0147", [Rule("+19", allowed=True)], NumberRefusal.SPECIAL),
        ("+1 900 555 0147", [Rule("+1900", allowed=True)], None),
        ("+44 909 879 0000", [Rule("+44", allowed=True)], NumberRefusal.SPECIAL),
        ("+44 909 879 0000", [Rule("+44909", allowed=True)], None),
        ("911", [Rule("+1911", allowed=True), Rule("+1", allowed=True)], NumberRefusal.EMERGENCY),
    ],
)
def test_the_rule_with_the_longest_prefix_decides(text: str, rules: list[Rule], refusal: NumberRefusal | None) -> None:
    decision = decide(text, "US", rules)
    assert decision.refusal is refusal
    assert (decision.number is None) is (refusal is not None)


def test_a_caller_has_no_special_number_called_whatever_the_rules_say() -> None:
    rules = [Rule("+44", allowed=True), Rule("+1900", allowed=True)]
    assert decide("+442079460123", "US", rules, by_caller=True).number == "+442079460123"
    assert decide("+19005550147", "US", rules, by_caller=True).refusal is NumberRefusal.SPECIAL


def test_a_refusal_names_the_number_and_what_to_do() -> None:
    assert decide("+442079460123", "US", ()).sentence == (
        "+44 20 7946 0123 is not among the destinations that may be called. An administrator can allow it."
    )
    assert decide("1 900 555 0147", "US", ()).sentence.endswith("allow it by a destination such as +1900.")


def test_what_was_typed_is_told_without_what_cannot_be_seen() -> None:
    assert decide("\u202e\x0012\x1b[0m", "US", ()).sentence.startswith("12[0m ")
    assert decide("\x00", "US", ()).sentence.startswith("This is no telephone number.")


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("+44", "+44"),
        ("+1 (900)", "+1900"),
        (" +49-30 ", "+4930"),
        ("+882", "+882"),
        ("44", None),
        ("0044", None),
        ("+4", None),
        ("+", None),
        ("", None),
        ("+0", None),
        ("+999", None),
        ("+44x", None),
        ("+4\u0664", "+44"),
        ("+44123456789012345", None),
    ],
)
def test_a_prefix_begins_with_a_whole_country_code(text: str, prefix: str | None) -> None:
    assert checked_prefix(text) == prefix


ANYTHING = st.one_of(
    st.text(st.characters(codec=None)),
    st.text("+0123456789 ()-./;=extphonecntx,#*", max_size=45),
    st.from_regex(r"\+?[0-9]{2,16}", fullmatch=True),
)
REGIONS = st.sampled_from(["US", "DE", "GB", "EE", "KZ", "JM"])
WORLD = ("US", "CA", "JM", "DE", "GB", "JE", "FR", "CH", "RU", "KZ", "IT", "EE", "AU")
# What is known of a country's numbers is read when it is first asked for.
patient = settings(deadline=None)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Real numbers of all kinds, also of countries that share a code, with other last digits than usual."""
    region = draw(st.sampled_from(WORLD))
    kinds = st.sampled_from(sorted(phonenumbers.supported_types_for_region(region)))
    example = phonenumbers.example_number_for_type(region, draw(kinds))
    if example is None:
        reject()
    number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    return number[:-2] + draw(st.from_regex(r"[0-9]{2}", fullmatch=True))


@st.composite
def floors(draw: st.DrawFn) -> tuple[str, list[Rule]]:
    """A number, and rules of which most are about it."""
    number = draw(numbers())
    about = st.integers(2, len(number)).map(lambda length: number[:length])
    prefixes = draw(st.lists(about | numbers(), unique=True, max_size=6))
    return number, [Rule(prefix, draw(st.booleans())) for prefix in prefixes]


@patient
@given(ANYTHING, REGIONS, st.lists(st.builds(Rule, st.from_regex(r"\+[1-9][0-9]{0,5}", fullmatch=True), st.booleans())))
def test_whatever_is_typed_there_is_a_decision(text: str, region: str, rules: list[Rule]) -> None:
    decision = decide(text, region, rules)
    assert (decision.number is None) is (decision.refusal is not None)
    if decision.number is not None:
        # Nothing but the number itself can come into what is dialled.
        parsed = phonenumbers.parse(text, region)
        assert decision.number == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        assert decision.number[1:].isdigit()
        assert decision.number.isascii()
    else:
        assert decision.sentence.isprintable()


@patient
@given(floors(), REGIONS)
def test_nothing_is_called_without_a_rule_that_allows_it_or_the_own_country(
    floor: tuple[str, list[Rule]], region: str
) -> None:
    number, rules = floor
    decision = decide(number, region, rules)
    about = [rule for rule in rules if number.startswith(rule.prefix)]
    if decision.number is None:
        return
    if about:
        assert max(about, key=lambda rule: len(rule.prefix)).allowed
        assert decision.rule == max(about, key=lambda rule: len(rule.prefix))
    else:
        assert decide(number, region, ()).number == decision.number


@patient
@given(floors(), REGIONS)
def test_an_ordinary_number_with_a_rule_is_called_just_when_the_longest_allows_it(
    floor: tuple[str, list[Rule]], region: str
) -> None:
    number, rules = floor
    own = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    assume(own is not None and decide(number, own, ()).number is not None)
    rule = longest(number, rules)
    assume(rule is not None)
    assert rule is not None
    assert all(len(other.prefix) <= len(rule.prefix) for other in rules if number.startswith(other.prefix))
    assert (decide(number, region, rules).number == number) is rule.allowed


@patient
@given(floors(), REGIONS)
def test_the_order_of_the_rules_means_nothing(floor: tuple[str, list[Rule]], region: str) -> None:
    number, rules = floor
    assert decide(number, region, rules) == decide(number, region, rules[::-1])

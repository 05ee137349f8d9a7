"""Which numbers a call may go out to: callers and agents may type anything, and some numbers cost a fortune.

Without rules only ordinary lines of the centre's own country may be called. An administrator's rule allows or denies
the numbers that begin with its prefix, and the rule with the longest prefix decides.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import (
    CountryCodeSource,
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
)

from domain.numbering.digits import Digits, NotDigitsError, read, read_digits

_ORDINARY = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
    }
)
"""Premium, personal and shared-cost numbers are how a stolen callback earns money, so only ordinary lines are left."""

_OF_COMPANIES = (
    "+443",
    "+3188",
    "+353818",
    "+4158",
    "+33806",
    "+33807",
    "+33808",
    "+33809",
)
"""Prefixes of numbers for companies whose calls cost what a call to a landline costs, by their countries' plans."""

_MEANT_DIGITS = 3
"""A rule with so many digits after the country code is about the kind of number: +1900 is, +1 and +44 are not."""

_LONGEST_SHOWN = 40


class NumberRefusal(StrEnum):
    """Why a number may not be called; the value is the sentence for the agent."""

    NO_NUMBER = "{shown} is no telephone number. Check it and try again."
    NOT_ONLY_A_NUMBER = (
        "{shown} {what}. Write one number, and only the digits of it: spaces and - . / ( ) may be between them, and a +"
        " or 00 before a country code."
    )
    NO_BEGINNING = "{shown} lacks its beginning. Write the whole number, with its area code as {what} has it."
    EMERGENCY = "{shown} is an emergency number, and cannot be called from here. Use a telephone of your own."
    SHORT_CODE = "{shown} is too short, and cannot be called from here. Call the whole number, with its area code."
    EXTENSION = "{shown} has an extension. Call it without, and press the extension's keys once it has answered."
    NOT_IN_USE = "{shown} cannot be called: there are no such numbers. Check the digits."
    NOT_ALLOWED = "{shown} is not among the destinations that may be called. An administrator can allow it."
    SPECIAL = (
        "{shown} is a premium, shared-cost or other special number, and those may not be called."
        " An administrator can allow it by a destination such as {meant}."
    )
    DENIED = "{shown} is among the destinations that may not be called. An administrator can change that."


@dataclass(frozen=True)
class Rule:
    """Numbers that begin with `prefix`, such as +4930, may be called, or may not."""

    prefix: str
    allowed: bool


@dataclass(frozen=True)
class Decision:
    """Whether a number may be called: `number` in E.164 if so, else the refusal. `rule` has decided, if one did."""

    number: str | None
    refusal: NumberRefusal | None
    shown: str
    rule: Rule | None = None
    meant: str = ""
    """The shortest prefix by which a special number could be allowed."""
    what: str = ""
    """What it holds more than a number, or the whole number of which it is a part."""

    @property
    def sentence(self) -> str:
        """The refusal as a sentence for the agent; empty without one."""
        return self.refusal.format(shown=self.shown, meant=self.meant, what=self.what) if self.refusal else ""


def decide(text: str, region: str, rules: Iterable[Rule], *, by_caller: bool = False) -> Decision:
    """Whether `text`, which may be anything, is a number that may be called from `region` (ISO 3166, "US").

    A number that a caller has given is never called when it is special, whatever the rules say.
    """
    parsed = _understood(text, region)
    if isinstance(parsed, Decision):
        return parsed
    number = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    shown = phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    rule = longest(number, rules)
    meant = number[: 1 + len(str(parsed.country_code)) + _MEANT_DIGITS]
    refusal = _refusal(parsed, region, rule, meant=None if by_caller else meant)
    return Decision(None if refusal else number, refusal, shown, rule, meant)


def longest(number: str, rules: Iterable[Rule]) -> Rule | None:
    """The rule about a number in E.164: that with the longest prefix."""
    about = (rule for rule in rules if number.startswith(rule.prefix))
    return max(about, key=lambda rule: len(rule.prefix), default=None)


def checked_prefix(text: str) -> str | None:
    """A prefix in E.164, such as +44 or +1 900, without spaces; None unless it begins with a whole country code."""
    try:
        plain = read_digits(text)
    except NotDigitsError:
        return None
    if not re.fullmatch(r"\+[1-9][0-9]{0,14}", plain, re.ASCII):
        return None
    codes = (plain[1:length] for length in (2, 3, 4))
    known = any(code and int(code) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE for code in codes)
    return plain if known else None


def _refusal(parsed: PhoneNumber, region: str, rule: Rule | None, *, meant: str | None) -> NumberRefusal | None:
    if rule is not None and not rule.allowed:
        return NumberRefusal.DENIED
    is_home = phonenumbers.region_code_for_number(parsed) == region
    if rule is None and not is_home:
        return NumberRefusal.NOT_ALLOWED
    is_meant = rule is not None and meant is not None and len(rule.prefix) >= len(meant)
    return None if is_meant or _is_ordinary(parsed) else NumberRefusal.SPECIAL


def _understood(text: str, region: str) -> PhoneNumber | Decision:
    """The number that was typed, or why it is none."""
    digits = _taken_apart(text, region)
    return digits if isinstance(digits, Decision) else _in_use(digits, text, region)


def _taken_apart(text: str, region: str) -> Digits | Decision:
    as_typed = _shown(text)
    if _is_emergency(text, region):
        return Decision(None, NumberRefusal.EMERGENCY, as_typed)
    if _has_extension(text, region):
        return Decision(None, NumberRefusal.EXTENSION, as_typed)
    try:
        return read(text)
    except NotDigitsError as error:
        refusal = NumberRefusal.NOT_ONLY_A_NUMBER if re.search(r"\d", text) else NumberRefusal.NO_NUMBER
        return Decision(None, refusal, as_typed, what=error.what)


def _in_use(digits: Digits, text: str, region: str) -> PhoneNumber | Decision:
    as_typed, parsed = _shown(text), _parsed(digits.plain, region)
    if parsed is None:
        return Decision(None, NumberRefusal.NO_NUMBER, as_typed)
    if not phonenumbers.is_valid_number(parsed):
        is_short = "+" not in text and phonenumbers.is_possible_short_number_for_region(parsed, region)
        return Decision(None, NumberRefusal.SHORT_CODE if is_short else NumberRefusal.NOT_IN_USE, as_typed)
    if (whole := _lacks_beginning(digits, parsed)) is not None:
        return Decision(None, NumberRefusal.NO_BEGINNING, as_typed, what=whole)
    if _is_two(digits, parsed):
        return Decision(None, NumberRefusal.NOT_ONLY_A_NUMBER, as_typed, what="looks like two numbers")
    return parsed


def _is_ordinary(parsed: PhoneNumber) -> bool:
    number = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    return phonenumbers.number_type(parsed) in _ORDINARY or number.startswith(_OF_COMPANIES)


def _parsed(digits: str, region: str) -> PhoneNumber | None:
    parsed = _parse(digits, region)
    if digits.startswith("00") and (parsed is None or not phonenumbers.is_valid_number(parsed)):
        # People from other countries write 00 also where another prefix leads abroad.
        return _parse(f"+{digits[2:]}", region) or parsed
    return parsed


def _parse(text: str, region: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region, keep_raw_input=True)
    except NumberParseException:
        return None


def _has_extension(text: str, region: str) -> bool:
    parsed = _parse(text, region)
    return parsed is not None and parsed.extension is not None


def _lacks_beginning(digits: Digits, parsed: PhoneNumber) -> str | None:
    """How the number is written in its country, if that is longer than what was typed: a local number is another one.

    In Berlin 2312513 is a number, and so is 20260601, but neither is +49 2312513 nor +49 20260601.
    """
    if parsed.country_code_source != CountryCodeSource.FROM_DEFAULT_COUNTRY:
        return None
    national = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    return national if len(digits.plain) < len(re.sub(r"\D", "", national)) else None


def _is_two(digits: Digits, parsed: PhoneNumber) -> bool:
    """Whether a / or a bracket stands behind the area code, as in 030 23125-12/13."""
    if digits.after_mark is None:
        return False
    subscriber = phonenumbers.national_significant_number(parsed)
    return digits.after_mark < len(subscriber) - phonenumbers.length_of_national_destination_code(parsed)


def _is_emergency(text: str, region: str) -> bool:
    # A country code makes it an ordinary number whose first digits only look like one.
    return "+" not in text and phonenumbers.is_emergency_number(text, region)


def _shown(text: str) -> str:
    """What was typed, short of what cannot be seen or would turn the words around."""
    return "".join(letter for letter in text if letter.isprintable())[:_LONGEST_SHOWN].strip() or "This"

"""The ways in which carriers write a number, and the ways in which they may mean one of ours."""

from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat


class NumberFormat(StrEnum):
    """How a number is written to a carrier."""

    PLUS = "plus"
    """+49302312513"""
    DIGITS = "digits"
    """49302312513"""
    ZEROS = "zeros"
    """0049302312513, or what is dialled before a country code in the centre's own country."""
    NATIONAL = "national"
    """0302312513; abroad as with zeros."""


def written(number: str, form: NumberFormat, region: str) -> str:
    """A number as a carrier in `region` (ISO 3166) wants it. What is not in E.164 stays as it is."""
    if not number.startswith("+") or form is NumberFormat.PLUS:
        return number
    if form is NumberFormat.DIGITS:
        return number[1:]
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return number
    if form is NumberFormat.NATIONAL and parsed.country_code == phonenumbers.country_code_for_region(region):
        return _digits(phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL))
    return _abroad(region) + number[1:]


@lru_cache(maxsize=1000)
def spellings(dialled: str, region: str) -> tuple[str, ...]:
    """The ways in which one number of ours may be written, the one that was dialled first."""
    forms = [dialled]
    for text in (dialled, f"+{dialled}", f"+{dialled.removeprefix('00')}"):
        parsed = _valid(text, region)
        if parsed is None:
            continue
        whole = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
        forms += [whole, *(written(whole, form, region) for form in NumberFormat), f"00{whole[1:]}"]
        if parsed.country_code == phonenumbers.country_code_for_region(region):
            forms.append(phonenumbers.national_significant_number(parsed))
        break
    return tuple(dict.fromkeys(forms))


def _valid(text: str, region: str) -> PhoneNumber | None:
    try:
        parsed = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    return parsed if phonenumbers.is_valid_number(parsed) else None


def _abroad(region: str) -> str:
    """What is dialled before a country code."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    prefix = metadata.international_prefix if metadata else None
    return prefix if prefix and prefix.isdigit() else "00"


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())

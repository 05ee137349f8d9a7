"""The ways in which carriers write a number, and the ways in which they may mean one of ours."""

from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

_WITHHELD = frozenset({"", "anonymous", "restricted", "unavailable", "unknown", "private"})
"""What stands in From in place of a number, in lower case. RFC 3323, 4.1.1.3, has the first; carriers the others."""


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


def customer_number(received: str, form: NumberFormat, region: str) -> str | None:
    """The number of a caller whom a carrier in `region` has announced: in E.164 where it can be read so.

    What cannot is left as it came. None when the number is withheld.
    """
    if received.casefold() in _WITHHELD:
        return None
    texts = [received]
    if form is NumberFormat.DIGITS:
        texts.insert(0, f"+{received}")
    elif received.startswith("00"):
        texts.append(f"+{received[2:]}")
    parsed = next((found for text in texts if (found := _valid(text, region)) is not None), None)
    if parsed is None or _lacks_area_code(received, parsed, form):
        return received
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


def _lacks_area_code(received: str, parsed: PhoneNumber, form: NumberFormat) -> bool:
    """Whether this may be a local number: 2312513 is one in Berlin, but +49 2312513 is somebody else."""
    national = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    return form is not NumberFormat.NATIONAL and len(_digits(received)) < len(_digits(national))


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

"""A person's number as others may see it and call it: what is displayed, and a handle by which it is dialled.

Nobody outside takes a handle apart or writes one: it is sent back as it came. To mask numbers is to change `party`, and
`number_of` with it: what is displayed then hides digits, and the handle names a row in place of the number.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

LONGEST_HANDLE = 80

_PREFIX = "number:"
_DIALABLE = re.compile(r"[+*#]*[0-9][0-9 ()./*#+-]*", re.ASCII)


class UnknownHandleError(ValueError):
    """A handle that names nobody who can be called."""

    def __init__(self) -> None:
        super().__init__("Whom to call is not known any more. Load the page anew, or type the number.")


@dataclass(frozen=True)
class DialParty:
    """Somebody's number: as it is displayed, and the handle by which it is dialled; None for one that cannot be."""

    display: str
    handle: str | None


def party(number: str) -> DialParty:
    """A number that is known, for those who see it."""
    dialable = _DIALABLE.fullmatch(number.strip()) and len(number) <= LONGEST_HANDLE - len(_PREFIX)
    return DialParty(display(number), f"{_PREFIX}{number}" if dialable else None)


def number_of(handle: str) -> str:
    """The number that a handle stands for. Raises UnknownHandleError."""
    number = handle.removeprefix(_PREFIX)
    if number == handle or not _DIALABLE.fullmatch(number.strip()):
        raise UnknownHandleError
    return number


@lru_cache(maxsize=10_000)
def display(number: str) -> str:
    """A number in groups, as it is read aloud in its country; what is not in E.164 stays as it is."""
    if not number.startswith("+"):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return number
    if phonenumbers.format_number(parsed, PhoneNumberFormat.E164) != number or not phonenumbers.is_valid_number(parsed):
        return number
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)

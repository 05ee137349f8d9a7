"""Names and other words, checked before they are stored."""

import re
import unicodedata
from collections.abc import Sequence

from db.core.errors import UnusableValueError
from domain.numbering.digits import NotDigitsError, read_digits

LONGEST_NAME = 80


def checked_name(name: str, what: str, *, needs_letter: bool = False) -> str:
    """A name without surrounding space; `what` has it, such as "a menu". Raises UnusableValueError for the field name.

    What people type a number for, too, `needs_letter`.
    """
    plain = name.strip()
    if not 1 <= len(plain) <= LONGEST_NAME:
        raise UnusableValueError(
            f"The name of {what} has 1 to {LONGEST_NAME} characters; this one has {len(plain)}.", field="name"
        )
    if any(unicodedata.category(letter).startswith("C") for letter in plain):
        raise UnusableValueError(f"The name of {what} cannot hold control characters or invisible ones.", field="name")
    if needs_letter and not any(letter.isalpha() for letter in plain):
        raise UnusableValueError(
            f"The name {plain} has no letter, so it could be taken for a number. Add a letter.", field="name"
        )
    return plain


def is_sound(name: str) -> bool:
    """Whether this can be the name of one of Asterisk's sounds; it goes into a request to Asterisk as it is.

    A sound is in a folder of Asterisk's, and never at a path of the machine.
    """
    return len(name) <= LONGEST_NAME and re.fullmatch(r"[0-9A-Za-z_-]+(?:/[0-9A-Za-z_-]+)*", name) is not None


_MOST_NAMED = 10


def known(what: str, names: Sequence[str]) -> str:
    """A sentence that names what there is, so that a mistyped name can be put right."""
    if not names:
        return f"There are no {what} yet."
    return f"The {what} there are: {listed(names)}."


def listed(names: Sequence[str]) -> str:
    """The first of these names in a row."""
    more = ", …" if len(names) > _MOST_NAMED else ""
    return f"{', '.join(names[:_MOST_NAMED])}{more}"


def checked_number(number: str) -> str:
    """A number as callers dial it, without the marks that only make it readable. Raises UnusableValueError."""
    try:
        plain = read_digits(number)
    except NotDigitsError as error:
        raise UnusableValueError(str(error)) from error
    if not re.fullmatch(r"\+?[0-9]{2,20}", plain):
        raise UnusableValueError("This is no number that can be dialled: use 2 to 20 digits, perhaps after a +.")
    return plain

"""Names and other words, checked before they are stored."""

import re
import unicodedata

from db.core.errors import UnusableValueError

LONGEST_NAME = 80


def checked_name(name: str, what: str) -> str:
    """A name without surrounding space; `what` has it, such as "a menu". Raises UnusableValueError."""
    plain = name.strip()
    if not 1 <= len(plain) <= LONGEST_NAME:
        raise UnusableValueError(f"The name of {what} has 1 to {LONGEST_NAME} characters; this one has {len(plain)}.")
    if any(unicodedata.category(letter).startswith("C") for letter in plain):
        raise UnusableValueError(f"The name of {what} cannot hold control characters or invisible ones.")
    return plain


def is_sound(name: str) -> bool:
    """Whether this can be the name of one of Asterisk's sounds; it goes into a request to Asterisk as it is.

    A sound is in a folder of Asterisk's, and never at a path of the machine.
    """
    return len(name) <= LONGEST_NAME and re.fullmatch(r"[0-9A-Za-z_-]+(?:/[0-9A-Za-z_-]+)*", name) is not None

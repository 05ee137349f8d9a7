"""A number as somebody has typed or sent it, taken apart strictly: digits, and the marks that only make it readable.

Whatever else is there may mean another number, so nothing is left out and nothing is guessed.
"""

import re
import unicodedata
from dataclasses import dataclass

_SPACES = " \u00a0\u2009\u202f"
_DASHES = "\u2010\u2011\u2013-"
_MARKS = re.compile(f"[{_SPACES}./(){_DASHES}]")
_DATE = re.compile(
    r"(?:(?:19|20)\d\d([-./])(\d\d?)\1(\d\d?)|(\d\d?)([-./])(\d\d?)\5(?:19|20)\d\d)(?:[T ].*)?", re.ASCII
)
_BRACKETS = re.compile(r"[^()]*(?:\([^()]*[0-9][^()]*\)[^()]*)*", re.ASCII)
_MOST_DAYS, _MOST_MONTHS = 31, 12


class NotDigitsError(ValueError):
    """What was typed is not one number alone. `what` goes on after its subject, as in "holds a letter"."""

    def __init__(self, what: str) -> None:
        super().__init__(f"This {what}. Write one number, and only the digits of it.")
        self.what = what


@dataclass(frozen=True)
class Digits:
    """The digits of what was typed, after a + if there was one, and how many follow its last / or bracket."""

    plain: str
    after_mark: int | None


def read_digits(text: str) -> str:
    """The digits of a number, after a + if it has one. Raises NotDigitsError, which says what is wrong."""
    return read(text).plain


def read(text: str) -> Digits:
    """The number taken apart. Raises NotDigitsError, which says what is wrong."""
    usual = "".join(_in_ascii(letter) for letter in text.strip())
    if not re.search(r"[0-9]", usual):
        raise NotDigitsError("is no number")
    if _is_date(usual):
        raise NotDigitsError("is a date")
    plain = _MARKS.sub("", usual)
    foreign = re.search(r"[^0-9]", plain.removeprefix("+"))
    if foreign is not None:
        raise NotDigitsError(_foreign(foreign.group()))
    if not _BRACKETS.fullmatch(usual):
        raise NotDigitsError("has brackets that do not belong together")
    if usual.count("/") > 1:
        raise NotDigitsError("looks like two numbers")
    last = max(usual.rfind("/"), usual.rfind(")"))
    return Digits(plain, None if last < 0 else len(re.sub(r"[^0-9]", "", usual[last:])))


def _in_ascii(letter: str) -> str:
    # Keyboards of many countries have digits and a plus of their own, which mean the same.
    digit = unicodedata.decimal(letter, None)
    return "+" if letter == "\uff0b" else letter if digit is None else str(digit)


def _is_date(usual: str) -> bool:
    found = _DATE.fullmatch(usual)
    if found is None:
        return False
    one, other = sorted(int(part) for part in found.groups() if part and part.isdigit())
    return 1 <= one <= _MOST_MONTHS and other <= _MOST_DAYS


def _foreign(letter: str) -> str:
    if letter == "+":
        return "has a + where no number has one"
    return f'holds "{letter}"' if letter.isprintable() else "holds a line break or a character that cannot be seen"

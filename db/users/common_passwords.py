"""Passwords that everybody tries first.

The words in common_passwords.txt stand, alone or with digits around them, at the top of the lists of leaked passwords
that are published every year (NCSC and HIBP 2019, NordPass 2020 to 2024, SecLists), or suggest themselves in a contact
centre.
"""

import re
from collections.abc import Iterable
from pathlib import Path

_WORDS = frozenset(Path(__file__).with_suffix(".txt").read_text().split())
_LOOKS_LIKE = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_ROWS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1q2w3e4r5t6z7u8i",
)
_FEWEST_LETTERS = 5
_OF_A_ROW = 4
_OWN_AT_LEAST = 3
_SEPARATORS = re.compile(r"[\W_]+")


def is_common(password: str, own: Iterable[str] = ()) -> bool:
    """Whether a password is one of the first that are tried, also with digits around it or for letters in it.

    `own` are words that are known of its user: name, agent id.
    """
    plain = password.casefold()
    if len(set(plain)) < _FEWEST_LETTERS or _is_row(plain):
        return True
    parts = (part for text in own for part in [*_SEPARATORS.split(text), _SEPARATORS.sub("", text)])
    words = _WORDS | {part.casefold() for part in parts if len(part) >= _OWN_AT_LEAST}
    cores = (_core(plain), _core(plain.translate(_LOOKS_LIKE)), _core(_untailed(plain)))
    return any(_is_of(core, words) for core in cores)


def _untailed(plain: str) -> str:
    return re.sub(r"[\W\d_]+$", "", plain).translate(_LOOKS_LIKE)


def _core(plain: str) -> str:
    return re.sub(r"[\W\d_]+", "", plain)


def _is_of(core: str, words: Iterable[str]) -> bool:
    """Whether nothing but a common word, once or twice, is left."""
    return not core or core in words or (core[: len(core) // 2] * 2 == core and core[: len(core) // 2] in words)


def _is_row(plain: str) -> bool:
    """Whether all of it runs along the keyboard or the alphabet."""
    runs = [
        row[start : start + _OF_A_ROW] for row in (*_ROWS, *(row[::-1] for row in _ROWS)) for start in range(len(row))
    ]
    rest = plain
    for run in sorted((run for run in runs if len(run) == _OF_A_ROW), key=len):
        rest = rest.replace(run, "")
    return len(rest) <= _OF_A_ROW - 1

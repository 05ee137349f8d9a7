"""Text from outside: a caller's name and number are whatever the caller's machine sent."""

import unicodedata

NAME_LIMIT = 120
"""Characters kept of a caller's name."""
NUMBER_LIMIT = 64
"""Characters kept of a number."""

# Control, lone surrogate, private, and format characters, which reverse or hide text; line and paragraph separators.
_HARMFUL = frozenset({"Cc", "Cs", "Co", "Cf", "Zl", "Zp"})


def clean(text: object, limit: int) -> str:
    """The text with what could break a page, a log or a database replaced, cut to so many characters. Never raises."""
    if not isinstance(text, str):
        return ""
    kept = (" " if unicodedata.category(sign) in _HARMFUL else sign for sign in text[: limit * 4])
    return " ".join("".join(kept).split())[:limit].rstrip()

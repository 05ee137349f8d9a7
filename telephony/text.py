"""Text from outside: a caller's name and number are whatever the caller's machine sent."""

import re
import unicodedata

NAME_LIMIT = 120
"""Characters kept of a caller's name."""
NUMBER_LIMIT = 64
"""Characters kept of a number."""

# Control, lone surrogate, private, and format characters, which reverse or hide text; line and paragraph separators.
_HARMFUL = frozenset({"Cc", "Cs", "Co", "Cf", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"
"""Format characters that hide nothing between letters: Persian is written with them, and emoji are joined by them."""
_JOIN_NOTHING = re.compile(rf"(?<!\S)[{_JOINERS}]+|[{_JOINERS}]+(?!\S)")


def clean(text: object, limit: int) -> str:
    """The text with what could break a page, a log or a database replaced, cut to so many characters. Never raises."""
    if not isinstance(text, str):
        return ""
    kept = (
        " " if unicodedata.category(sign) in _HARMFUL and sign not in _JOINERS else sign for sign in text[: limit * 4]
    )
    joined = _JOIN_NOTHING.sub("", "".join(kept))
    return " ".join(joined.split())[:limit].rstrip().rstrip(_JOINERS)

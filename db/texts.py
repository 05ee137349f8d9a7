from db.errors import UnusableValueError

LONGEST_NAME = 80


def checked_name(name: str, what: str) -> str:
    """A name as it is kept: without what cannot be shown. Raises UnusableValueError for none, or one too long."""
    plain = "".join(letter for letter in name if letter.isprintable()).strip()
    if not 1 <= len(plain) <= LONGEST_NAME:
        raise UnusableValueError(
            f"The name of a {what} has 1 to {LONGEST_NAME} characters.".replace("a opening", "opening")
        )
    return plain


def is_sound(name: str) -> bool:
    """Whether this can be the name of one of Asterisk's sounds; it goes into a request to Asterisk as it is."""
    return 1 <= len(name) <= LONGEST_NAME and all(
        letter.isascii() and (letter.isalnum() or letter in "-_/") for letter in name
    )

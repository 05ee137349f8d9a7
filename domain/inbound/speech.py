"""What is spoken to callers, as names of Asterisk's own sounds, one after the other."""

_TENS = 10
_TEENS_END = 20
_HUNDRED = 100
_MOST = 1000
_MINUTE = 60
_KEYS = {"*": "star", "#": "pound"}


def number(value: int) -> tuple[str, ...]:
    """A number from 0 to 999; a larger one is spoken digit by digit."""
    if not 0 <= value < _MOST:
        return digit_by_digit(str(value))
    if value <= _TEENS_END:
        return (f"digits/{value}",)
    if value < _HUNDRED:
        tens, rest = divmod(value, _TENS)
        return (f"digits/{tens * _TENS}", *(number(rest) if rest else ()))
    hundreds, rest = divmod(value, _HUNDRED)
    return (f"digits/{hundreds}", "digits/hundred", *(number(rest) if rest else ()))


def digit_by_digit(digits: str) -> tuple[str, ...]:
    """The digits of a telephone number; what is no digit is not spoken."""
    return tuple(f"digits/{digit}" for digit in digits if digit.isascii() and digit.isdigit())


def press(key: str) -> tuple[str, ...]:
    """The request to press a key."""
    return ("vm-press", f"digits/{_KEYS.get(key, key)}")


def position(place: int) -> tuple[str, ...]:
    """Where a caller stands in line; the first one is 1."""
    if place <= 1:
        return ("queue-youarenext",)
    return ("queue-thereare", *number(place), "queue-callswaiting")


def wait(seconds: float) -> tuple[str, ...]:
    """An estimated wait, in whole minutes."""
    minutes = max(1, round(seconds / _MINUTE))
    if seconds < _MINUTE:
        return ("queue-holdtime", "queue-less-than", "digits/1", "queue-minute")
    return ("queue-holdtime", *number(minutes), "queue-minute" if minutes == 1 else "queue-minutes")


def callback_offer(key: str) -> tuple[str, ...]:
    """How to be called back."""
    return ("vm-tocallback", *press(key))

"""What a caller is asked by voice and answers by keys: a choice of a queue, or a number to be called back at.

A dialog says what is to be spoken next, as names of sounds, and takes one key or a silence after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.inbound.menu import Menu
from domain.inbound.speech import digit_by_digit, press

LONGEST_NUMBER = 20
_TRIES = 3
_PATIENCE_SECONDS = 6


@dataclass(frozen=True)
class Say:
    """Speak this and wait for a key; without sounds, only wait."""

    sounds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """The caller has chosen a queue; None when the menu has nothing for those who choose nothing."""

    queue_id: UUID | None


@dataclass(frozen=True)
class CallMeBack:
    """The caller wants to be called back at this number."""

    number: str


@dataclass(frozen=True)
class Check:
    """Find out whether this number may be dialled, and tell the dialog."""

    number: str


@dataclass(frozen=True)
class Cancelled:
    """The caller would rather wait on."""


Reply = Say | Chosen | CallMeBack | Check | Cancelled


class Dialog(Protocol):
    """A conversation by keys."""

    @property
    def patience_seconds(self) -> int:
        """How long a key may be waited for once everything has been spoken."""

    def open(self) -> Reply:
        """What is said first."""

    def hear(self, key: str | None) -> Reply:
        """What follows a key, or a silence."""


@dataclass
class MenuDialog:
    """Asks for one of the menu's keys, as often as the menu repeats; then takes the menu's other way."""

    menu: Menu
    tries: int = 1

    @property
    def patience_seconds(self) -> int:
        """As the menu says."""
        return self.menu.patience_seconds

    def open(self) -> Reply:
        """The menu's prompt."""
        return Say(self.menu.prompt)

    def hear(self, key: str | None) -> Reply:
        """The queue behind the key; another key or none repeats the prompt."""
        options = dict(self.menu.options)
        if key in options:
            return Chosen(options[key])
        if self.tries >= self.menu.repeats:
            return Chosen(self.menu.otherwise_queue_id)
        self.tries += 1
        return Say((*(("pbx-invalid",) if key else ()), *self.menu.prompt))


@dataclass
class CallbackDialog:
    """Offers to call back: 1 takes the number that is spoken, 2 enters another, star goes back to the line."""

    caller: str
    number: str | None = None
    tries: int = 0
    entered: str = ""
    opened: bool = False

    @property
    def patience_seconds(self) -> int:
        """Enough to look for the next digit."""
        return _PATIENCE_SECONDS

    def open(self) -> Reply:
        """Begins with the number that the caller calls from."""
        return Check(self.caller)

    def checked(self, number: str | None) -> Reply:
        """Takes a number in the form in which it is dialled, or None when it may not be dialled."""
        self.number = number
        if number is not None:
            return Say(_confirm(number))
        if self.opened:
            return self._again(("check-number-dial-again", *_ENTER))
        self.opened = True
        return Say(_ENTER)

    def hear(self, key: str | None) -> Reply:
        """Takes a key."""
        if key == "*":
            return Cancelled()
        return self._enter(key) if self.number is None else self._confirm(self.number, key)

    def _confirm(self, number: str, key: str | None) -> Reply:
        self.opened = True
        match key:
            case "1":
                return CallMeBack(number)
            case "2":
                self.number = None
                return Say(_ENTER)
            case _:
                return self._again(_confirm(number))

    def _enter(self, key: str | None) -> Reply:
        if key is not None and key != "#":
            self.entered = (self.entered + key)[:LONGEST_NUMBER]
            return Say()
        entered, self.entered = self.entered, ""
        return Check(entered)

    def _again(self, sounds: Sequence[str]) -> Reply:
        self.tries += 1
        return Cancelled() if self.tries >= _TRIES else Say(tuple(sounds))


_ENTER = ("vm-enter-num-to-call", "vm-then-pound")


def _confirm(number: str) -> tuple[str, ...]:
    spoken = ("telephone-number", *digit_by_digit(number))
    return (*spoken, "if-correct-press", "digits/1", "vm-toenternumber", *press("2"))

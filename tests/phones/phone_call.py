import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal

from tests.phones.errors import PhoneError, PhoneTimeout
from tests.phones.messages import Answer, CallChanged, CallState, Command, HangUp, SendDigits, SetHold

Direction = Literal["in", "out"]
Send = Callable[[Callable[[int], Command]], Awaitable[None]]


class PhoneCall:
    """One call of a test phone, either way."""

    def __init__(self, number: int, direction: Direction, send: Send, invite: str = "") -> None:
        self.number = number
        self.direction = direction
        self.invite = invite
        """The INVITE as it arrived, for tests that look at headers; empty for a call we dialled."""
        self.states: list[CallState] = []
        self.since: dict[CallState, float] = {}
        """When each state began, in seconds since 1970."""
        self.digits = ""
        self.status: int | None = None
        """The call's final SIP status, once it has ended: 200 when it was answered and then hung up."""
        self.reason = ""
        self.recording: Path | None = None
        self._send = send
        self._changed = asyncio.Event()
        self._lost: str | None = None

    @property
    def state(self) -> CallState | None:
        return self.states[-1] if self.states else None

    @property
    def answered(self) -> bool:
        return "confirmed" in self.states

    @property
    def ended(self) -> bool:
        return self.state == "disconnected"

    @property
    def caller(self) -> str:
        """The user part of an arrived INVITE's From: the number that the phone shows."""
        found = re.search(r"^From:[^\r\n]*?sips?:([^@>;\r\n]*)@", self.invite, re.IGNORECASE | re.MULTILINE)
        return found[1] if found else ""

    @property
    def dialled(self) -> str:
        """The user part of an arrived INVITE's request URI: the number that was called."""
        found = re.match(r"INVITE sips?:([^@>;\s]*)@", self.invite)
        return found[1] if found else ""

    @property
    def caller_name(self) -> str:
        """The display name of an arrived INVITE's From."""
        found = re.search(r'^From:\s*"((?:[^"\\]|\\.)*)"', self.invite, re.IGNORECASE | re.MULTILINE)
        return re.sub(r"\\(.)", r"\1", found[1]) if found else ""

    async def wait_for(self, state: CallState, timeout: float = 10.0) -> None:  # noqa: ASYNC109  # Part of the phone's language.
        """Wait until the call has been in a state; PhoneError when it ended first, PhoneTimeout when it is too late."""
        await self._wait(lambda: state in self.states or self.ended, f"state {state}", timeout)
        if state not in self.states:
            raise PhoneError(f"the call ended with {self.status} {self.reason} before it was {state}")

    async def wait_for_end(self, timeout: float = 10.0) -> int:  # noqa: ASYNC109  # Part of the phone's language.
        """Wait until the call is over and give its final SIP status."""
        await self.wait_for("disconnected", timeout)
        return self.status or 0

    async def wait_for_digits(self, digits: str, timeout: float = 10.0) -> None:  # noqa: ASYNC109  # Part of the phone's language.
        """Wait until the other side has pressed these digits, one after the other."""
        await self._wait(lambda: digits in self.digits, f"digits {digits}", timeout)

    async def answer(self) -> None:
        await self._send(lambda request: Answer(request=request, call=self.number, status=200))

    async def decline(self, status: int = 603) -> None:
        await self._send(lambda request: Answer(request=request, call=self.number, status=status))

    async def hang_up(self, timeout: float = 5.0) -> None:  # noqa: ASYNC109  # Part of the phone's language.
        """End the call, whatever its state, and wait until it is over and its recording complete."""
        if not self.ended:
            await self._send(lambda request: HangUp(request=request, call=self.number))
            await self.wait_for_end(timeout)

    async def dtmf(self, digits: str) -> None:
        """Press digits (RFC 4733)."""
        await self._send(lambda request: SendDigits(request=request, call=self.number, digits=digits))

    async def hold(self) -> None:
        await self._send(lambda request: SetHold(request=request, call=self.number, held=True))

    async def resume(self) -> None:
        await self._send(lambda request: SetHold(request=request, call=self.number, held=False))

    def note_change(self, change: CallChanged) -> None:
        """Take in what the phone's process reports."""
        self.note_state(change.state)
        self.recording = Path(change.recording) if change.recording else self.recording
        if change.state == "disconnected":
            self.status, self.reason = change.status, change.reason
        self._wake()

    def note_state(self, state: CallState) -> None:
        """Take in where the call is now."""
        if state != self.state:
            self.states.append(state)
            self.since.setdefault(state, time.time())

    def note_digit(self, digit: str) -> None:
        """Take in a digit that the other side pressed."""
        self.digits += digit
        self._wake()

    def note_loss(self, why: str) -> None:
        """The phone's process is gone: whoever waits for this call learns it now."""
        self._lost = why
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _wait(self, done: Callable[[], bool], what: str, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not done():
                    if self._lost is not None:
                        raise PhoneError(self._lost)
                    await self._changed.wait()
        except TimeoutError:
            raise PhoneTimeout(f"no {what} within {seconds:g} s; the call went through {self.states}") from None

"""Which keys of customers leave the node: those that their call asks for, and no others."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from everline.node.calls.serial import SerialExecutor
from everline.node.calls.signals import CallSignals

log = structlog.get_logger(__name__)

MOST_WAITING = 8
"""Keys of one call that wait to be told. Nobody presses faster than a call is asked; a tone generator does."""
MOST = 500
"""Keys of one call that it is told at all. A workflow takes 10,000 signals, and its end has to be among them."""
FRESH = 0.3
"""Seconds that a call which asks for no key is not asked again."""


@dataclass
class _Call:
    """What is known of a call whose customer presses keys."""

    waiting: int = 0
    told: int = 0
    not_before: float = 0.0
    """When it may be asked again whether it wants a key."""


@dataclass
class Keys:
    """Asks the call itself, by a query: that leaves nothing in its history, and a restart of the node loses nothing.

    Keys that are pressed in a talk may be a card number, and are only for the other party.
    """

    signals: CallSignals
    clock: Callable[[], float] = field(default=lambda: asyncio.get_running_loop().time())
    _executor: SerialExecutor = field(default_factory=SerialExecutor)
    _calls: dict[str, _Call] = field(default_factory=dict)

    def pressed(self, call_id: str, digit: str) -> None:
        """A customer has pressed a key. Returns at once: no other event of the call waits for it."""
        call = self._calls.setdefault(call_id, _Call())
        if call.waiting >= MOST_WAITING or call.told >= MOST or self.clock() < call.not_before:
            return
        call.waiting += 1
        self._executor.submit(call_id, lambda: self._tell(call_id, call, digit))

    def over(self, call_id: str) -> None:
        """The customer is gone."""
        self._calls.pop(call_id, None)

    async def close(self) -> None:
        """Drops what is left."""
        await self._executor.close()

    async def _tell(self, call_id: str, call: _Call, digit: str) -> None:
        try:
            if digit not in await self.signals.wanted_keys(call_id):
                call.not_before = self.clock() + FRESH
                return
            await self.signals.pressed(call_id, digit)
        finally:
            call.waiting -= 1
        call.told += 1
        if call.told == MOST:
            log.warning("no more keys of this call are taken", call_id=call_id)

"""Asks silent parties whether they are still there: a phone that lost its network says no goodbye."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog

from everline.node.keeping import keep_looking
from telephony.asterisk import Asterisk
from telephony.model import Channel

log = structlog.get_logger(__name__)

_EVERY = 30.0
"""Seconds between two looks. A party that was not heard from one to the next is asked, and has 32 s to answer."""


@dataclass
class SessionRefresh:
    """Watches the sound of all who are on a trunk: agents' phones are watched by Asterisk itself.

    A party that is heard is there, and is not asked: many trunks refuse a request within a call, or lose it, while the
    talk goes on. A silent party may be on hold, or send nothing while nobody speaks; any answer at all shows that it is
    there.
    """

    asterisk: Asterisk
    _heard: dict[str, int] = field(default_factory=dict)
    """How many packets of sound had come from each at the last look."""

    async def keep(self) -> None:
        """Looks for ever."""
        await keep_looking(self.look, _EVERY, "nobody was asked whether they are there")

    async def look(self) -> None:
        """Looks once."""
        legs = [channel for channel in await self.asterisk.channels() if channel.is_up and channel.on_trunk]
        heard = await self._packets(legs)
        silent = [leg for leg, packets in heard.items() if self._heard.get(leg) == packets]
        self._heard = heard
        for leg in silent:
            try:
                await self.asterisk.ask(leg)
            except Exception:
                # One leg that cannot be asked must not keep the others from it.
                log.exception("not asked", channel=leg)

    async def _packets(self, legs: Iterable[Channel]) -> dict[str, int]:
        found: dict[str, int] = {}
        for leg in legs:
            packets = await self.asterisk.heard_packets(leg.id)
            if packets is not None:
                found[leg.id] = packets
        return found

"""Phones that come back at another address while a call of theirs is still at the old one."""

import asyncio
import re
from dataclasses import dataclass

import structlog

from domain.calls import ids
from domain.calls.causes import HangupCause
from everline.node.calls.hangups import Hangups, Why
from telephony.asterisk import Asterisk
from telephony.errors import NotFound
from telephony.model import Channel

log = structlog.get_logger(__name__)

_SILENCE = 2.0
"""Seconds without sound after which a talk at the old address is over: a phone behind a router that gave it another
port goes on talking."""


_URI = re.compile(r"<?sips?:(?:[^@]*@)?(\[[^]]*]|[^:;?>]+)(?::(\d+))?", re.IGNORECASE)


def _place(uri: str) -> tuple[str, str]:
    """Host and port of a SIP URI: the user and the parameters of a phone's Contact are not the same in all it sends."""
    found = _URI.match(uri)
    return (found[1].lower(), found[2] or "") if found else (uri, "")


@dataclass(frozen=True)
class MovedPhones:
    """Gives up what rings, or is silent, at an address that its phone has left; the call then rings the new one."""

    asterisk: Asterisk
    hangups: Hangups
    silence: float = _SILENCE

    async def check(self, extension: str, address: str) -> None:
        """Looks at the calls of a phone that has just registered at an address."""
        try:
            legs = (await self.asterisk.endpoint(extension)).channels
        except NotFound:
            return
        await asyncio.gather(*(self._check(leg, address) for leg in legs))

    async def _check(self, leg: str, address: str) -> None:
        # A customer's leg, which a trunk has, was rung at no phone of ours, and a silent customer may be on hold.
        if ids.parse_leg(leg).is_customer:
            return
        at = await self.asterisk.target_of(leg)
        if not at or _place(at) == _place(address):
            return
        try:
            channel = await self.asterisk.channel(leg)
        except NotFound:
            return
        if not await self._is_left(channel):
            return
        log.info("phone is at another address now", channel=leg)
        self.hangups.decided(leg, Why(lost=channel.is_up, moved=not channel.is_up))
        await self.asterisk.hang_up(leg, HangupCause.ANSWERED_ELSEWHERE)

    async def _is_left(self, channel: Channel) -> bool:
        if not channel.is_up:
            return True
        before = await self.asterisk.heard_packets(channel.id)
        await asyncio.sleep(self.silence)
        return before is not None and before == await self.asterisk.heard_packets(channel.id)

from dataclasses import dataclass, field
from typing import cast

from db.core.clock import now
from everline.node.calls.session_refresh import SessionRefresh
from telephony.asterisk import Asterisk
from telephony.config.dialplan import PHONE_CONTEXT, TRUNK_CONTEXT
from telephony.model import Channel, ChannelState


def leg(name: str, context: str = TRUNK_CONTEXT, state: ChannelState = ChannelState.UP) -> Channel:
    return Channel(name, f"PJSIP/x-{name}", state, "", "", "", now(), context=context)


@dataclass
class HearingAsterisk:
    """An Asterisk with these legs, from which so many packets have come; it notes who is asked."""

    legs: list[Channel]
    packets: dict[str, int | None]
    asked: list[str] = field(default_factory=list)

    async def channels(self) -> list[Channel]:
        return self.legs

    async def heard_packets(self, channel: str) -> int | None:
        return self.packets[channel]

    async def ask(self, channel: str) -> None:
        self.asked.append(channel)
        if channel == "broken":
            raise ValueError


async def look(refresh: SessionRefresh, asterisk: HearingAsterisk, **packets: int | None) -> list[str]:
    asterisk.packets |= packets
    asterisk.asked.clear()
    await refresh.look()
    return list(asterisk.asked)


async def test_whoever_is_heard_is_asked_nothing_and_whoever_is_silent_is() -> None:
    asterisk = HearingAsterisk([leg("speaks"), leg("silent")], {})
    refresh = SessionRefresh(cast("Asterisk", asterisk))
    assert await look(refresh, asterisk, speaks=1, silent=0) == []
    assert await look(refresh, asterisk, speaks=2, silent=0) == ["silent"]
    assert await look(refresh, asterisk, speaks=2, silent=7) == ["speaks"]


async def test_only_answered_legs_on_trunks_are_asked() -> None:
    legs = [leg("phone", PHONE_CONTEXT), leg("rings", state=ChannelState.RINGING), leg("gone")]
    asterisk = HearingAsterisk(legs, {"gone": None})
    refresh = SessionRefresh(cast("Asterisk", asterisk))
    for _ in range(2):
        assert await look(refresh, asterisk) == []


async def test_one_who_cannot_be_asked_keeps_nobody_else_from_it() -> None:
    asterisk = HearingAsterisk([leg("broken"), leg("silent")], {"broken": 0, "silent": 0})
    refresh = SessionRefresh(cast("Asterisk", asterisk))
    await look(refresh, asterisk)
    assert await look(refresh, asterisk) == ["broken", "silent"]

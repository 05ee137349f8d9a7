"""A phone has moved when host or port of its address is another one; customers' legs are no phones of ours."""

from dataclasses import dataclass, field
from typing import cast

import pytest

from db.core.clock import now
from domain.calls.causes import HangupCause
from everline.node.calls.hangups import Hangups
from everline.node.phones.moved import MovedPhones
from telephony.asterisk import Asterisk
from telephony.model import Channel, ChannelState, Endpoint

AT = "sip:1003@192.0.2.7:5080"


@dataclass
class OneLeg:
    """An Asterisk with one silent leg, which was rung at `at`."""

    leg: str
    at: str
    ended: list[str] = field(default_factory=list)

    async def endpoint(self, name: str) -> Endpoint:
        return Endpoint(name, online=True, channels=(self.leg,))

    async def target_of(self, _: str) -> str:
        return self.at

    async def channel(self, name: str) -> Channel:
        return Channel(name, "PJSIP/1003-1", ChannelState.UP, "", "", "", now())

    async def heard_packets(self, _: str) -> int:
        return 7

    async def hang_up(self, leg: str, _: HangupCause) -> None:
        self.ended.append(leg)


async def given_up(leg: str, at: str) -> bool:
    asterisk = OneLeg(leg, at)
    await MovedPhones(cast("Asterisk", asterisk), Hangups(), silence=0.0).check("1003", AT)
    return asterisk.ended == [leg]


@pytest.mark.parametrize("at", ["sip:1003@192.0.2.7:5081", "sip:1003@192.0.2.8:5080"])
async def test_a_silent_talk_at_another_address_is_given_up(at: str) -> None:
    assert await given_up("n1-1.2-a1", at)


@pytest.mark.parametrize("at", [AT, "sip:x@192.0.2.7:5080", "sip:192.0.2.7:5080;ob", "<sip:1003@192.0.2.7:5080>", ""])
async def test_another_way_to_write_the_same_address_is_no_other_address(at: str) -> None:
    assert not await given_up("n1-1.2-a1", at)


@pytest.mark.parametrize("leg", ["n1-1.2", "n1-1.2-c1"])
async def test_a_silent_customer_is_let_be_wherever_the_trunk_is(leg: str) -> None:
    assert not await given_up(leg, "sip:+4930555@192.0.2.9:5395")

"""Asking somebody on a trunk who is silent: whatever is answered is an answer."""

import asyncio
import re

import pytest

from telephony.events import ChannelDestroyed, ChannelEnteredApp
from tests.phones.raw_phone import RawPhone, header
from tests.telephony.node import CALLER_ADDRESS, SENDER, TestNode


async def answered(node: TestNode, caller: RawPhone, *headers: bytes) -> tuple[str, bytes]:
    """A caller's channel, and the reply with which the call was answered."""
    mark = node.heard.mark()
    caller.dial(node.sip, "5000", SENDER, headers)
    channel = (await node.heard.wait(ChannelEnteredApp, after=mark)).channel.id
    await node.asterisk.answer(channel)
    return channel, await caller.next_reply("INVITE")


async def asked(node: TestNode, caller: RawPhone, channel: str) -> None:
    """Waits until the caller is asked: of a call whose ACK is still on its way, Asterisk asks nobody."""
    async with asyncio.timeout(15):
        while not caller.got("INVITE"):
            await node.asterisk.ask(channel)
            await asyncio.sleep(0.1)  # It comes, or has not been sent.


def audio_of(message: bytes) -> list[bytes]:
    """The codecs that a message offers or agrees to."""
    found = re.search(rb"m=audio \d+ RTP/AVP ([\d ]+)", message)
    return found[1].split() if found else []


async def test_session_timers_are_forced_on_nobody(node: TestNode) -> None:
    async with RawPhone.start(CALLER_ADDRESS) as caller:
        channel, reply = await answered(node, caller)
        assert header(reply, "Session-Expires") == b""
        await node.asterisk.hang_up(channel)


@pytest.mark.parametrize("status", [500, 488, 491, 405, 403, 200])
async def test_whatever_is_answered_the_call_goes_on(node: TestNode, status: int) -> None:
    async with RawPhone.start(CALLER_ADDRESS) as caller:
        channel, _ = await answered(node, caller)
        caller.answers["INVITE"] = status
        await asked(node, caller, channel)
        await caller.next_request("INVITE")
        await caller.next_request("ACK")
        assert await node.asterisk.exists(channel)
        assert caller.got("BYE") == []
        await node.asterisk.hang_up(channel)


async def test_a_phone_that_knows_nothing_of_the_call_has_ended_it(node: TestNode) -> None:
    async with RawPhone.start(CALLER_ADDRESS) as caller:
        channel, _ = await answered(node, caller)
        caller.answers["INVITE"] = 481
        mark = node.heard.mark()
        await asked(node, caller, channel)
        await node.heard.wait(ChannelDestroyed, lambda event: event.channel.id == channel, after=mark)


async def test_packets_of_sound_are_counted(node: TestNode) -> None:
    async with RawPhone.start(CALLER_ADDRESS) as caller:
        channel, _ = await answered(node, caller)
        before = await node.asterisk.heard_packets(channel)
        async with caller.speaking(), asyncio.timeout(10):
            while await node.asterisk.heard_packets(channel) == before:
                pass
        await node.asterisk.hang_up(channel)
        assert await node.asterisk.heard_packets("gone") is None


async def test_the_refresh_offers_first_what_was_agreed(node: TestNode) -> None:
    async with RawPhone.start(CALLER_ADDRESS) as caller:
        channel, answer = await answered(node, caller)
        await asked(node, caller, channel)
        offer = await caller.next_request("INVITE")
        assert audio_of(answer)[0] == audio_of(offer)[0] == b"0"
        await node.asterisk.hang_up(channel)

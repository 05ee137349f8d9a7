import asyncio

import pytest

from domain.calls.causes import HangupCause
from telephony.errors import NotFound, NotInApplication
from telephony.events import ChannelDestroyed, ChannelEnteredApp
from telephony.model import ChannelState
from tests.phones.raw_caller import RawCaller
from tests.telephony.node import TestNode
from tests.telephony.running import NODE_NAME


async def test_a_call_enters_with_its_number_and_caller(node: TestNode, caller: RawCaller) -> None:
    event = await node.inbound(caller, "+49301234")
    assert event.arguments[:2] == ("inbound", "+49301234")
    assert event.channel.id.startswith(f"{NODE_NAME}-")
    assert (event.channel.caller_name, event.channel.caller_number) == ("Carol", "+4930555")
    assert (event.channel.endpoint, event.channel.state) == ("line", ChannelState.RING)
    assert await node.asterisk.channel(event.channel.id) == event.channel


async def test_a_caller_who_hangs_up_is_heard_once(node: TestNode, caller: RawCaller) -> None:
    mark = node.heard.mark()
    channel = (await node.inbound(caller)).channel
    await node.asterisk.answer(channel.id)
    await caller.wait_for(200)
    caller.hang_up()
    ended = await node.heard.wait(ChannelDestroyed, lambda event: event.channel.id == channel.id)
    assert ended.cause is HangupCause.NORMAL
    async with asyncio.timeout(5):
        # It left us, which is what we are told; Asterisk then needs a moment to clear it away.
        while await node.asterisk.exists(channel.id):  # noqa: ASYNC110  # No event tells of it.
            await asyncio.sleep(0.01)
    assert len([e for e in node.heard.after(mark, ChannelDestroyed) if e.channel.id == channel.id]) == 1


async def test_a_caller_who_cancels_while_it_rings_is_heard(node: TestNode, caller: RawCaller) -> None:
    channel = (await node.inbound(caller)).channel
    await node.asterisk.ring(channel.id)
    await caller.wait_for(180)
    caller.hang_up()
    await node.heard.wait(ChannelDestroyed, lambda event: event.channel.id == channel.id)


@pytest.mark.parametrize(
    ("cause", "status"),
    [
        (HangupCause.UNALLOCATED, 404),
        (HangupCause.NORMAL, 603),
        (HangupCause.BUSY, 486),
        (HangupCause.NO_USER_RESPONSE, 408),
        (HangupCause.NO_ANSWER, 480),
        (HangupCause.SUBSCRIBER_ABSENT, 480),
        (HangupCause.REJECTED, 403),
        (HangupCause.FAILURE, 500),
        (HangupCause.CONGESTION, 503),
        (34, 503),
        (None, 603),
    ],
)
async def test_a_cause_reaches_the_caller(
    node: TestNode, caller: RawCaller, cause: HangupCause | int | None, status: int
) -> None:
    channel = (await node.inbound(caller)).channel
    assert await node.asterisk.hang_up(channel.id, cause)
    assert await caller.wait_for(300) == status


async def test_commands_may_be_repeated(node: TestNode, caller: RawCaller) -> None:
    asterisk, channel = node.asterisk, (await node.inbound(caller)).channel
    for _ in range(2):
        await asterisk.ring(channel.id)
    for _ in range(2):
        await asterisk.answer(channel.id)
        await asterisk.ring(channel.id)
        await asterisk.start_music(channel.id)
    for _ in range(2):
        await asterisk.stop_music(channel.id)
        await asterisk.mute(channel.id)
    for _ in range(2):
        await asterisk.unmute(channel.id)
    await asterisk.send_dtmf(channel.id, "12#")
    assert await asterisk.hang_up(channel.id)
    await node.heard.wait(ChannelDestroyed, lambda event: event.channel.id == channel.id)
    async with asyncio.timeout(5):
        while await asterisk.hang_up(channel.id):  # noqa: ASYNC110  # Asterisk tells the end before it has forgotten.
            await asyncio.sleep(0.02)
    await asterisk.stop_music(channel.id)
    await asterisk.unmute(channel.id)


async def test_commands_to_a_channel_that_is_gone_say_so(node: TestNode) -> None:
    for command in (node.asterisk.answer, node.asterisk.ring, node.asterisk.start_music, node.asterisk.mute):
        with pytest.raises((NotFound, NotInApplication)):
            await command("gone")


async def test_answer_and_music_can_be_sent_without_waiting(node: TestNode, caller: RawCaller) -> None:
    channel = (await node.inbound(caller)).channel
    await asyncio.gather(node.asterisk.answer(channel.id), node.asterisk.start_music(channel.id))
    assert (await node.asterisk.channel(channel.id)).state is ChannelState.UP


@pytest.mark.parametrize(
    ("sender", "name", "number"),
    [
        (b'"' + b"N" * 300 + b'" <sip:+49@x>', "N" * 79, "+49"),
        (b'"<script>\\"a\\\\" <sip:%22%3Cb%3E@x>', '<script>"a\\', '"<b>'),
        (b'"\xff\xfe" <sip:49@x>', None, "49"),
        (b'"a\x01\x1b[31m\xe2\x80\xaeb" <sip:49@x>', None, "49"),
        (b"<sip:anonymous@anonymous.invalid>", "", "anonymous"),
        (b"<sip:x@x>", "", "x"),
    ],
)
async def test_hostile_callers_are_kept_as_text(
    node: TestNode, caller: RawCaller, sender: bytes, name: str | None, number: str
) -> None:
    # Asterisk itself cuts a name after 79 characters.
    channel = (await node.inbound(caller, sender=sender)).channel
    assert channel.caller_number == number
    assert name is None or channel.caller_name == name
    assert channel.caller_name.isprintable()


@pytest.mark.parametrize("number", ["5000,agent", "a%2Cb", "%24%7BEXTEN%7D", "5%27%22%3B5"])
async def test_a_hostile_number_stays_one_argument(node: TestNode, caller: RawCaller, number: str) -> None:
    mark = node.heard.mark()
    caller.dial(node.sip, number, b"<sip:1@x>")
    final = asyncio.create_task(caller.wait_for(400))
    entered = asyncio.create_task(node.heard.wait(ChannelEnteredApp, after=mark))
    done, _ = await asyncio.wait({final, entered}, return_when=asyncio.FIRST_COMPLETED)
    final.cancel()
    if entered in done:
        assert len(entered.result().arguments) == 2
        assert entered.result().arguments[1].strip("0123456789abcdefghijklmnopqrstuvwxyzEXTN") == ""
    else:
        entered.cancel()

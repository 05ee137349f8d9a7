import asyncio
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from telephony.ari import AriHttp
from telephony.asterisk import Asterisk
from telephony.errors import NotFound, NotInApplication
from telephony.events import ChannelDestroyed, DtmfReceived
from tests.phones.audio import read_wav, tones_in
from tests.phones.raw_caller import RawCaller
from tests.telephony.node import TestNode
from tests.telephony.talk import CALLER_TONE, PHONE_TONE, talking

_TALK_SECONDS = 2.5
"""Sound takes its own time: there is no event to wait for."""


def _quietest_level(path: Path, seconds: float) -> float:
    """The level (dB of full scale) of the quietest tenth of the last seconds."""
    samples, rate = read_wav(path)
    frames = samples[-round(seconds * rate) :]
    frames = frames[: len(frames) // 160 * 160].reshape(-1, 160)
    levels = 10 * np.log10((frames**2).mean(axis=1) + 1e-12)
    return float(np.percentile(levels, 10))


async def test_two_hear_each_other_and_no_music(node: TestNode, tmp_path: Path) -> None:
    async with talking(node, tmp_path, "music") as talk:
        await asyncio.sleep(_TALK_SECONDS)
        await talk.caller.hang_up()
        await node.heard.wait(ChannelDestroyed, lambda event: event.channel.id == talk.caller_leg)
        await node.asterisk.hang_up(talk.phone_leg)
        await talk.phone.wait_for_end()
    assert tones_in(tmp_path / "caller.wav", [PHONE_TONE])[PHONE_TONE].seconds > 1
    assert tones_in(tmp_path / "phone.wav", [CALLER_TONE])[CALLER_TONE].seconds > 1
    # The tones pause; music would fill the pauses.
    assert _quietest_level(tmp_path / "caller.wav", 1.5) < -50


async def test_a_muted_channel_is_not_heard(node: TestNode, tmp_path: Path) -> None:
    async with talking(node, tmp_path, "mute") as talk:
        for _ in range(2):
            await node.asterisk.mute(talk.phone_leg)
        await asyncio.sleep(_TALK_SECONDS)
        await talk.caller.hang_up()
        await node.asterisk.hang_up(talk.phone_leg)
        await talk.phone.wait_for_end()
    assert tones_in(tmp_path / "caller.wav", [PHONE_TONE])[PHONE_TONE].seconds < 0.5
    assert tones_in(tmp_path / "phone.wav", [CALLER_TONE])[CALLER_TONE].seconds > 1


async def test_who_is_asked_whether_anybody_is_there_hears_no_gap(node: TestNode, tmp_path: Path) -> None:
    async with talking(node, tmp_path, "asked") as talk:
        for _ in range(10):
            await asyncio.gather(node.asterisk.ask(talk.caller_leg), node.asterisk.ask(talk.phone_leg))
            await asyncio.sleep(_TALK_SECONDS / 10)
        await talk.caller.hang_up()
        await node.heard.wait(ChannelDestroyed, lambda event: event.channel.id == talk.caller_leg)
        await node.asterisk.hang_up(talk.phone_leg)
        await talk.phone.wait_for_end()
    # The tones pause for two fifths of the time.
    assert tones_in(tmp_path / "caller.wav", [PHONE_TONE])[PHONE_TONE].seconds > 0.55 * _TALK_SECONDS
    assert tones_in(tmp_path / "phone.wav", [CALLER_TONE])[CALLER_TONE].seconds > 0.55 * _TALK_SECONDS


async def test_who_has_not_been_answered_or_is_gone_is_not_asked(node: TestNode, caller: RawCaller) -> None:
    channel = (await node.inbound(caller)).channel.id
    await node.asterisk.ask(channel)
    await node.asterisk.answer(channel)
    await node.asterisk.hang_up(channel)
    await node.heard.wait(ChannelDestroyed, lambda event: event.channel.id == channel)
    await node.asterisk.ask(channel)


async def test_digits_go_both_ways(node: TestNode, tmp_path: Path) -> None:
    async with talking(node, tmp_path, "digits") as talk:
        mark = node.heard.mark()
        await talk.caller.dtmf("4")
        heard = await node.heard.wait(DtmfReceived, after=mark)
        assert (heard.channel.id, heard.digit) == (talk.caller_leg, "4")
        await talk.phone.wait_for_digits("4")
        await node.asterisk.send_dtmf(talk.caller_leg, "7#")
        await talk.caller.wait_for_digits("7#")


async def _until_gone(node: TestNode, bridge: str) -> None:
    """Waits until a destroyed bridge is not found; a busy Asterisk still tells of it for a moment."""
    async with asyncio.timeout(5):
        with suppress(NotFound):
            while await node.asterisk.bridge(bridge):  # noqa: ASYNC110  # No event tells that it is not found.
                await asyncio.sleep(0.02)


async def test_bridge_commands_may_be_repeated(node: TestNode, caller: RawCaller) -> None:
    asterisk, channel = node.asterisk, (await node.inbound(caller)).channel.id
    await asterisk.answer(channel)
    assert await asterisk.create_bridge("repeat-b")
    assert not await asterisk.create_bridge("repeat-b")
    for _ in range(2):
        await asterisk.add_to_bridge("repeat-b", [channel])
    assert (await asterisk.bridge("repeat-b")).channels == (channel,)
    assert "repeat-b" in {bridge.id for bridge in await asterisk.bridges()}
    for _ in range(2):
        await asterisk.remove_from_bridge("repeat-b", channel)
    assert (await asterisk.bridge("repeat-b")).channels == ()
    assert await asterisk.destroy_bridge("repeat-b")
    assert not await asterisk.destroy_bridge("repeat-b")
    await asterisk.remove_from_bridge("repeat-b", channel)
    await _until_gone(node, "repeat-b")
    await asterisk.hang_up(channel)


async def test_a_bridge_without_its_channel_says_so(node: TestNode) -> None:
    await node.asterisk.create_bridge("lonely-b")
    with pytest.raises((NotFound, NotInApplication)):
        await node.asterisk.add_to_bridge("lonely-b", ["gone"])
    with pytest.raises(NotFound):
        await node.asterisk.add_to_bridge("never-was", ["gone"])
    await node.asterisk.destroy_bridge("lonely-b")


async def test_a_channel_that_is_busy_for_ever_keeps_no_other_request_waiting(
    node: TestNode, caller: RawCaller
) -> None:
    site = node.site
    leg = (await node.inbound(caller)).channel.id
    async with AriHttp(site.http_port, site.ari_user, site.ari_password) as http:
        asterisk = Asterisk(node.link, site.recording_dir, http)
        await asterisk.answer(leg)
        await asterisk.create_bridge("busy")
        await asterisk.play_ringback(leg, "busy-ringback")
        waits = asyncio.create_task(asterisk.add_to_bridge("busy", [leg]))
        for _ in range(5):
            await asterisk.info()
        assert not waits.done()
        await asterisk.stop_playing("busy-ringback")
        await waits
        await asterisk.destroy_bridge("busy")
        await asterisk.hang_up(leg)


async def test_what_plays_already_is_not_played_once_more(node: TestNode, caller: RawCaller) -> None:
    leg = (await node.inbound(caller)).channel.id
    await node.asterisk.answer(leg)
    await node.asterisk.create_bridge("again")
    for _ in range(2):
        await node.asterisk.play_ringback(leg, "again-ringback")
    await node.asterisk.stop_playing("again-ringback")
    # It would wait for ever for a second one.
    await node.asterisk.add_to_bridge("again", [leg])
    await node.asterisk.destroy_bridge("again")
    await node.asterisk.hang_up(leg)

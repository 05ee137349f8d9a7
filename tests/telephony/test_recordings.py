import asyncio
from pathlib import Path

import pytest

from telephony.errors import BadRequest, NotFound, RecordingMissing
from telephony.events import RecordingFinished
from tests.phones.audio import length, tones_in, write_tone
from tests.phones.raw_caller import RawCaller
from tests.telephony.node import TestNode
from tests.telephony.talk import CALLER_TONE, PHONE_TONE, talking

_TALK_SECONDS = 2.5
"""Sound takes its own time: there is no event to wait for."""


async def test_both_sides_are_in_the_recording(node: TestNode, tmp_path: Path) -> None:
    async with talking(node, tmp_path, "rec") as talk:
        for _ in range(2):
            await node.asterisk.start_recording(talk.caller_leg, "t1-1.5-r1", "t1-1.5-r1-s")
        await asyncio.sleep(_TALK_SECONDS)
        recording = await node.asterisk.stop_recording("t1-1.5-r1")
        assert await node.asterisk.stop_recording("t1-1.5-r1") == recording
        await node.heard.wait(RecordingFinished, lambda event: event.name == "t1-1.5-r1")
        # It was made, so it is not made anew.
        await node.asterisk.start_recording(talk.caller_leg, "t1-1.5-r1", "t1-1.5-r1-s")
        assert await node.asterisk.stop_recording("t1-1.5-r1") == recording
    assert recording.path == node.site.recording_dir / "t1-1.5-r1.wav"
    assert recording.seconds == pytest.approx(length(recording.path), abs=0.01)
    assert recording.seconds == pytest.approx(_TALK_SECONDS, abs=0.5)
    tones = tones_in(recording.path, [CALLER_TONE, PHONE_TONE])
    assert all(tone.seconds > 1 for tone in tones.values())


async def test_what_is_said_in_a_pause_is_on_no_disk(node: TestNode, tmp_path: Path) -> None:
    async with talking(node, tmp_path, "pause") as talk:
        await node.asterisk.start_recording(talk.caller_leg, "pause-r1", "pause-r1-s")
        await asyncio.sleep(0.5)
        for _ in range(2):
            await node.asterisk.pause_recording("pause-r1")
        await asyncio.sleep(_TALK_SECONDS)
        for _ in range(2):
            await node.asterisk.resume_recording("pause-r1")
        await asyncio.sleep(0.5)
        recording = await node.asterisk.stop_recording("pause-r1")
    assert recording.seconds == pytest.approx(1.0, abs=0.5)


async def test_a_recording_outlives_its_bridge(node: TestNode, tmp_path: Path) -> None:
    async with talking(node, tmp_path, "outlive") as talk:
        await node.asterisk.start_recording(talk.caller_leg, "outlive-r1", "outlive-r1-s")
        await asyncio.sleep(1)
        await asyncio.gather(
            node.asterisk.hang_up(talk.caller_leg),
            node.asterisk.hang_up(talk.phone_leg),
            node.asterisk.destroy_bridge(talk.bridge),
        )
        recording = await node.asterisk.stop_recording("outlive-r1")
    assert recording.seconds == pytest.approx(1, abs=0.4)
    assert length(recording.path) == pytest.approx(recording.seconds, abs=0.01)


async def test_a_stop_right_after_the_start_is_not_lost(node: TestNode, caller: RawCaller) -> None:
    channel = (await node.inbound(caller)).channel.id
    await node.asterisk.answer(channel)
    for number in range(10):
        await node.asterisk.start_recording(channel, f"short-{number}", f"short-{number}-s")
        recording = await node.asterisk.stop_recording(f"short-{number}")
        assert recording.seconds < 1
    await node.asterisk.hang_up(channel)


async def test_a_missing_recording_says_so(node: TestNode) -> None:
    with pytest.raises(RecordingMissing):
        await node.asterisk.stop_recording("never-made")
    with pytest.raises(NotFound):
        await node.asterisk.pause_recording("never-made")
    with pytest.raises(NotFound):
        await node.asterisk.start_recording("no-channel", "never-made", "never-made-s")


@pytest.mark.parametrize("name", ["../../etc/x", "a/b", "", "a b", "x" * 200, "a\0b", ".."])
async def test_a_hostile_name_reaches_no_file(node: TestNode, name: str) -> None:
    with pytest.raises(BadRequest):
        await node.asterisk.start_recording("c", name, "c-s")
    with pytest.raises(BadRequest):
        await node.asterisk.stop_recording(name)


async def test_what_a_killed_asterisk_has_recorded_can_be_played(node: TestNode) -> None:
    file = node.site.recording_dir / "killed-r1.wav"
    write_tone(file, 440.0, seconds=2.0, rate=8000)
    whole = length(file)
    with file.open("r+b") as wav:
        # As Asterisk leaves it: the lengths are written when a recording is closed.
        for place in (4, 40):
            wav.seek(place)
            wav.write(bytes(4))
    recording = await node.asterisk.stop_recording("killed-r1")
    assert recording.seconds == pytest.approx(length(recording.path)) == pytest.approx(whole)

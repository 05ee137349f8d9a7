"""Asterisk and its talks outlive the program that started them, and the next start takes them over."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from everline.settings import Settings
from everline.stack.leftovers import end_leftovers
from tests.phones.audio import tones_in
from tests.support.stack import runs, stack_settings, temporary_home, until
from tests.support.talking import AGENT_HZ, CUSTOMER_HZ, HEARD_SHARE, talking
from tests.support.up import pids_of, read_until, run_up


@pytest.fixture
async def settings() -> AsyncIterator[Settings]:
    with temporary_home() as home:
        yield stack_settings(home)
        await end_leftovers(home / "run")


async def killed(process: asyncio.subprocess.Process, pids: dict[str, int]) -> None:
    """kill -9 of `everline up`; all but Asterisk end with it."""
    process.kill()
    await process.wait()
    await until(lambda: not any(runs(pid) for name, pid in pids.items() if name != "asterisk"))


async def test_a_talk_outlives_the_supervisor_and_is_taken_over(settings: Settings, tmp_path: Path) -> None:
    async with run_up(settings) as first:
        await read_until(first, "Ctrl-C")
        pids = pids_of(settings)
        async with talking(settings, tmp_path) as talk:
            await killed(first, pids)
            assert runs(pids["asterisk"])
            # A start that comes to nothing costs no call either.
            async with run_up(settings, EVERLINE_DATABASE_URL="postgresql://nobody@127.0.0.1:1/x") as failed:
                assert await asyncio.wait_for(failed.wait(), 60) == 1
            assert runs(pids["asterisk"])
            async with run_up(settings) as second:
                words = await read_until(second, "Ctrl-C")
                assert "taken over from an earlier run" in words
                assert pids_of(settings)["asterisk"] == pids["asterisk"]
                seconds, _ = talk.seconds()
                await talk.customer.hang_up()
                _, at_most = talk.seconds()
                cdr = await talk.centre.completed_cdr(talk.number)
                assert (cdr.disposition, cdr.ended_by) == ("answered", "customer")
                assert seconds - 1 < cdr.talk_seconds < at_most + 1
                assert tones_in(talk.heard, [AGENT_HZ])[AGENT_HZ].seconds > HEARD_SHARE * seconds
                [recording] = await talk.centre.recordings(cdr.call_id)
                both = tones_in(talk.centre.recording_file(recording), [AGENT_HZ, CUSTOMER_HZ])
                assert min(tone.seconds for tone in both.values()) > HEARD_SHARE * seconds
                # Taken over, it is supervised as any other.
                os.kill(pids["asterisk"], signal.SIGKILL)
                await until(lambda: pids_of(settings).get("asterisk") not in {None, pids["asterisk"]}, 20)
                another = pids_of(settings)["asterisk"]
                second.send_signal(signal.SIGTERM)
                assert await asyncio.wait_for(second.wait(), 60) == 0
    assert not runs(another)
    assert not pids_of(settings)


async def test_what_was_left_is_told_started_anew_for_another_configuration_and_ended_by_a_command(
    settings: Settings,
) -> None:
    async with run_up(settings) as first:
        await read_until(first, "Ctrl-C")
        left = pids_of(settings)
        await killed(first, left)
    async with run_up(settings, "stop") as stopped:
        _, errors = await stopped.communicate()
    assert "its Asterisk does" in errors.decode()
    assert runs(left["asterisk"])
    async with run_up(settings, EVERLINE_RTP_END=str(settings.rtp_end - 2)) as second:
        words = await read_until(second, "Ctrl-C")
        assert "it has another configuration (rtp.conf)" in words
        assert not runs(left["asterisk"])
        left = pids_of(settings)
        await killed(second, left)
    async with run_up(settings, "stop", "--now") as stopped:
        assert await stopped.wait() == 0
    assert not runs(left["asterisk"])

"""A stop in the middle of talks: it says how many there are, takes no new ones, and waits for their end."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from everline.settings import Settings
from everline.stack.asterisk import calls_in
from everline.stack.leftovers import end_leftovers
from tests.support.stack import runs, stack_settings, temporary_home
from tests.support.talking import talking
from tests.support.up import pids_of, read_until, run_up


@pytest.fixture
async def settings() -> AsyncIterator[Settings]:
    with temporary_home() as home:
        yield stack_settings(home)
        await end_leftovers(home / "run")


async def test_a_stop_waits_for_the_talk_and_takes_no_new_call(settings: Settings, tmp_path: Path) -> None:
    async with run_up(settings) as up:
        await read_until(up, "Ctrl-C")
        async with (
            talking(settings, tmp_path) as talk,
            talk.centre.customer() as late,
            run_up(settings, "stop") as stopping,
        ):
            words = await read_until(up, "no new ones are taken")
            assert "1 call is going on" in words
            refused = await late.dial(talk.centre.uri(talk.number))
            assert await refused.wait_for_end() == 503
            assert stopping.returncode is None
            await talk.customer.hang_up()
            assert await asyncio.wait_for(up.wait(), 60) == 0
            assert await asyncio.wait_for(stopping.wait(), 10) == 0
    assert not pids_of(settings)


async def test_a_second_ctrl_c_cuts_the_talk_and_says_so(settings: Settings, tmp_path: Path) -> None:
    async with run_up(settings) as up:
        await read_until(up, "Ctrl-C")
        pids = pids_of(settings)
        async with talking(settings, tmp_path) as talk:
            up.send_signal(signal.SIGINT)
            await read_until(up, "1 call is going on")
            up.send_signal(signal.SIGINT)
            await read_until(up, "1 call is cut off")
            assert await asyncio.wait_for(up.wait(), 60) == 0
            await talk.customer.wait_for_end()
    assert not any(runs(pid) for pid in pids.values())


async def test_it_waits_no_longer_than_it_may(settings: Settings, tmp_path: Path) -> None:
    async with run_up(settings, EVERLINE_DRAIN_SECONDS="2") as up:
        await read_until(up, "Ctrl-C")
        async with talking(settings, tmp_path) as talk:
            up.send_signal(signal.SIGTERM)
            assert "at most 2 s" in await read_until(up, "1 call is cut off")
            assert await asyncio.wait_for(up.wait(), 60) == 0
            await talk.customer.wait_for_end()


def test_calls_are_counted_by_their_channels() -> None:
    def line(channel: str, context: str = "trunk") -> str:
        return f"PJSIP/x-1!{context}!5000!1!Up!Stasis!everline,inbound!+1!!!3!12!bridge!{channel}"

    inbound = [line("node1-1.2"), line("node1-1.2-a1"), line("node1-1.2-s1")]
    on_the_phone = [line("node1-1.7", "phone"), line("node1-1.7-d-c1")]
    demo = [line("node1-1.9", "demo-caller")]
    assert calls_in("\n".join([*inbound, *on_the_phone, *demo])) == 2
    assert calls_in("") == 0

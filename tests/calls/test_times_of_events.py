"""Times are those of the events: the node stands still around them, and what the phones saw is what counts."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from db.models import Call, Cdr
from domain.calls.call import CallStage
from tests.calls.talk import Talk
from tests.support.centre import Centre

A_WHILE = 2.0
NEAR = 1.0
"""Seconds by which the record may differ from what the phones saw."""
FOUND_WITHIN = 40.0


@asynccontextmanager
async def standing_still(centre: Centre, seconds: float) -> AsyncIterator[None]:
    """What is done in the block happens while the node stands still, for so many seconds in all."""
    node, begun = centre.stack.process("node"), time.monotonic()
    os.kill(node, signal.SIGSTOP)
    try:
        yield
        await asyncio.sleep(seconds - (time.monotonic() - begun))
    finally:
        os.kill(node, signal.SIGCONT)


def seconds(cdr: Cdr) -> float:
    """From the arrival to the end."""
    return (cdr.ended_at - cdr.arrived_at).total_seconds()


@pytest.mark.parametrize("still", [10.0, 40.0])
@pytest.mark.parametrize("who", ["customer", "agent"])
async def test_a_talk_ends_when_somebody_hangs_up(talk: Talk, who: str, still: float) -> None:
    async with talk.centre.database.read() as session:
        since = (await session.get_one(Call, talk.call_id)).talk_since
    async with standing_still(talk.centre, still):
        await asyncio.sleep(A_WHILE)  # The talk itself takes time.
        await (talk.customer if who == "customer" else talk.with_agent).hang_up()
        ended = datetime.now(UTC)
    cdr = await talk.centre.cdr_of(talk.call_id, FOUND_WITHIN)
    assert (cdr.disposition, cdr.ended_by) == ("answered", who)
    assert abs((cdr.ended_at - ended).total_seconds()) < NEAR
    assert since is not None
    assert abs(cdr.talk_seconds - (ended - since).total_seconds()) < NEAR


@pytest.mark.parametrize("still", [10.0, 40.0])
async def test_who_gives_up_in_line_has_waited_until_then(centre: Centre, still: float) -> None:
    number = await centre.add_queue([])
    async with centre.customer() as customer:
        begun = datetime.now(UTC)
        call = await customer.dial(centre.uri(number))
        waiting = await centre.until_stage(number, CallStage.WAITING)
        async with standing_still(centre, still):
            await asyncio.sleep(A_WHILE)  # The wait itself takes time.
            await call.hang_up()
            ended = datetime.now(UTC)
        cdr = await centre.cdr_of(waiting.id, FOUND_WITHIN)
    assert (cdr.disposition, cdr.ended_by) == ("abandoned", "customer")
    assert abs((cdr.ended_at - ended).total_seconds()) < NEAR
    assert abs(cdr.wait_seconds - (ended - begun).total_seconds()) < NEAR


async def test_a_caller_arrives_when_the_phone_has_called_and_talks_from_when_there_is_sound(centre: Centre) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent], ring_seconds=30)
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number))
        begun = datetime.now(UTC)
        ringing = await phone.next_call()
        call_id = (await centre.until_stage(number, CallStage.OFFERED)).id
        async with standing_still(centre, 10.0):
            await ringing.answer()

        async def talks() -> bool:
            return len(await centre.in_bridge(call_id)) == 2

        await centre.until(talks)
        together = datetime.now(UTC)
        await asyncio.sleep(A_WHILE)  # The talk itself takes time.
        await call.hang_up()
        ended = datetime.now(UTC)
        cdr = await centre.cdr_of(call_id, FOUND_WITHIN)
    assert abs(seconds(cdr) - (ended - begun).total_seconds()) < NEAR
    assert abs(cdr.wait_seconds - (together - begun).total_seconds()) < NEAR
    assert abs(cdr.talk_seconds - (ended - together).total_seconds()) < NEAR

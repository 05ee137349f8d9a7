"""More calls at once than are let in together."""

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import AsyncExitStack

from db.models import Cdr
from domain.call import Disposition, Party
from everline.node.intake import AT_ONCE
from tests.phones.raw_caller import RawCaller
from tests.support.centre import Centre

CALLERS = AT_ONCE + 3
SOON = 5.0
"""Seconds: less than a call of which nothing is heard keeps its place at the door."""


async def test_a_rush_is_let_in_one_after_the_other_and_nobody_is_forgotten(centre: Centre) -> None:
    number = await centre.add_queue([])
    async with AsyncExitStack() as cleanup:
        callers = [await cleanup.enter_async_context(RawCaller.start()) for _ in range(CALLERS)]
        for place, caller in enumerate(callers):
            dial(centre, caller, number, place)
        async with asyncio.timeout(SOON):
            await centre.until_waiting(number, CALLERS)
    await records(centre, number, CALLERS)


async def test_who_hangs_up_at_the_door_is_in_the_records_once(centre: Centre) -> None:
    number = await centre.add_queue([])
    temporal = centre.stack.process("temporal")
    async with AsyncExitStack() as cleanup:
        callers = [await cleanup.enter_async_context(RawCaller.start()) for _ in range(AT_ONCE + 1)]
        os.kill(temporal, signal.SIGSTOP)
        try:
            for place, caller in enumerate(callers):
                dial(centre, caller, number, place)
                await caller.wait_for(100)
            # The last one is at the door by then, since nobody before can come in.
            await asyncio.sleep(2)
            callers[-1].hang_up()
            await callers[-1].wait_for(487)
        finally:
            os.kill(temporal, signal.SIGCONT)
        await centre.until_waiting(number, AT_ONCE)
    found = await records(centre, number, AT_ONCE + 1)
    last = [cdr for cdr in found if cdr.caller_number.endswith(f"{AT_ONCE:02}")]
    assert [(cdr.disposition, cdr.ended_by, cdr.queue_id) for cdr in last] == [
        (Disposition.ABANDONED, Party.CUSTOMER, None)
    ]


def dial(centre: Centre, caller: RawCaller, number: str, place: int) -> None:
    sender = f"<sip:49305550{place:02}@127.0.0.2>".encode()
    caller.dial(f"127.0.0.1:{centre.settings.sip_port}", number, sender)


async def records(centre: Centre, number: str, calls: int) -> Sequence[Cdr]:
    """The records of a number, once there are so many and no work is left to be done for any."""

    async def done() -> bool:
        found = await centre.cdrs(number)
        return len(found) == calls and all(cdr.completed_at for cdr in found)

    await centre.until(done)
    return await centre.cdrs(number)

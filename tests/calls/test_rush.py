"""More calls at once than are let in together."""

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import AsyncExitStack

from db.models import Cdr
from domain.calls.call import Disposition, Party
from everline.node.calls.admission_control import AT_ONCE
from tests.phones.raw_caller import RawCaller
from tests.support.centre import Centre

CALLERS = AT_ONCE + 3
SOON = 5.0
"""Seconds: less than a call of which nothing is heard keeps its turn to begin."""
SETTLED = 1.0
"""Seconds after which the node knows of a call, though nobody outside can tell."""


async def test_a_rush_is_let_in_one_after_the_other_and_nobody_is_forgotten(centre: Centre) -> None:
    number = await centre.add_queue([])
    async with AsyncExitStack() as cleanup:
        callers = [await cleanup.enter_async_context(RawCaller.start()) for _ in range(CALLERS)]
        for place, caller in enumerate(callers):
            dial(centre, caller, number, place)
        async with asyncio.timeout(SOON):
            await centre.until_waiting(number, CALLERS)
    await records(centre, number, CALLERS)


async def test_who_hangs_up_before_being_admitted_is_in_the_records_once(centre: Centre) -> None:
    number = await centre.add_queue([])
    temporal = centre.stack.process("temporal")
    async with AsyncExitStack() as cleanup:
        callers = [await cleanup.enter_async_context(RawCaller.start()) for _ in range(AT_ONCE + 1)]
        os.kill(temporal, signal.SIGSTOP)
        try:
            # Asterisk tells of calls that come together in any order, so the last one comes after the others.
            for place, caller in enumerate(callers):
                if caller is callers[-1]:
                    await asyncio.sleep(SETTLED)
                dial(centre, caller, number, place)
            await asyncio.sleep(SETTLED)
            callers[-1].hang_up()
            last = await centre.completed_cdr(number)
        finally:
            os.kill(temporal, signal.SIGCONT)
        await centre.until_waiting(number, AT_ONCE)
    found = await records(centre, number, AT_ONCE + 1)
    assert [cdr.call_id for cdr in found].count(last.call_id) == 1
    assert (last.disposition, last.ended_by, last.queue_id) == (Disposition.ABANDONED, Party.CUSTOMER, None)
    assert (last.customer_number or "").endswith(f"{AT_ONCE:02}")


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

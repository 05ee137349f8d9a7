"""The node, or its database, stood still while a caller came and went: whoever is gone rings nobody."""

import asyncio
import contextlib
import signal
from collections.abc import Sequence

import psutil
import pytest

from domain.agents.agent import AgentState
from everline.stack import Stack
from tests.support.centre import Centre

ASTERISK_KNOWS = 20.0
"""Seconds within which Asterisk sees a call come or go."""


@pytest.mark.parametrize("part", ["node", "postgres"])
async def test_nobody_is_rung_for_a_caller_who_came_and_went_unseen(centre: Centre, stack: Stack, part: str) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    family = _family(stack.process(part))
    async with centre.desk_phone() as phone, centre.customer() as customer, centre.asterisk() as asterisk:
        await centre.register(phone, agent)

        async def somebody_there() -> bool:
            return bool(await asterisk.channels())

        async def nobody_there() -> bool:
            return not await asterisk.channels()

        _send(family, signal.SIGSTOP)
        try:
            call = await customer.dial(centre.uri(number))
            await centre.until(somebody_there, ASTERISK_KNOWS)
            await asyncio.sleep(2)  # The caller waits, and gives up.
            await call.hang_up()
            await centre.until(nobody_there, ASTERISK_KNOWS)
        finally:
            _send(family, signal.SIGCONT)
        cdr = await centre.completed_cdr(number)
        assert cdr.disposition == "abandoned"
        assert not phone.calls
        assert await centre.state_of(agent.user_id) is AgentState.IDLE


def _family(pid: int) -> Sequence[psutil.Process]:
    """A process and those that it has started: PostgreSQL is many."""
    return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]


def _send(family: Sequence[psutil.Process], number: signal.Signals) -> None:
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)

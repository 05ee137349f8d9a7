"""A talk in a centre that `everline up` runs as a process of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from domain.agents.agent import AgentState
from everline.settings import Settings
from everline.stack import Stack
from tests.phones.phone_call import PhoneCall
from tests.support.centre import Centre

AGENT_HZ = 600.0
CUSTOMER_HZ = 900.0
HEARD_SHARE = 0.55
"""Of the talk, in which a tone in bursts sounds: it is on for 70 % of the time."""


@dataclass
class Talk:
    """A customer who talks with an agent in a centre that `everline up` runs."""

    centre: Centre
    number: str
    customer: PhoneCall
    heard: Path
    answering: float
    """When the agent picked up or a little before, by the loop's clock."""
    talking: float
    """When they talked already, by the same clock."""

    def seconds(self) -> tuple[float, float]:
        """How long they have talked by now, at least and at most: on a busy machine it is long until that is seen."""
        moment = asyncio.get_running_loop().time()
        return moment - self.talking, moment - self.answering


@asynccontextmanager
async def talking(settings: Settings, folder: Path) -> AsyncIterator[Talk]:
    """A customer and an agent who hear each other, both with a tone."""
    centre = Centre(Stack(settings))
    try:
        await centre.add_trunk()
        agent = await centre.add_agent()
        number = await centre.add_queue([agent])
        await centre.arrive(agent)
        heard = folder / "customer.wav"
        async with (
            centre.desk_phone(tone_hz=AGENT_HZ) as phone,
            centre.customer(tone_hz=CUSTOMER_HZ, record=heard) as customer,
        ):
            await centre.register(phone, agent)
            call = await customer.dial(centre.uri(number))
            rung = await phone.next_call()
            clock = asyncio.get_running_loop().time
            answering = clock()
            await rung.answer()
            await centre.until_state(agent, AgentState.ON_CALL)
            yield Talk(centre, number, call, heard, answering, clock())
    finally:
        await centre.close()

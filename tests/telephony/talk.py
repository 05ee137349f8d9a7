import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from telephony.dialling import extension_endpoint
from telephony.events import ChannelEnteredApp
from tests.phones.messages import ANSWER
from tests.phones.phone_call import PhoneCall
from tests.phones.soft_phone import SoftPhone
from tests.telephony.node import CALLER_ADDRESS, PHONE_ADDRESS, TestNode, ha1

CALLER_TONE, PHONE_TONE = 440.0, 1000.0
PHONE = "301"
_PASSWORD = "another horse"


@dataclass(frozen=True)
class Talk:
    """A caller and an agent in a bridge."""

    caller_leg: str
    phone_leg: str
    bridge: str
    caller: PhoneCall
    phone: PhoneCall


@asynccontextmanager
async def talking(node: TestNode, folder: Path, name: str) -> AsyncIterator[Talk]:
    """Let a caller wait with music, ring a phone that answers, and bring both together.

    Each plays its tone; what it hears is in "caller.wav" and "phone.wav" of the folder once it has hung up.
    """
    leg, bridge = f"{name}-a1", f"{name}-b"
    await node.provisioning.push_extension(PHONE, "sip", ha1(PHONE, _PASSWORD))
    async with (
        SoftPhone.start(bind=CALLER_ADDRESS, tone_hz=CALLER_TONE, record=folder / "caller.wav") as caller,
        SoftPhone.start(bind=PHONE_ADDRESS, tone_hz=PHONE_TONE, record=folder / "phone.wav", incoming=ANSWER) as phone,
    ):
        await phone.register(node.sip, PHONE, _PASSWORD)
        mark = node.heard.mark()
        dialled = await caller.dial(f"sip:5000@{node.sip}")
        channel = (await node.heard.wait(ChannelEnteredApp, after=mark)).channel.id
        await asyncio.gather(node.asterisk.answer(channel), node.asterisk.start_music(channel))
        await node.asterisk.originate(leg, endpoint=extension_endpoint(PHONE), app_args="agent,x", timeout=10)
        await node.heard.wait(ChannelEnteredApp, lambda event: event.channel.id == leg)
        await asyncio.gather(
            node.asterisk.stop_music(channel),
            node.asterisk.create_bridge(bridge),
            node.asterisk.add_to_bridge(bridge, [channel, leg]),
        )
        try:
            yield Talk(channel, leg, bridge, dialled, await phone.next_call())
        finally:
            await asyncio.gather(
                node.asterisk.hang_up(channel), node.asterisk.hang_up(leg), node.asterisk.destroy_bridge(bridge)
            )
            await node.provisioning.remove_extension(PHONE)

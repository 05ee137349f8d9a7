"""A desk phone that registers at another address: it restarted, or its router gave it another port."""

import asyncio

from tests.phones.raw_phone import RawPhone
from tests.telephony.node import PHONE_ADDRESS, TestNode, ha1

NUMBER, SECRET = "274", "a sixth horse"
ABSENT, TIMES = 1.5, 6
"""Seconds that it may seem absent; until it has answered a check nobody knows whether it can be reached."""


async def test_is_there_soon(node: TestNode) -> None:
    await node.provisioning.push_extension(NUMBER, "sip", ha1(NUMBER, SECRET))
    waits: list[float] = []
    for _ in range(TIMES):
        async with RawPhone.start(PHONE_ADDRESS) as phone:
            await phone.register(node.sip, NUMBER, SECRET)
            begun = asyncio.get_running_loop().time()
            async with asyncio.timeout(20):
                while not (  # noqa: ASYNC110  Asterisk sets no event here.
                    (await node.asterisk.endpoint(NUMBER)).online and phone.got("OPTIONS")
                ):
                    await asyncio.sleep(0.05)
            waits.append(asyncio.get_running_loop().time() - begun)
    await node.provisioning.remove_extension(NUMBER)
    assert max(waits) < ABSENT, waits

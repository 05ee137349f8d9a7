"""What is no text, in a number or a name, stops neither its own caller nor anybody else."""

import asyncio

import pytest

from telephony.ari import AriHttp
from telephony.asterisk import Asterisk
from telephony.model import Channel
from tests.phones.raw_caller import RawCaller
from tests.phones.soft_phone import SoftPhone
from tests.telephony.node import TestNode


@pytest.mark.parametrize("number", ["5000%ff", "50%c3%28", "5%e2%80%aeb0", "5000%0d%0aX", "5000%22%3b"])
async def test_a_number_with_bytes_that_are_none_is_refused_and_the_channels_can_be_listed(
    node: TestNode, caller: RawCaller, number: str
) -> None:
    caller.dial(node.sip, number, b"<sip:1@x>")
    assert await caller.wait_for(300) == 404
    async with AriHttp(node.site.http_port, node.site.ari_user, node.site.ari_password) as http, asyncio.timeout(5):
        # Asterisk answers before it has taken the channel down.
        while "1" in {found.caller_number for found in await _listed(node, http)}:  # noqa: ASYNC110 - it is in Asterisk
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("sender", [b'"\xff\xfe" <sip:49@x>', b"<sip:4%ff@x>", b'"%ff\xc3(" <sip:%c3%28@x>'])
async def test_a_caller_with_a_broken_name_can_be_listed(node: TestNode, caller: RawCaller, sender: bytes) -> None:
    channel = (await node.inbound(caller, sender=sender)).channel
    async with AriHttp(node.site.http_port, node.site.ari_user, node.site.ari_password) as http:
        found = await _listed(node, http)
    assert channel.id in [one.id for one in found]


async def _listed(node: TestNode, http: AriHttp) -> list[Channel]:
    return await Asterisk(node.link, node.site.recording_dir, http).channels()


async def test_what_a_desk_phone_dials_is_refused_likewise(node: TestNode, phone: SoftPhone) -> None:
    call = await phone.dial(f"sip:5000%ff@{node.sip}")
    await call.wait_for_end()
    assert (await node.asterisk.channels()) == []

"""An INVITE that would take somebody else's leg over (RFC 3891)."""

from collections.abc import AsyncIterator

import pytest

from telephony.dialling import extension_endpoint
from telephony.events import ChannelDestroyed, ChannelEnteredApp
from tests.phones.raw_caller import RawCaller
from tests.phones.raw_phone import RawPhone
from tests.telephony.node import CALLER_ADDRESS, PHONE_ADDRESS, TestNode, ha1

NUMBER, SECRET, LEG = "273", "a fifth horse", "taken-a1"
ASKED = 401
"""What every stranger gets; no password is right then."""


@pytest.fixture
async def phone(node: TestNode) -> AsyncIterator[RawPhone]:
    await node.provisioning.push_extension(NUMBER, "sip", ha1(NUMBER, SECRET))
    async with RawPhone.start(PHONE_ADDRESS) as phone:
        await phone.register(node.sip, NUMBER, SECRET)
        yield phone
        mark = node.heard.mark()
        if await node.asterisk.hang_up(LEG):
            await node.heard.wait(ChannelDestroyed, lambda event: event.channel.id == LEG, after=mark)
    await node.provisioning.remove_extension(NUMBER)


async def _talk(node: TestNode, phone: RawPhone) -> None:
    mark = node.heard.mark()
    await node.asterisk.originate(LEG, endpoint=extension_endpoint(NUMBER), app_args="agent,x", timeout=10)
    await phone.rung()
    phone.answer()
    await node.heard.wait(ChannelEnteredApp, lambda event: event.channel.id == LEG, after=mark)


async def _refused(node: TestNode, header: bytes, sender: bytes = b"<sip:+4930555@example.org>") -> None:
    mark = node.heard.mark()
    async with RawCaller.start(CALLER_ADDRESS) as taker:
        taker.dial(node.sip, "5000", sender, (header,))
        assert await taker.wait_for(200) == ASKED
    assert not node.heard.after(mark, ChannelEnteredApp)


@pytest.mark.parametrize("sender", [b"<sip:+4930555@example.org>", f"<sip:{NUMBER}@example.org>".encode()])
async def test_takes_no_leg_over_that_talks_in_a_bridge(node: TestNode, phone: RawPhone, sender: bytes) -> None:
    await _talk(node, phone)
    await node.asterisk.create_bridge("taken-b")
    await node.asterisk.add_to_bridge("taken-b", [LEG])
    try:
        await _refused(node, phone.replaces, sender)
        assert (await node.asterisk.bridge("taken-b")).channels == (LEG,)
        assert not phone.got("BYE")
    finally:
        await node.asterisk.destroy_bridge("taken-b")


async def test_takes_no_leg_over_that_is_in_no_bridge(node: TestNode, phone: RawPhone) -> None:
    await _talk(node, phone)
    await _refused(node, phone.replaces)
    assert await node.asterisk.exists(LEG)
    assert not phone.got("BYE")


async def test_takes_no_leg_over_that_rings(node: TestNode, phone: RawPhone) -> None:
    await node.asterisk.originate(LEG, endpoint=extension_endpoint(NUMBER), app_args="agent,x", timeout=10)
    await phone.rung()
    phone.ring()
    await _refused(node, phone.replaces)
    assert await node.asterisk.exists(LEG)
    assert not phone.got("CANCEL")


async def test_takes_no_caller_over(node: TestNode) -> None:
    mark = node.heard.mark()
    async with RawPhone.start(CALLER_ADDRESS) as customer:
        customer.dial(node.sip, "5000", b"<sip:+4930556@example.org>")
        entered = await node.heard.wait(ChannelEnteredApp, after=mark)
        await node.asterisk.answer(entered.channel.id)
        await customer.next_reply("INVITE")
        await _refused(node, customer.replaces)
        assert await node.asterisk.exists(entered.channel.id)
        customer.hang_up()
        await customer.next_reply("BYE")


@pytest.mark.parametrize("value", [b"Replaces: nobody", b"replaces:nobody;x=1", b"REPLACES :\r\n nobody", b"Replaces:"])
async def test_is_refused_however_it_is_written(node: TestNode, value: bytes) -> None:
    mark = node.heard.mark()
    async with RawCaller.start(CALLER_ADDRESS) as taker:
        taker.dial(node.sip, "5000", b"<sip:+4930555@example.org>", (value + b";to-tag=1;from-tag=2",))
        assert await taker.wait_for(200) == ASKED
    assert not node.heard.after(mark, ChannelEnteredApp)

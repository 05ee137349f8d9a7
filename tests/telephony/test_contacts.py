"""Where a phone says that it is: what would send its calls elsewhere is known, and can be taken away."""

import pytest

from telephony.contacts import leads_elsewhere, read_contacts
from telephony.dialling import extension_endpoint
from telephony.errors import Unreachable
from telephony.events import ContactChanged
from tests.phones.raw_phone import RawPhone
from tests.telephony.node import PHONE_ADDRESS, TestNode, ha1
from tests.telephony.running import RunningAsterisk

NUMBER, SECRET, LEG = "274", "a sixth horse", "elsewhere-a1"
ELSEWHERE = "127.0.0.10"
CONTACTS = {
    "another address": "<sip:x@{at};maddr={to}>",
    "in capitals": "<sip:x@{at};MADDR={to}>",
    "escaped": "<sip:x@{at};%6daddr={to}>",
    "between other parameters": "<sip:x@{at};transport=udp;maddr={to};ob;y=ab>",
    "a route": "<sip:x@{at}?Route=%3Csip%3A{to}%3A{port}%3Blr%3E>",
    "with a name that fills the log": '"' + "x" * 4200 + '" <sip:x@{at};maddr={to}>',
}


@pytest.mark.parametrize("contact", CONTACTS.values(), ids=CONTACTS.keys())
async def test_a_contact_that_leads_elsewhere_is_known_and_forgotten(
    node: TestNode, running: RunningAsterisk, contact: str
) -> None:
    await node.provisioning.push_extension(NUMBER, "sip", ha1(NUMBER, SECRET))
    mark = node.heard.mark()
    async with RawPhone.start(PHONE_ADDRESS) as phone, RawPhone.start(ELSEWHERE, phone.port) as other:
        at = f"{PHONE_ADDRESS}:{phone.port}"
        phone.contact = contact.format(at=at, to=ELSEWHERE, port=phone.port).encode()
        await phone.register(node.sip, NUMBER, SECRET)
        event = await node.heard.wait(ContactChanged, lambda event: event.endpoint == NUMBER, after=mark)
        assert leads_elsewhere(event.address)
        assert (NUMBER, event.address) in list(read_contacts(await running.console("database show registrar")))
        assert await node.provisioning.forget_contact(NUMBER, event.address)
        with pytest.raises(Unreachable):
            await node.asterisk.originate(LEG, endpoint=extension_endpoint(NUMBER), app_args="agent,x", timeout=3)
        assert not other.got("INVITE")
    await node.provisioning.remove_extension(NUMBER)


async def test_an_ordinary_phone_is_where_it_says(node: TestNode, running: RunningAsterisk) -> None:
    await node.provisioning.push_extension(NUMBER, "sip", ha1(NUMBER, SECRET))
    mark = node.heard.mark()
    async with RawPhone.start(PHONE_ADDRESS) as phone:
        await phone.register(node.sip, NUMBER, SECRET)
        event = await node.heard.wait(ContactChanged, lambda event: event.endpoint == NUMBER, after=mark)
        assert not leads_elsewhere(event.address)
        assert (NUMBER, event.address) in list(read_contacts(await running.console("database show registrar")))
        assert await node.provisioning.forget_contact(NUMBER, event.address)
        assert not await node.provisioning.forget_contact(NUMBER, event.address)
    await node.provisioning.remove_extension(NUMBER)

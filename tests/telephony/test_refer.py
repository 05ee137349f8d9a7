"""A phone's own transfer button."""

import pytest

from telephony.dialling import extension_endpoint
from tests.phones.raw_phone import RawPhone, status_of
from tests.telephony.node import PHONE_ADDRESS, TestNode, ha1

NUMBER, SECRET, LEG = "271", "a third horse", "refer-a1"


@pytest.mark.parametrize("target", [b"<sip:202@x>", b"<sip:+12025550147@evil.example>", b"<sip:1@x?Replaces=a>"])
async def test_is_refused_at_once_and_the_call_goes_on(node: TestNode, target: bytes) -> None:
    await node.provisioning.push_extension(NUMBER, "sip", ha1(NUMBER, SECRET))
    async with RawPhone.start(PHONE_ADDRESS) as phone:
        await phone.register(node.sip, NUMBER, SECRET)
        await node.asterisk.originate(LEG, endpoint=extension_endpoint(NUMBER), app_args="agent,x", timeout=10)
        await phone.rung()
        phone.answer()
        await phone.next_request("ACK")
        phone.send("REFER", (b"Refer-To: " + target,))
        assert status_of(await phone.next_reply("REFER", 5)) in {400, 603}
        assert await node.asterisk.exists(LEG)
        phone.hang_up()
        await phone.next_reply("BYE")
    await node.provisioning.remove_extension(NUMBER)

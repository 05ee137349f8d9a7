"""Who enters our application in a way that we do not know is in no call, and must not stay."""

import pytest

from domain.calls import ids
from telephony.dialling import extension_endpoint
from tests.calls.test_desk_phones import ready
from tests.phones.raw_phone import RawPhone
from tests.support.centre import PHONE_ADDRESS, Centre


@pytest.mark.parametrize(("leg", "arguments"), [("nobodys-1", ""), ("nobodys-2", "swapped,x"), ("nobodys-3-a1", "")])
async def test_is_hung_up_at_once(centre: Centre, leg: str, arguments: str) -> None:
    async with RawPhone.start(PHONE_ADDRESS) as phone, centre.asterisk() as asterisk:
        agent = await ready(centre, phone)
        endpoint = extension_endpoint(agent.extension)
        await asterisk.originate(leg, endpoint=endpoint, app_args=arguments, timeout=10)
        await phone.rung()
        phone.answer()
        await phone.next_request("BYE")
        await centre.until(lambda: centre.is_gone_from_asterisk(ids.parse_leg(leg).call_id))
        await centre.leave(agent)

"""Keys of a caller whose side sends no events (RFC 4733), but only the tones of a telephone."""

import pytest

from telephony.events import ChannelEnteredApp, DtmfReceived
from telephony.trunk import Trunk
from tests.phones.raw_phone import RawPhone, key_in_sound
from tests.telephony.node import SENDER, TestNode

FIVE = (770, 1336)  # hertz
ADDRESS = "127.0.0.10"


@pytest.mark.parametrize(("dtmf", "knows_events"), [("auto", False), ("inband", False), ("inband", True)])
async def test_they_are_heard(node: TestNode, dtmf: str, knows_events: bool) -> None:
    await node.provisioning.push_trunk(Trunk("tones", f"{ADDRESS}:9", [ADDRESS], dtmf=dtmf))
    async with RawPhone.start(ADDRESS) as caller:
        caller.knows_events, caller.says = knows_events, key_in_sound(*FIVE)
        mark = node.heard.mark()
        caller.dial(node.sip, "5000", SENDER)
        channel = (await node.heard.wait(ChannelEnteredApp, after=mark)).channel.id
        await node.asterisk.answer(channel)
        await caller.next_reply("INVITE")
        async with caller.speaking():
            key = await node.heard.wait(DtmfReceived, after=mark)
        assert (key.channel.id, key.digit) == (channel, "5")
        await node.asterisk.hang_up(channel)
    await node.provisioning.remove_trunk("tones")

"""Keys of a caller whose side sends no events (RFC 4733), but only the tones of a telephone."""

from telephony.events import ChannelEnteredApp, DtmfReceived
from tests.phones.raw_phone import RawPhone, key_in_sound
from tests.telephony.node import CALLER_ADDRESS, SENDER, TestNode

FIVE = (770, 1336)  # hertz


async def test_they_are_heard(node: TestNode) -> None:
    async with RawPhone.start(CALLER_ADDRESS) as caller:
        caller.knows_events, caller.says = False, key_in_sound(*FIVE)
        mark = node.heard.mark()
        caller.dial(node.sip, "5000", SENDER)
        channel = (await node.heard.wait(ChannelEnteredApp, after=mark)).channel.id
        await node.asterisk.answer(channel)
        await caller.next_reply("INVITE")
        async with caller.speaking():
            key = await node.heard.wait(DtmfReceived, after=mark)
        assert (key.channel.id, key.digit) == (channel, "5")
        await node.asterisk.hang_up(channel)

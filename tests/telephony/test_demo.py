import asyncio

import pytest

from telephony.ari import AriHttp
from telephony.asterisk import Asterisk
from telephony.demo import DEMO_PREFIX, place_demo_call
from telephony.errors import BadRequest
from telephony.events import ChannelDestroyed, ChannelEnteredApp
from tests.telephony.node import TestNode

_SENTENCE_SECONDS = 3.0
"""A voice takes its own time: there is no event to wait for."""


async def test_the_demo_caller_calls_with_a_voice(node: TestNode) -> None:
    mark = node.heard.mark()
    async with AriHttp(node.site.http_port, node.site.ari_user, node.site.ari_password) as http:
        caller = await place_demo_call(http, "5000", "Eve Example", "+4930999")
        event = await node.heard.wait(ChannelEnteredApp, lambda found: found.channel.endpoint == "demo")
        assert event.arguments[:2] == ("inbound", "5000")
        assert (event.channel.caller_name, event.channel.caller_number) == ("Eve Example", "+4930999")
        channel = event.channel.id
        await node.asterisk.answer(channel)
        await asyncio.gather(
            node.asterisk.create_bridge("demo-b"),
            node.asterisk.add_to_bridge("demo-b", [channel]),
            node.asterisk.start_recording(channel, "demo-r1", "demo-s1"),
        )
        await asyncio.sleep(_SENTENCE_SECONDS)
        assert (await node.asterisk.stop_recording("demo-r1")).seconds > 1
        # By HTTP every channel is listed: the caller's own is told by its id, and by having no arguments.
        everyone = {found.id: found for found in await Asterisk(node.link, node.site.recording_dir, http).channels()}
        assert everyone[caller].arguments == ()
        assert caller.startswith(DEMO_PREFIX)
        assert caller not in {found.id for found in await node.asterisk.channels()}
        await node.asterisk.hang_up(channel)
        await node.heard.wait(ChannelDestroyed, lambda found: found.channel.id == channel, after=mark)
        await node.asterisk.destroy_bridge("demo-b")
    # Legs of the test before may end only now.
    ended = {found.channel.id for found in node.heard.after(mark, ChannelDestroyed)}
    demo = {one for one in ended if one.startswith(DEMO_PREFIX)}
    assert demo <= {"demo-s1"}, "the demo caller's own side is no call of the centre"


@pytest.mark.parametrize("number", ["", "5000@elsewhere", "5000&PJSIP/201", "+;x", "5/0"])
async def test_a_hostile_number_is_not_dialled(node: TestNode, number: str) -> None:
    with pytest.raises(BadRequest):
        await place_demo_call(node.link, number, "Eve", "1")

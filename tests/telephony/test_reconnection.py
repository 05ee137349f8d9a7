import asyncio

from domain.calls.causes import HangupCause
from telephony.events import ChannelDestroyed, ChannelEnteredApp
from telephony.model import ChannelState
from telephony.trunk import Trunk
from tests.phones.raw_caller import RawCaller
from tests.telephony.node import SENDER, start_node
from tests.telephony.running import RunningAsterisk

_TRUNK = Trunk("line", "127.0.0.2:9", ["127.0.0.2"])


async def _channel_count(asterisk: RunningAsterisk) -> int:
    return len((await asterisk.console("core show channels concise")).split())


async def test_calls_go_on_and_events_wait_while_we_are_away(own_asterisk: RunningAsterisk) -> None:
    await own_asterisk.start()
    async with start_node(own_asterisk.site) as node, RawCaller.start() as caller:
        await node.provisioning.push_trunk(_TRUNK)
        kept = (await node.inbound(caller)).channel.id
        await node.asterisk.answer(kept)
        await caller.wait_for(200)
        await node.server.stop()
        async with RawCaller.start() as newcomer, RawCaller.start() as quitter:
            newcomer.dial(node.sip, "5001", SENDER)
            quitter.dial(node.sip, "5002", SENDER)
            await newcomer.wait_for(100)
            async with asyncio.timeout(5):
                while await _channel_count(own_asterisk) < 3:  # noqa: ASYNC110  As in running.
                    await asyncio.sleep(0.02)
            quitter.hang_up()
            async with start_node(own_asterisk.site) as again:
                entered = await again.heard.wait(ChannelEnteredApp, lambda event: event.arguments[1] == "5001")
                left = await again.heard.wait(ChannelDestroyed)
                assert left.channel.arguments[:2] == ("inbound", "5002")
                states = {channel.id: channel.state for channel in await again.asterisk.channels()}
                assert states == {kept: ChannelState.UP, entered.channel.id: ChannelState.RING}
                await again.asterisk.hang_up(entered.channel.id, HangupCause.BUSY)
                assert await newcomer.wait_for(300) == 486


async def test_a_killed_asterisk_comes_back_with_another_start_time(own_asterisk: RunningAsterisk) -> None:
    await own_asterisk.start()
    async with start_node(own_asterisk.site) as node, RawCaller.start() as caller:
        await node.provisioning.push_trunk(_TRUNK)
        before = await node.asterisk.info()
        await node.asterisk.answer((await node.inbound(caller)).channel.id)
        await own_asterisk.kill()
        await own_asterisk.start()
        await node.link.wait_connected(10)
        after = await node.asterisk.info()
        assert after.started_at > before.started_at
        assert after.version == before.version
        assert await node.asterisk.channels() == []
        # Asterisk writes its database once a second: what was pushed last may be lost with it.
        await node.provisioning.push_trunk(_TRUNK)
        assert (await node.inbound(caller)).channel.endpoint == "line"


async def test_a_long_list_does_not_kill_asterisk(own_asterisk: RunningAsterisk) -> None:
    await own_asterisk.start()
    async with start_node(own_asterisk.site) as node:
        asterisk = node.asterisk
        await asyncio.gather(*(asterisk.create_bridge(f"{'x' * 200}-{number}") for number in range(1500)))
        assert await asterisk.channels() == []
        await asterisk.bridges()
        assert (await asterisk.info()).version

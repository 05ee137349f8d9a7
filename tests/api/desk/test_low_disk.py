"""A supervisor sees that a disk is nearly full, at once; agents need not."""

from db.core.clock import now
from db.nodes import nodes
from domain.agents.agent import Role
from domain.calls import ids
from tests.api.browser import Browser
from tests.api.floor import Floor


async def test_supervisors_are_told_of_a_disk_that_is_nearly_full(floor: Floor, address: str) -> None:
    agent, boss = await floor.add_user(), await floor.add_user(role=Role.SUPERVISOR)
    node = f"node {ids.uuid7()}"
    async with floor.database.write() as session:
        await nodes.connected(session, node, now(), [], now())
    async with Browser(address, await floor.token(agent)) as browser:
        assert (await browser.desk())["low_disks"] is None
    async with Browser(address, await floor.token(boss)) as browser:
        assert (await browser.desk())["low_disks"] == []
        async with browser.events() as events:
            async with floor.database.write() as session:
                await nodes.note_disk(session, node, 12)
            await events.until("desk", low_disks=[{"node": node, "megabytes": 12}])
            async with floor.database.write() as session:
                await nodes.note_disk(session, node, None)
                await nodes.disconnected(session, node, now())

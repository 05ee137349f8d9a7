"""What the page tells of recordings that fail, are cut short, or will be."""

from playwright.async_api import expect
from sqlalchemy import insert

from db.accounts.accounts import NewAccount
from db.calls import calls
from db.core.clock import now
from db.models import Cdr, Recording
from db.nodes import nodes
from domain.agents.agent import Role
from domain.calls import ids
from domain.calls.call import CallStage, CallType, Disposition, RecordingState
from tests.portal.desk import Desk
from tests.support.centre import Centre

LEFT = 12
"""Megabytes."""


async def test_an_agent_is_told_that_the_call_is_not_recorded(centre: Centre, agent: NewAccount, desk: Desk) -> None:
    number = await centre.add_queue([agent])
    await desk.ready(agent)
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number))
        await desk.stage("offered")
        await desk.part("answer").click()
        await desk.stage("connected")
        await expect(desk.part("recording")).to_be_visible()
        call_id = (await centre.until_stage(number, CallStage.CONNECTED)).id
        async with centre.database.write() as session:
            await calls.recording_failed(session, call_id)
        await expect(desk.part("recording-failed")).to_be_visible()
        await expect(desk.part("recording")).to_be_hidden()
        await call.hang_up()
        await centre.until_quiet(number)


async def test_a_supervisor_sees_a_full_disk_and_an_agent_the_recording_that_was_cut(
    centre: Centre, desk: Desk
) -> None:
    boss = await centre.add_agent(role=Role.SUPERVISOR)
    call_id, at = f"cut-{ids.uuid7()}", now()
    record = {
        "call_id": call_id,
        "type": CallType.INBOUND,
        "disposition": Disposition.ANSWERED,
        "customer_number": "+12025550147",
        "customer_name": "Grace",
        "our_number": "5000",
        "user_id": boss.user_id,
        "agent_name": boss.name,
        "arrived_at": at,
        "ended_at": at,
        "wait_seconds": 1,
        "talk_seconds": 30,
        "ended_by": "customer",
        "cause": 16,
        "completed_at": at,
    }
    file = {"id": ids.uuid7(), "call_id": call_id, "name": f"{call_id}-r1", "node": "node1", "seconds": 4}
    async with centre.database.write() as session:
        await session.execute(insert(Cdr).values(**record))
        await session.execute(insert(Recording).values(**file, status=RecordingState.SHORT, stored_at=at))
    await desk.log_in(boss)
    await expect(desk.page.locator(f'[data-call="{call_id}"]')).to_contain_text("Recording cut short")
    await expect(desk.part("disk-notice")).to_be_hidden()
    node = centre.settings.node_name
    try:
        async with centre.database.write() as session:
            await nodes.note_disk(session, node, LEFT)
        await expect(desk.part("disk-notice")).to_contain_text(f"{node} ({LEFT} MB left)")
    finally:
        async with centre.database.write() as session:
            await nodes.note_disk(session, node, None)
    await expect(desk.part("disk-notice")).to_be_hidden()

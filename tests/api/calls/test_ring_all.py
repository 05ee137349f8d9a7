from db.calls import calls
from db.core.clock import now
from domain.calls.call import CallStage
from tests.api.browser import Browser
from tests.api.floor import Floor


async def test_a_call_that_rings_at_two_agents_is_on_both_desks_and_both_may_decline_it(
    floor: Floor, address: str
) -> None:
    users = [await floor.add_user(), await floor.add_user()]
    call_id = await floor.add_waiting_call(await floor.add_queue(*users))
    await floor.ring(call_id, *users)
    for user in users:
        async with Browser(address, await floor.token(user)) as browser:
            assert (await browser.desk())["call"]["call_id"] == call_id
            # Without a workflow the call is over, but it is theirs to decline.
            assert (await browser.press(call_id, "decline")).status == 409


async def test_the_desk_is_cleared_when_another_agent_was_first(floor: Floor, address: str) -> None:
    winner, other = await floor.add_user(), await floor.add_user()
    call_id = await floor.add_waiting_call(await floor.add_queue(winner, other))
    await floor.ring(call_id, winner, other)
    async with Browser(address, await floor.token(other)) as browser:
        async with browser.events(after=(await browser.desk())["cursor"]) as stream:
            async with floor.database.write() as session:
                await calls.connect(session, call_id, winner.user_id, now(), recorded=False, others=True)
            while (await stream.until("call")).data is not None:
                pass
        assert (await browser.desk())["call"] is None
        assert (await browser.press(call_id, "hang-up")).status == 404
    async with Browser(address, await floor.token(winner)) as browser:
        assert (await browser.desk())["call"]["stage"] == CallStage.CONNECTED

"""What an administrator sets through the API, or with the command line, is what the next call meets."""

import asyncio
from pathlib import Path

import pytest

from db.core.clock import now
from db.users import sessions
from domain.agents.agent import AgentState, Role
from domain.calls.call import CallStage
from tests.api.browser import Browser
from tests.phones.audio import Tone, tones_in
from tests.support.centre import OWN_MUSIC, OWN_MUSIC_HZ, Centre

WAIT_SECONDS = 3.0


async def token(centre: Centre) -> str:
    """The session of a new administrator."""
    administrator = await centre.add_agent(role=Role.ADMINISTRATOR)
    made = sessions.new_token()
    async with centre.database.write() as session:
        await sessions.start(session, administrator.user_id, sessions.hash_token(made), now())
    return made


async def test_a_queue_made_through_the_api_serves_as_it_was_told(centre: Centre) -> None:
    first, second = await centre.add_agent(), await centre.add_agent()
    number = await centre.add_queue([first, second])
    async with centre.database.read() as session:
        queue = f"/api/v1/admin/queues/{await centre.queue_id(session, number)}"
    address = f"http://127.0.0.1:{centre.settings.portal_port}"
    async with Browser(address, await token(centre)) as browser:
        assert (await browser.ask("PATCH", queue, json={"strategy": "linear", "wrap_up_seconds": 0})).status == 200
        for agent, position in ((first, 2), (second, 1)):
            member = f"{queue}/members/{agent.user_id}"
            assert (await browser.ask("PUT", member, json={"position": position})).status == 200
    await centre.arrive(first, second)
    async with centre.desk_phone() as phone, centre.desk_phone() as other, centre.customer() as customer:
        await centre.register(phone, first)
        await centre.register(other, second)
        call = await customer.dial(centre.uri(number))
        # The first has been idle longer, but the second is first in the linear order.
        await (await other.next_call()).answer()
        await centre.until_state(second, AgentState.ON_CALL)
        assert phone.calls == []
        await call.hang_up()
        cdr = await centre.completed_cdr(number)
        await centre.until_state(second, AgentState.IDLE)
    assert cdr.wrap_up_seconds is not None
    assert cdr.wrap_up_seconds < 1


async def test_a_new_member_gets_the_call_that_waits_at_once(centre: Centre) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([])
    async with centre.database.read() as session:
        queue_id = await centre.queue_id(session, number)
    await centre.arrive(agent)
    address = f"http://127.0.0.1:{centre.settings.portal_port}"
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number))
        await centre.until_stage(number, CallStage.WAITING)
        async with Browser(address, await token(centre)) as browser:
            path = f"/api/v1/admin/queues/{queue_id}/members/{agent.user_id}"
            assert (await browser.ask("PUT", path, json={})).status == 200
        # Sooner than the call would have looked by itself.
        await phone.next_call(5)
        await call.hang_up()
        await centre.until_quiet(number)


async def test_callers_wait_to_the_music_of_their_queue(centre: Centre, tmp_path: Path) -> None:
    number, other = await centre.add_queue([]), await centre.add_queue([])
    async with centre.database.read() as session:
        queue = f"/api/v1/admin/queues/{await centre.queue_id(session, number)}"
    address = f"http://127.0.0.1:{centre.settings.portal_port}"
    async with Browser(address, await token(centre)) as browser:
        refused = await browser.ask("PATCH", queue, json={"music": "polka"})
        assert (refused.status, OWN_MUSIC in refused.text) == (422, True)
        assert (await browser.ask("PATCH", queue, json={"music": OWN_MUSIC})).status == 200
    heard = {at: await _heard_while_waiting(centre, at, tmp_path / f"{at}.wav") for at in (number, other)}
    assert heard[number].seconds > 1
    # The other music has that tone in it now and then, much more quietly.
    assert heard[other].level < heard[number].level - 10


async def _heard_while_waiting(centre: Centre, number: str, heard: Path) -> Tone:
    async with centre.customer(record=heard) as customer:
        call = await customer.dial(centre.uri(number))
        await centre.until_stage(number, CallStage.WAITING)
        await asyncio.sleep(WAIT_SECONDS)
        await call.hang_up()
        await centre.until_quiet(number)
    return tones_in(heard, [OWN_MUSIC_HZ])[OWN_MUSIC_HZ]


@pytest.mark.parametrize(
    "rules",
    [
        {"strategy": "fastest"},
        {"ring_seconds": 0},
        {"ring_seconds": None},
        {"max_wait_seconds": -1},
        {"max_wait_seconds": 10**12},
        {"callback_key": "12"},
        {"callback_key": "x"},
        {"schedule_id": "00000000-0000-0000-0000-000000000000"},
        {"recorded": None},
        {"unknown": 1},
    ],
)
async def test_rubbish_is_refused_with_a_sentence_and_changes_nothing(centre: Centre, rules: dict[str, object]) -> None:
    number = await centre.add_queue([])
    async with centre.database.read() as session:
        queue = f"/api/v1/admin/queues/{await centre.queue_id(session, number)}"
    address = f"http://127.0.0.1:{centre.settings.portal_port}"
    async with Browser(address, await token(centre)) as browser:
        before = (await browser.ask("GET", queue)).json
        refused = await browser.ask("PATCH", queue, json=rules)
        assert refused.status == 422
        assert refused.json["detail"].endswith(".")
        assert (await browser.ask("GET", queue)).json == before

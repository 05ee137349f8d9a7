import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from api.calls.commands import Calls
from api.web.errors import RefusedError, UnavailableError
from db.accounts.accounts import NewAccount
from db.calls import cdrs
from db.core.clock import now
from db.history_keys.key_ring import KeyRing
from domain.agents.agent import Role
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.calls.call import CallStage, Disposition, Party
from domain.queues.queue import Queue
from domain.routing.matching import Match
from everline.settings import Settings
from everline.stack.secret_files import Secret, read_secret
from everline.temporal import connect
from tests.api.browser import Answer, Browser
from tests.api.floor import Floor
from tests.support.fake_steps import FakeSteps
from workflows.calls import ending as ending_steps
from workflows.calls import ivr, parties, updates
from workflows.calls.workflow import CallWorkflow
from workflows.core.data_converter import DATA_CONVERTER

_TASKS = "api-tests"


@dataclass(frozen=True)
class Ringing:
    """A call that rings at an agent's phone, with its real workflow."""

    agent: NewAccount
    call_id: str
    temporal: Client
    steps: FakeSteps

    @property
    def workflow(self) -> WorkflowHandle[CallWorkflow, None]:
        return self.temporal.get_workflow_handle_for(CallWorkflow.run, ids.workflow(self.call_id))

    async def answer(self) -> None:
        await self.workflow.signal(CallWorkflow.leg_answered, updates.LegAnswered(1))
        await self.until(CallStage.CONNECTED)

    async def stage(self) -> str:
        return (await self.workflow.query(CallWorkflow.get_view)).stage

    async def press(self, browser: Browser, verb: str, **asked: Any) -> Answer:
        """Presses a button of a page that shows the present, which the rows of this test do not."""
        seen = (await self.workflow.query(CallWorkflow.get_view)).revision or "offered.1.0"
        return await browser.ask("POST", f"/api/v1/calls/{self.call_id}/{verb}", json={"seen": seen, **asked})

    async def until(self, stage: CallStage) -> None:
        async with asyncio.timeout(10):
            while await self.stage() != stage:  # noqa: ASYNC110  # Temporal tells nobody.
                await asyncio.sleep(0.02)


async def client_of(backend: Settings, floor: Floor) -> Client:
    """A client that reads and writes what the portal's reads and writes."""
    return await connect(backend, KeyRing(floor.database, read_secret(backend.home, Secret.HISTORY)))


@asynccontextmanager
async def rings(backend: Settings, floor: Floor, agent: NewAccount, queue: Queue) -> AsyncIterator[Ringing]:
    """A call that rings at the agent, and goes on as long as the block."""
    call_id = await floor.give_call(agent, CallStage.OFFERED, queue=queue)
    temporal = await client_of(backend, floor)
    steps = FakeSteps(admitted=ivr.Admitted(queue, (parties.Offer(agent.user_id, 1),)))
    arrival = Arrival(call_id, "test", "5000", "+12025550147", "Cleo", now())
    async with Worker(
        temporal,
        task_queue=_TASKS,
        workflows=[CallWorkflow],
        activities=steps.all(),
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        handle = await temporal.start_workflow(CallWorkflow.run, arrival, id=ids.workflow(call_id), task_queue=_TASKS)
        ringing = Ringing(agent, call_id, temporal, steps)
        await ringing.until(CallStage.OFFERED)
        yield ringing
        with suppress(RPCError):
            await handle.terminate()


@pytest.fixture
async def ringing(backend: Settings, floor: Floor) -> AsyncIterator[Ringing]:
    agent = await floor.add_user()
    async with rings(backend, floor, agent, await floor.add_queue(agent)) as ringing:
        yield ringing


@pytest.fixture
async def agent(ringing: Ringing, floor: Floor, address: str) -> AsyncIterator[Browser]:
    async with Browser(address, await floor.token(ringing.agent)) as browser:
        yield browser


async def test_a_ringing_call_is_declined_once(ringing: Ringing, agent: Browser) -> None:
    assert (await ringing.press(agent, "decline")).json == {}
    assert await ringing.stage() == CallStage.WAITING
    refused = await ringing.press(agent, "decline")
    assert refused.status == 409
    assert refused.json["detail"] == "The call is no longer ringing."


async def test_a_call_is_muted_hung_up_and_wrapped_up(ringing: Ringing, agent: Browser) -> None:
    assert (await ringing.press(agent, "hang-up")).json["detail"] == "The call is not connected."
    await ringing.answer()
    assert (await ringing.press(agent, "mute", muted=True)).json == {}
    assert (await ringing.press(agent, "hang-up")).json == {}
    assert await ringing.stage() == CallStage.WRAP_UP
    assert (await ringing.press(agent, "wrap-up/complete")).json == {}


async def test_a_wrap_up_is_made_longer_and_ended_with_a_code(ringing: Ringing, agent: Browser) -> None:
    await ringing.answer()
    await ringing.press(agent, "hang-up")
    assert (await ringing.press(agent, "wrap-up/extend", seconds=30)).json == {}
    for wrong in (0, -1, 10_000):
        assert (await ringing.press(agent, "wrap-up/extend", seconds=wrong)).status == 422
    assert (await ringing.press(agent, "wrap-up/complete", code="Solved")).json == {}
    [extended] = ringing.steps.asked_for(ending_steps.ExtendWrapUp)
    assert extended.user_id == ringing.agent.user_id
    [completed] = ringing.steps.asked_for(ending_steps.Complete)
    assert completed.code == "Solved"


async def test_a_queue_that_wants_a_code_says_so(floor: Floor, backend: Settings, address: str) -> None:
    user = await floor.add_user()
    queue = replace(await floor.add_queue(user), wrap_up_code_required=True)
    async with rings(backend, floor, user, queue) as ringing, Browser(address, await floor.token(user)) as browser:
        await ringing.answer()
        await ringing.press(browser, "hang-up")
        refused = await ringing.press(browser, "wrap-up/complete")
        assert (refused.status, "code" in refused.json["detail"]) == (409, True)
        assert (await ringing.press(browser, "wrap-up/complete", code="Solved")).status == 200


async def test_in_wrap_up_the_desk_has_the_codes_of_the_calls_queue_and_no_others_count(
    floor: Floor, address: str
) -> None:
    user = await floor.add_user()
    queue, other = await floor.add_queue(user), await floor.add_queue(user)
    await floor.add_codes(queue, "Solved", "Wrong number", required=True)
    await floor.add_codes(other, "Sold")
    async with Browser(address, await floor.token(user)) as browser:
        await floor.give_call(user, CallStage.CONNECTED, queue=queue)
        assert (await browser.desk())["call"]["wrap_up_codes"] == []
        call_id = await floor.give_call(user, CallStage.WRAP_UP, queue=queue)
        call = (await browser.desk())["call"]
        codes = [{"name": "Solved", "key": "1"}, {"name": "Wrong number", "key": "2"}]
        assert [code for code in call["wrap_up_codes"] if code in codes] == codes
        assert "Sold" not in {code["name"] for code in call["wrap_up_codes"]}
        assert call["wrap_up_code_required"] is True
        answer = await browser.press(call_id, "wrap-up/complete", code="Sold")
        assert (answer.status, queue.name in answer.json["detail"]) == (422, True)


async def test_nobody_else_can_touch_the_call(ringing: Ringing, floor: Floor, address: str) -> None:
    for role in Role:
        async with Browser(address, await floor.token(await floor.add_user(role))) as other:
            answer = await ringing.press(other, "decline")
            assert answer.status == 404
    assert await ringing.stage() == CallStage.OFFERED


async def test_a_call_that_cannot_be_woken_does_not_keep_the_others_asleep(
    ringing: Ringing, floor: Floor, backend: Settings
) -> None:
    temporal = await client_of(backend, floor)
    calls = Calls(temporal)
    found = Match("no-such-call", (await floor.add_queue()).queue_id, ringing.agent.user_id)
    await calls.wake([found, Match(ringing.call_id, found.queue_id, ringing.agent.user_id)])
    history = await temporal.get_workflow_handle(ids.workflow(ringing.call_id)).fetch_history()
    signals = [event for event in history.events if event.HasField("workflow_execution_signaled_event_attributes")]
    assert [event.workflow_execution_signaled_event_attributes.signal_name for event in signals] == ["agent_claimed"]


async def test_a_temporal_that_is_down_is_no_refusal() -> None:
    calls = Calls(await Client.connect("127.0.0.1:1", data_converter=DATA_CONVERTER, lazy=True))
    with pytest.raises(UnavailableError):
        await calls.ask(CallWorkflow.hang_up, "any", updates.Asked(ids.uuid7()))


async def test_a_call_without_a_workflow_is_over(backend: Settings) -> None:
    calls = Calls(await Client.connect(backend.temporal, data_converter=DATA_CONVERTER))
    with pytest.raises(RefusedError, match="The call is over"):
        await calls.ask(CallWorkflow.hang_up, "no-such-call", updates.Asked(ids.uuid7()))


async def test_recent_calls_are_my_own_newest_first(floor: Floor, address: str) -> None:
    users = [await floor.add_user(), await floor.add_user()]
    made = []
    for user in (*users, users[0]):
        call_id = await floor.give_call(user, CallStage.CONNECTED, "<b>Cleo</b>")
        made.append(call_id)
        async with floor.database.write() as session:
            ending = cdrs.Ending(call_id, Disposition.ANSWERED, Party.AGENT, 16, now())
            await cdrs.end(session, ending, timedelta(0))
    async with Browser(address, await floor.token(users[0])) as browser:
        items = (await browser.get("/api/v1/calls?mine=1&limit=10")).json["items"]
        assert [item["call_id"] for item in items] == [made[2], made[0]]
        assert items[0]["customer_name"] == "<b>Cleo</b>"
        assert set(items[0]) == {
            "call_id", "type", "direction", "disposition", "customer", "received_number", "customer_name",
            "our_number", "queue", "wrap_up_code", "started_at", "duration", "part", "counted",
            "waited", "ended_by", "exit", "agent", "failure", "recording", "called_back", "parts", "wrap_up_codes",
        }  # fmt: skip
        assert len((await browser.get("/api/v1/calls?limit=1")).json["items"]) == 1
        assert (await browser.get("/api/v1/calls?limit=1000")).status == 422


async def test_a_page_knows_what_it_has_seen_of_its_call(floor: Floor, address: str) -> None:
    user = await floor.add_user()
    async with Browser(address, await floor.token(user)) as browser:
        await floor.give_call(user, CallStage.OFFERED)
        rings = (await browser.desk())["call"]["revision"]
        await floor.give_call(user, CallStage.CONNECTED)
        assert (await browser.desk())["call"]["revision"] not in {"", rings}


@pytest.mark.parametrize(("verb", "body"), [("hang-up", {}), ("mute", {"muted": True}), ("wrap-up/complete", {})])
async def test_who_does_not_say_what_was_seen_is_told_to(
    ringing: Ringing, agent: Browser, verb: str, body: dict[str, object]
) -> None:
    await ringing.answer()
    refused = await agent.ask("POST", f"/api/v1/calls/{ringing.call_id}/{verb}", json=body)
    assert (refused.status, "`revision`" in refused.json["detail"]) == (422, True)
    assert await ringing.stage() == CallStage.CONNECTED


async def test_what_a_page_has_not_seen_is_not_done(ringing: Ringing, agent: Browser) -> None:
    path = f"/api/v1/calls/{ringing.call_id}"
    rings = (await agent.desk())["call"]["revision"]
    await ringing.answer()
    refused = await agent.ask("POST", f"{path}/hang-up", json={"seen": rings})
    assert (refused.status, "nothing was done" in refused.json["detail"]) == (409, True)
    assert (await agent.ask("POST", f"{path}/hang-up", json={"seen": "connected.1.0"})).json == {}

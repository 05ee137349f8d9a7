"""Who passes a call on says how it came out, without holding up whoever has it then."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from db.accounts.accounts import NewAccount
from db.calls import cdrs, handing_over
from db.core.clock import now
from db.models import Call, Participant
from domain.agents.agent import Role
from domain.calls.call import CallRole, CallStage, Disposition, Party, Purpose
from domain.queues.queue import Queue
from tests.api.browser import Answer, Browser
from tests.api.floor import Floor


@dataclass(frozen=True)
class Passed:
    """A call that an agent has passed on to a colleague, or to a number outside."""

    floor: Floor
    address: str
    agent: NewAccount
    colleague: NewAccount
    queue: Queue
    call_id: str

    async def hand_over(self, former: NewAccount, to: NewAccount | None, leg: int) -> None:
        moment = now()
        async with self.floor.database.write() as session:
            third = Participant(
                call_id=self.call_id,
                role=CallRole.THIRD_PARTY,
                user_id=to.user_id if to else None,
                number=None if to else "+12025550147",
                leg=leg,
                purpose=Purpose.TRANSFER,
                arrived_at=moment,
                since=moment,
            )
            session.add(third)
            await session.flush()
            handed = handing_over.Handed(self.call_id, former.user_id, to.user_id if to else None, leg)
            await handing_over.hand_over(session, handed, now())
            # As it always is, and the record is found by it.
            since = select(Call.arrived_at).where(Call.id == self.call_id).scalar_subquery()
            of_call = Participant.call_id == self.call_id
            await session.execute(update(Participant).where(of_call).values(arrived_at=since))

    async def end(self) -> None:
        async with self.floor.database.write() as session:
            ending = cdrs.Ending(self.call_id, Disposition.ANSWERED, Party.CUSTOMER, 16, now())
            await cdrs.end(session, ending, timedelta(seconds=10))

    async def complete(self, code: str | None = None) -> None:
        async with self.floor.database.write() as session:
            await cdrs.complete(session, self.call_id, now(), code)

    async def code(self, who: NewAccount, code: str | None) -> Answer:
        async with Browser(self.address, await self.floor.token(who)) as browser:
            return await browser.ask("PUT", f"/api/v1/calls/{self.call_id}/own-part", json={"code": code})

    async def listed(self, who: NewAccount, mine: int = 1) -> dict[str, Any]:
        async with Browser(self.address, await self.floor.token(who)) as browser:
            items = (await browser.get(f"/api/v1/calls?mine={mine}&limit=100")).json["items"]
        [told] = [call for call in items if call["call_id"] == self.call_id]
        return dict(told)


@pytest.fixture
async def call(floor: Floor, address: str) -> Passed:
    agent, colleague = await floor.add_user(), await floor.add_user()
    queue = await floor.add_queue(agent, colleague)
    await floor.add_codes(queue, "Solved", "Needs billing")
    await floor.add_codes(await floor.add_queue(agent), "Sold")
    return Passed(
        floor, address, agent, colleague, queue, await floor.give_call(agent, CallStage.CONNECTED, queue=queue)
    )


async def test_the_own_part_is_coded_while_the_call_goes_on_and_in_the_colleagues_wrap_up(call: Passed) -> None:
    await call.hand_over(call.agent, call.colleague, 2)
    told = await call.listed(call.agent)
    assert (told["part"], told["wrap_up_code"]) == ("passed_on", None)
    assert told["wrap_up_codes"][-2:] == ["Solved", "Needs billing"]
    assert "Sold" not in told["wrap_up_codes"]
    assert (await call.code(call.agent, "solved")).status == 200
    assert (await call.listed(call.agent))["wrap_up_code"] == "Solved"
    await call.end()
    assert (await call.code(call.agent, None)).status == 200
    assert (await call.listed(call.agent))["wrap_up_code"] is None
    assert (await call.code(call.agent, "Needs billing")).status == 200
    await call.complete("Solved")
    refused = await call.code(call.agent, "Solved")
    assert (refused.status, "complete" in refused.json["detail"]) == (409, True)
    told = await call.listed(call.agent)
    assert (told["wrap_up_code"], told["wrap_up_codes"]) == ("Needs billing", [])
    # The record has the code of its last agent, and tells the others' beside it.
    for told in (await call.listed(call.colleague), await call.listed(await call.floor.add_user(Role.SUPERVISOR), 0)):
        assert told["wrap_up_code"] == "Solved"
        assert told["parts"] == [{"agent": call.agent.name, "wrap_up_code": "Needs billing"}]


async def test_only_what_one_has_passed_on_is_coded_and_with_its_own_codes(call: Passed) -> None:
    assert (await call.code(call.agent, "Solved")).status == 404
    await call.hand_over(call.agent, call.colleague, 2)
    for nobody in (call.colleague, await call.floor.add_user()):
        assert (await call.code(nobody, "Solved")).status == 404
    refused = await call.code(call.agent, "Sold")
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "code")


async def test_the_code_is_of_the_last_time_one_has_passed_it_on(call: Passed) -> None:
    await call.hand_over(call.agent, call.colleague, 2)
    await call.code(call.agent, "Solved")
    await call.hand_over(call.colleague, call.agent, 3)
    await call.hand_over(call.agent, call.colleague, 4)
    assert (await call.listed(call.agent))["wrap_up_code"] is None
    await call.code(call.agent, "Needs billing")
    assert (await call.listed(call.agent))["wrap_up_code"] == "Needs billing"


async def test_what_was_passed_on_to_a_number_outside_has_the_code_of_who_did(call: Passed) -> None:
    await call.hand_over(call.agent, None, 2)
    assert (await call.code(call.agent, "Solved")).status == 200
    await call.end()
    await call.complete()
    told = await call.listed(call.agent)
    assert (told["part"], told["wrap_up_code"]) == ("own", "Solved")

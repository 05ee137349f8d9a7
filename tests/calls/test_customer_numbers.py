"""The customer's number in the record of a call, as the trunk has written it and as it is read."""

from collections.abc import AsyncIterator

import pytest

from db.core.clock import now
from db.nodes import revisions
from db.trunks import trunks
from domain.agents.agent import AgentState
from tests.phones.raw_caller import RawCaller
from tests.support.centre import Centre

TRUSTED_ADDRESS = "127.0.0.22"
ASSERTED = b'P-Asserted-Identity: "Ada Secret" <sip:+12025550164@carrier.example>'
ANONYMOUS = b'"Anonymous" <sip:anonymous@anonymous.invalid>'


@pytest.fixture
async def trusted(centre: Centre) -> AsyncIterator[str]:
    """The address of a trunk whose P-Asserted-Identity counts."""
    line = trunks.TrunkLine("trusted", TRUSTED_ADDRESS, TRUSTED_ADDRESS, trusted=True)
    async with centre.database.write() as session:
        revision = await trunks.add(session, line)
    assert await revisions.wait_provisioned(centre.database, revision, 10)
    yield TRUSTED_ADDRESS
    async with centre.database.write() as session:
        await trunks.remove(session, line.name, now())


@pytest.mark.parametrize(("received", "number"), [("2025550164", "+12025550164"), ("555", "555"), ("anonymous", None)])
async def test_a_record_has_the_number_as_it_is_read_and_as_it_came(
    centre: Centre, received: str, number: str | None
) -> None:
    queue = await centre.add_queue([])
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(queue), caller_number=received)
        await centre.until_waiting(queue, 1)
        await call.hang_up()
    cdr = await centre.completed_cdr(queue)
    assert (cdr.customer_number, cdr.received_number, cdr.our_number) == (number, received, queue)
    assert (cdr.direction, cdr.disposition) == ("inbound", "abandoned")


@pytest.mark.parametrize(
    ("privacy", "number", "shown"),
    [((), "+12025550164", "+12025550164"), ((b"Privacy: id",), None, ""), ((b"Privacy: id;critical",), None, "")],
)
async def test_what_a_trusted_trunk_tells_in_confidence_is_withheld_from_record_and_phone(
    centre: Centre, trusted: str, privacy: tuple[bytes, ...], number: str | None, shown: str
) -> None:
    agent = await centre.add_agent()
    queue = await centre.add_queue([agent])
    async with centre.desk_phone() as phone, RawCaller.start(trusted) as caller:
        await centre.register(phone, agent)
        await centre.arrive(agent)
        caller.dial(centre.sip_server, queue, ANONYMOUS, (ASSERTED, *privacy))
        rung = await phone.next_call()
        assert (shown or "anonymous") in rung.caller.lower()
        await rung.answer()
        await centre.until_state(agent, AgentState.ON_CALL)
        caller.hang_up()
        cdr = await centre.completed_cdr(queue)
    assert (cdr.customer_number, cdr.received_number) == (number, shown)
    assert (cdr.customer_name == "Ada Secret") == bool(shown)
    for secret in ("2025550164", "Ada Secret"):
        assert (secret in repr((rung.caller, rung.caller_name))) == bool(shown)

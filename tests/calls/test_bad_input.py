import pytest

from domain.calls.call import CallStage
from telephony.text import NAME_LIMIT
from tests.support.centre import Centre

HOSTILE = [
    "<script>alert(1)</script>",
    "Robert'); DROP TABLE cdrs;--",
    "=1+1",
    "../../etc/passwd",
    'a"b<c>,d&e',
    "%n%s",
]


async def test_an_unknown_number_is_refused_with_404_and_one_cdr(centre: Centre) -> None:
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri("99887766"))
        assert await call.wait_for_end() == 404
        cdr = await centre.completed_cdr("99887766")
    assert (cdr.disposition, cdr.ended_by, cdr.queue_id) == ("failed", "system", None)


async def test_a_caller_without_caller_id_is_served(centre: Centre) -> None:
    number = await centre.add_queue([])
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number), anonymous=True)
        await centre.until_stage(number, CallStage.WAITING)
        await call.hang_up()
        cdr = await centre.completed_cdr(number)
    assert cdr.disposition == "abandoned"
    assert len(cdr.received_number or "") <= 64


async def test_a_customer_name_of_300_characters_is_cut(centre: Centre) -> None:
    number = await centre.add_queue([])
    async with centre.customer() as customer:
        call = await customer.dial(centre.uri(number), caller_name="N" * 300, caller_number="555")
        await centre.until_stage(number, CallStage.WAITING)
        await call.hang_up()
        cdr = await centre.completed_cdr(number)
    assert cdr.customer_number == "555"
    assert set(cdr.customer_name) == {"N"}
    assert len(cdr.customer_name) <= NAME_LIMIT


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_name_rings_the_agent_and_harms_nothing(centre: Centre, name: str) -> None:
    agent = await centre.add_agent()
    number = await centre.add_queue([agent])
    await centre.arrive(agent)
    async with centre.desk_phone() as phone, centre.customer() as customer:
        await centre.register(phone, agent)
        call = await customer.dial(centre.uri(number), caller_name=name, caller_number="555")
        assert "555" in (await phone.next_call()).caller
        await call.hang_up()
        cdr = await centre.completed_cdr(number)
    assert cdr.customer_name == name

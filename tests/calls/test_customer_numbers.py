"""The customer's number in the record of a call, as the trunk has written it and as it is read."""

import pytest

from tests.support.centre import Centre


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

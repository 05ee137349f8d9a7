import pytest
from playwright.async_api import Browser

from tests.day.day import Plant, Shift, spend
from tests.day.kinds import KINDS
from tests.day.verdict import growths
from tests.support.centre import Centre

# Eight calls tell nothing of memory: see `make day`. They show that every kind of call is made, recorded and looked at.


@pytest.mark.timeout(240)
async def test_every_kind_of_call_has_its_one_record_and_leaves_nothing(centre: Centre, browser: Browser) -> None:
    told: list[str] = []
    day = await spend(centre, browser, Shift(len(KINDS), every=2, plant=Plant.CONNECTION), told.append)
    assert not day.wrong
    assert not day.left
    assert len(told) == len(day.readings) == 4
    found = {growth.gauge: growth for growth in growths(day.readings, len(KINDS))}
    # A connection that the page keeps for every ring is seen even in so short a day.
    assert found["page: peer connections"].leaks
    assert max(found["asterisk: channels"].quarters) == 0
    assert all(found[f"{process}: memory"].quarters[3] > 0 for process in ("api", "node", "worker", "asterisk"))

from datetime import timedelta

import pytest
from sqlalchemy import insert

from db.core.clock import now
from db.models import Cdr
from domain.calls import ids
from domain.calls.call import CallType, Disposition
from tests.api.browser import Browser
from tests.api.floor import Floor

RINGING, TALK = 21.5, 7.0
OWN_PHONE = timedelta(seconds=4)
"""What passes before the customer is called."""


@pytest.mark.parametrize(
    ("kind", "disposition", "seconds"),
    [
        (CallType.MANUAL, Disposition.UNANSWERED, RINGING),
        (CallType.MANUAL, Disposition.BUSY, RINGING),
        (CallType.MANUAL, Disposition.ANSWERED, TALK),
        (CallType.AUTO, Disposition.UNANSWERED, TALK),
        (CallType.INBOUND, Disposition.ANSWERED, TALK),
    ],
)
async def test_a_call_by_hand_that_nobody_answered_lasted_as_long_as_it_rang(
    floor: Floor, address: str, kind: CallType, disposition: Disposition, seconds: float
) -> None:
    user = await floor.add_user()
    arrived = now()
    values = {
        "call_id": f"recent-{ids.uuid7()}",
        "type": kind,
        "disposition": disposition,
        "customer_number": "+12025550147",
        "customer_name": "Cleo",
        "our_number": "5000",
        "user_id": user.user_id,
        "arrived_at": arrived,
        "queued_at": arrived + OWN_PHONE,
        "ended_at": arrived + OWN_PHONE + timedelta(seconds=RINGING),
        "wait_seconds": 0,
        "talk_seconds": TALK,
        "ended_by": "customer",
        "cause": 16,
    }
    async with floor.database.write() as session:
        await session.execute(insert(Cdr).values(**values))
    async with Browser(address, await floor.token(user)) as browser:
        [told] = (await browser.get("/api/v1/calls")).json["items"]
    assert (told["type"], told["disposition"], told["duration"]) == (kind, disposition, seconds)

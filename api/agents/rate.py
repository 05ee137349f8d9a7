from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import ConfigDict
from pydantic.config import JsonDict

from api.access.visitors import SignedIn
from api.portal import ThePortal
from api.web.schemas import Outgoing
from db.core.clock import now
from db.records import rates
from domain.records.periods import periods_at

router = APIRouter(prefix="/api/v1/agent", tags=["agent"])

_EXAMPLE: JsonDict = {
    "time_zone": "Europe/Berlin",
    "until": "2026-11-24T23:00:00Z",
    "month": {"answered": 212, "not_answered": 9},
    "yesterday": {"answered": 31, "not_answered": 0},
}


class RateOut(Outgoing):
    """Calls of a period. Both are 0 when there were none."""

    answered: int
    """Calls that the agent talked on and kept to the end."""
    not_answered: int
    """Calls that rang the agent and were not taken, and calls of the agent that the customer did not answer."""


class RatesOut(Outgoing):
    """The agent's calls of the current month, with today, and of yesterday."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    time_zone: str
    """The centre's time zone, in which days and months begin (IANA)."""
    until: datetime
    """When today is over; then other days are meant."""
    month: RateOut
    yesterday: RateOut


@router.get("/rate", summary="Answered and not answered")
async def get_rate(visitor: SignedIn, portal: ThePortal) -> RatesOut:
    """How many of the agent's own calls were answered and how many were not, this month and yesterday.

    A call counts once it is over for the agent. It belongs to the day on which it arrived, in the centre's time zone; a
    call that was not taken belongs to the day on which it rang.
    """
    zone = portal.config.time_zone
    periods = periods_at(now(), ZoneInfo(zone))
    async with portal.database.read() as session:
        found = await rates.of_agent(session, visitor.user_id, periods)
    return RatesOut(
        time_zone=zone,
        until=periods.today_ends.astimezone(UTC),
        month=RateOut.model_validate(found.month),
        yesterday=RateOut.model_validate(found.yesterday),
    )

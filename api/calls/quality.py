from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from api.access.visitors import SignedIn
from api.openapi.refusals import Refusal, told
from api.portal import ThePortal
from api.web.errors import MissingError
from api.web.schemas import Done, Incoming
from db.core.clock import now
from db.records import quality

router = APIRouter(prefix="/api/v1/calls/{call_id}", tags=["calls"])

_DAY_MS = 86_400_000
_NO_PART = Refusal.of(MissingError, "The user had no part in such a call.", "You had no part in such a call.")


class QualityRequest(Incoming):
    """How a talk sounded at the agent's browser: means over all samples."""

    jitter_ms: float = Field(ge=0, le=_DAY_MS, allow_inf_nan=False, examples=[4.2])
    loss: float = Field(ge=0, le=1, allow_inf_nan=False, examples=[0.003])
    """Share of the packets that never came."""
    round_trip_ms: float | None = Field(None, ge=0, le=_DAY_MS, allow_inf_nan=False, examples=[38.0])
    samples: int = Field(ge=1, le=100_000, examples=[45])


@router.post("/quality", summary="Report quality", responses=told(_NO_PART))
async def report(
    call_id: Annotated[str, Path(description="A call that the user has, or had.", max_length=200)],
    request: QualityRequest,
    visitor: SignedIn,
    portal: ThePortal,
) -> Done:
    """Keeps how the call sounded, with its record; once more, the last report counts."""
    told = quality.Report(request.jitter_ms, request.loss, request.round_trip_ms, request.samples)
    async with portal.database.write() as session:
        await quality.note(session, call_id, visitor.user_id, told, now())
    return Done()

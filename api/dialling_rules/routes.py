"""The destinations that may be called, and how much one user may call."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from api.access.visitors import ManagesDialling
from api.dialling_rules.schemas import (
    CheckedNumberOut,
    DestinationList,
    DestinationOut,
    LimitsIn,
    LimitsInForce,
    LimitsOut,
    LimitsSet,
    NewDestinationIn,
)
from api.portal import ThePortal
from api.users.routes import UserId
from api.web.schemas import Done
from db.core.clock import now
from db.core.engine import AnySession
from db.dialling_rules import destinations, dial_limits
from db.users import users

router = APIRouter(prefix="/api/v1/admin", tags=["administration"])

_Number = Annotated[
    str,
    Query(min_length=1, max_length=40, description="As an agent would type it.", examples=["+44 20 7946 0123"]),
]


@router.get("/destinations", summary="List destinations")
async def list_destinations(_: ManagesDialling, portal: ThePortal) -> DestinationList:
    """Which numbers may be called beyond ordinary ones of the own country, and which may not at all."""
    async with portal.database.read() as session:
        found = await destinations.listing(session)
    items = [DestinationOut.model_validate(rule) for rule in found]
    return DestinationList(region=portal.config.region, items=items)


@router.post("/destinations", status_code=201, summary="Allow or deny a destination")
async def add_destination(request: NewDestinationIn, visitor: ManagesDialling, portal: ThePortal) -> DestinationOut:
    """Lets numbers be called, or forbids them, from the next call on; the longest prefix decides.

    Premium, shared-cost and other special numbers want a prefix of at least three digits after the country code.
    """
    async with portal.database.write() as session:
        made = await destinations.add(session, request.plain(), visitor.user_id, now())
    return DestinationOut.model_validate(made)


@router.delete("/destinations/{destination_id}", summary="Remove a destination")
async def remove_destination(
    destination_id: Annotated[UUID, Path(description="The rule's id.")], visitor: ManagesDialling, portal: ThePortal
) -> Done:
    """Takes a rule away; calls that go on are not ended."""
    async with portal.database.write() as session:
        await destinations.remove(session, destination_id, visitor.user_id, now())
    return Done()


@router.get("/destinations/check", summary="Check a number")
async def check_number(_: ManagesDialling, portal: ThePortal, number: _Number) -> CheckedNumberOut:
    """Tells whether a number may be called, and what an agent would read; nothing is dialled."""
    async with portal.database.read() as session:
        decision = await destinations.decide(session, number, portal.config.region)
    return CheckedNumberOut(
        number=decision.number,
        refusal=decision.sentence or None,
        decided_by=decision.rule.prefix if decision.rule else None,
    )


@router.get("/dial-limits", summary="Get everybody's limits")
async def get_limits(_: ManagesDialling, portal: ThePortal) -> LimitsOut:
    """How much a user may call out by hand who has no limits of the own."""
    async with portal.database.read() as session:
        return await _limits(session, None)


@router.put("/dial-limits", summary="Set everybody's limits")
async def set_limits(request: LimitsIn, visitor: ManagesDialling, portal: ThePortal) -> LimitsOut:
    """Sets both limits of all users who have none of their own, from the next call on."""
    async with portal.database.write() as session:
        await dial_limits.put(session, None, request.plain(), visitor.user_id, now())
        return await _limits(session, None)


@router.get("/users/{user_id}/dial-limits", summary="Get a user's limits")
async def get_user_limits(user_id: UserId, _: ManagesDialling, portal: ThePortal) -> LimitsOut:
    """How much this user may call out by hand."""
    async with portal.database.read() as session:
        account = await users.get(session, user_id)
        return await _limits(session, account.user_id)


@router.put("/users/{user_id}/dial-limits", summary="Set a user's limits")
async def set_user_limits(user_id: UserId, request: LimitsIn, visitor: ManagesDialling, portal: ThePortal) -> LimitsOut:
    """Sets both limits of one user, from the next call on; with null they are everybody's again."""
    async with portal.database.write() as session:
        account = await users.get(session, user_id)
        await dial_limits.put(session, account.user_id, request.plain(), visitor.user_id, now())
        return await _limits(session, account.user_id)


async def _limits(session: AnySession, user_id: UUID | None) -> LimitsOut:
    return LimitsOut(
        set=LimitsSet.model_validate(await dial_limits.of_user(session, user_id)),
        in_force=LimitsInForce.model_validate(await dial_limits.in_force(session, user_id)),
    )

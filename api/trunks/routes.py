"""The lines to the outside world."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.access.visitors import ManagesTrunks
from api.portal import ThePortal
from api.trunks.schemas import NewTrunkIn, TrunkChanges, TrunkList, TrunkOut
from api.web.schemas import Done
from db.audit import audit
from db.core.clock import now
from db.trunks import checks, registrations, trunks

router = APIRouter(prefix="/api/v1/admin/trunks", tags=["administration"])

_Name = Annotated[str, Path(description="The trunk's name.", examples=["provider-1"], max_length=40)]


@router.get("", summary="List trunks")
async def list_trunks(_: ManagesTrunks, portal: ThePortal) -> TrunkList:
    """All trunks, in the order in which calls go out by them."""
    async with portal.database.read() as session:
        found = await trunks.listing(session)
        known = await registrations.listing(session)
    return TrunkList(items=[TrunkOut.of(line, known.get(line.name, ())) for line in found])


@router.post("", status_code=201, summary="Add a trunk")
async def add_trunk(request: NewTrunkIn, visitor: ManagesTrunks, portal: ThePortal) -> TrunkOut:
    """Makes a trunk. Calls from its addresses are let in without a password."""
    line = checks.checked_trunk(request.plain())
    async with portal.database.write() as session:
        await trunks.add(session, line)
        await audit.note(session, visitor.user_id, "trunk.added", line.name, trunks.told(line), now())
    return TrunkOut.of(line)


@router.get("/{name}", summary="Get a trunk")
async def get_trunk(name: _Name, _: ManagesTrunks, portal: ThePortal) -> TrunkOut:
    """One trunk; its password is never told."""
    async with portal.database.read() as session:
        known = await registrations.listing(session)
        return TrunkOut.of(await trunks.get(session, name), known.get(name, ()))


@router.patch("/{name}", summary="Change a trunk")
async def change_trunk(name: _Name, request: TrunkChanges, visitor: ManagesTrunks, portal: ThePortal) -> TrunkOut:
    """Changes a trunk, from the next call on; what is left out stays as it is."""
    async with portal.database.write() as session:
        line = checks.checked_trunk(request.changed(await trunks.get(session, name)))
        await trunks.put(session, line)
        await audit.note(session, visitor.user_id, "trunk.changed", name, trunks.told(line), now())
    return TrunkOut.of(line)


@router.delete("/{name}", summary="Remove a trunk")
async def remove_trunk(name: _Name, visitor: ManagesTrunks, portal: ThePortal) -> Done:
    """Takes a trunk away and forgets its password; calls on it go on."""
    async with portal.database.write() as session:
        await trunks.remove(session, name, now())
        await audit.note(session, visitor.user_id, "trunk.removed", name, {}, now())
    return Done()

"""Addresses that are kept out from SIP because passwords were guessed from there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from api.access.visitors import LiftsBans
from api.openapi.refusals import MISSING, told
from api.portal import ThePortal
from api.web.schemas import Done, Outgoing
from db.core.clock import now
from db.phones import sip_bans

router = APIRouter(prefix="/api/v1/admin/sip-bans", tags=["administration"])

Address = Annotated[str, Path(description="The address, as the list has it.", max_length=45)]


class SipBanOut(Outgoing):
    """An address from which phones are refused."""

    address: str
    """An IPv4 address, or the beginning of an IPv6 network of 64 bits."""
    extension: str
    """The extension whose password was tried last."""
    times: int = Field(examples=[3])
    """How often it was banned in a row; each ban is twice as long as the one before."""
    banned_at: datetime = Field(examples=["2026-11-24T09:30:00Z"])
    until: datetime = Field(examples=["2026-11-24T09:34:00Z"])


class SipBanList(Outgoing):
    """The addresses that are banned now, the latest first."""

    items: Sequence[SipBanOut]


@router.get("")
async def list_bans(_: LiftsBans, portal: ThePortal) -> SipBanList:
    """The addresses that are banned now."""
    async with portal.database.read() as session:
        return SipBanList(items=[SipBanOut.model_validate(ban) for ban in await sip_bans.active(session, now())])


@router.delete("/{address}", responses=told(MISSING))
async def lift_ban(address: Address, visitor: LiftsBans, portal: ThePortal) -> Done:
    """Lets an address in again at once."""
    async with portal.database.write() as session:
        await sip_bans.lift(session, address, visitor.user_id, now())
    return Done()

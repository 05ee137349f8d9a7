from datetime import datetime

from api.desk.schemas import (
    AgentOut,
    CallOut,
    DeskOut,
    FloorAgentOut,
    LowDiskOut,
    MembershipsOut,
    PhoneOut,
    QueueLineOut,
    VoicemailCountOut,
)
from api.openapi.refusals import Refusal
from api.web.errors import RefusedError
from db.calls import own_calls
from db.core.engine import ReadSession
from db.desk import desk, floor, queue_lines
from db.nodes import nodes
from db.users.sessions import Visitor
from db.voicemails import voicemails
from domain.agents.permissions import Permission

_NO_PHONE = "You have no phone yet. Ask your administrator for an extension."
NO_PHONE = Refusal.of(RefusedError, "The user has no phone, and so no desk.", _NO_PHONE)


async def read_desk(session: ReadSession, visitor: Visitor, now: datetime) -> DeskOut:
    """The visitor's whole desk, as of one moment. Raises RefusedError for a user without a phone."""
    opening = await desk.opening(session, visitor.user_id, now)
    if opening is None:
        raise RefusedError(_NO_PHONE)
    mine = [visitor.user_id]
    call = (await own_calls.find(session, mine, now)).get(visitor.user_id)
    serves = (await desk.memberships(session, mine))[visitor.user_id]
    watched = await desk.watched(session, visitor.user_id, visitor.role)
    return DeskOut(
        cursor=str(opening.cursor),
        server_time=now,
        agent=AgentOut.model_validate(opening.agent),
        phone=PhoneOut.model_validate(opening.phone),
        queues=tuple(QueueLineOut.model_validate(queue) for queue in await queue_lines.listing(session, watched, now)),
        memberships=MembershipsOut.model_validate({"items": serves}),
        pause_reasons=opening.pause_reasons,
        call=CallOut.model_validate(call) if call else None,
        voicemails=VoicemailCountOut.model_validate(await voicemails.unheard(session, watched)),
        agents=await _floor(session, visitor, now),
        low_disks=await _low_disks(session, visitor),
        can_dial=opening.can_dial,
        permissions=tuple(sorted(visitor.permissions)),
    )


async def _low_disks(session: ReadSession, visitor: Visitor) -> tuple[LowDiskOut, ...] | None:
    if not visitor.may(Permission.SEE_FLOOR):
        return None
    return tuple(LowDiskOut.model_validate(found) for found in await nodes.low_disks(session))


async def _floor(session: ReadSession, visitor: Visitor, now: datetime) -> tuple[FloorAgentOut, ...] | None:
    if not visitor.may(Permission.SEE_FLOOR):
        return None
    return tuple(FloorAgentOut.model_validate(found) for found in await floor.listing(session, now))

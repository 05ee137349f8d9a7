from datetime import datetime

from api.desk.models import AgentOut, CallOut, DeskOut, PhoneOut, QueueOut
from api.errors import RefusedError
from db import desk, outbox
from db.engine import ReadSession
from db.sessions import Visitor


async def read_desk(session: ReadSession, visitor: Visitor, now: datetime) -> DeskOut:
    """The visitor's whole desk, as of one moment. Raises RefusedError for a user without a phone."""
    mine = [visitor.user_id]
    agent = (await desk.agents(session, mine, now)).get(visitor.user_id)
    phone = (await desk.phones(session, mine)).get(visitor.user_id)
    if agent is None or phone is None:
        raise RefusedError("You have no phone yet. Ask your administrator for an extension.")
    call = (await desk.calls(session, mine)).get(visitor.user_id)
    watched = await desk.watched(session, visitor.user_id, visitor.role)
    return DeskOut(
        cursor=str(await outbox.horizon(session)),
        server_time=now,
        agent=AgentOut.model_validate(agent),
        phone=PhoneOut.model_validate(phone),
        queues=[QueueOut.model_validate(queue) for queue in await desk.queues(session, watched)],
        call=CallOut.model_validate(call) if call else None,
    )

"""Calls that agents dial on the desk phone itself."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text, update

from db.calls import manual, participants
from db.core.engine import WriteSession
from db.core.notices import Notice, publish
from db.dialling_rules import destinations
from db.models import Call, Cdr, Extension
from db.routing import claims
from db.trunks import trunks
from domain.agents.agent import ExtensionKind
from domain.calls.arrival import Arrival
from domain.dialling_rules.refusal import DialRefusal
from domain.events.notice import NoticeKind

_OWNER = text("""
    SELECT extensions.user_id, extensions.kind, colleague.name AS colleague
    FROM extensions LEFT JOIN (
        SELECT users.name FROM extensions JOIN users ON users.id = extensions.user_id
        WHERE extensions.number = :dialled AND extensions.removed_at IS NULL
    ) AS colleague ON true
    WHERE extensions.number = :extension AND extensions.removed_at IS NULL
""")


_NEAR = timedelta(days=1)
"""A call has one arrival; what is searched by it is searched with room to spare."""


@dataclass(frozen=True)
class Taken:
    """The agent, the number called and the number shown; or why nobody is called. With neither, the call is over."""

    user_id: UUID | None = None
    number: str = ""
    shown: str = ""
    refusal: DialRefusal | None = None


async def enter(  # noqa: PLR0913 - each is a different fact about the call
    session: WriteSession,
    arrival: Arrival,
    extension: str,
    region: str,
    now: datetime,
    *,
    is_final: bool = True,
    gone: bool = False,
) -> Taken:
    """Writes down a call that was dialled on an extension's phone, and holds its agent; once more, the same.

    `region` (ISO 3166) is the country that is dialled from. The agent's page shows a refusal, unless it is not
    final: the agent may be free in a moment. Of a phone that has `gone` nothing is written.
    """
    await claims.lock(session)
    known = await session.get(Call, arrival.call_id)
    if known is not None:
        return Taken(
            await participants.agent_of(session, arrival.call_id), known.customer_number or "", known.our_number
        )
    past = select(Cdr.call_id).where(Cdr.call_id == arrival.call_id, Cdr.arrived_at > arrival.arrived_at - _NEAR)
    if gone or await session.scalar(past) is not None:
        return Taken()
    dialled = arrival.customer_number or ""
    owner = (await session.execute(_OWNER, {"extension": extension, "dialled": dialled})).first()
    if owner is None or owner.user_id is None:
        return Taken(refusal=DialRefusal.NOT_HERE)
    decision = await destinations.decide(session, dialled, region)
    shown = await manual.shown_number(session, owner.user_id)
    wanted = replace(arrival, customer_number=decision.number, our_number=shown, dialled_by=owner.user_id)
    why: str | None
    if ExtensionKind(owner.kind) is not ExtensionKind.SIP:
        refusal, why = DialRefusal.NOT_HERE, "A browser calls by the dial pad of the page, and not by itself."
    elif decision.number is None:
        refusal, why = DialRefusal.NUMBER, _of_colleague(dialled, owner.colleague) or decision.sentence
    elif not await trunks.candidates(session, decision.number, shown, region):
        refusal, why = DialRefusal.NO_LINE, "There is no trunk by which to call out."
    else:
        held = await manual.enter(session, wanted, now, timedelta(0), at_phone=True)
        refusal, why = DialRefusal.NOT_NOW, held.refusal
        if why is not None and not is_final:
            return Taken(refusal=refusal)
    await _tell(session, extension, owner.user_id, why, now)
    return Taken(owner.user_id, decision.number or "", shown) if why is None else Taken(refusal=refusal)


def _of_colleague(dialled: str, colleague: str | None) -> str | None:
    """What is said of a colleague's extension."""
    if colleague is None:
        return None
    return f"{dialled} is {colleague}'s extension. Colleagues are called by Consult or Transfer in a call."


async def _tell(session: WriteSession, extension: str, user_id: UUID, why: str | None, now: datetime) -> None:
    """Puts why the phone was refused on its agent's page, or takes it away."""
    changed = await session.scalar(
        update(Extension)
        .where(Extension.number == extension, (Extension.refused.is_not(None)) | (why is not None))
        .values(refused=why, refused_at=now if why is not None else None)
        .returning(Extension.id)
        .execution_options(synchronize_session=False)
    )
    if changed is not None:
        publish(session, Notice(NoticeKind.PHONE_CHANGED, user_id, None, {"refused": why is not None}))

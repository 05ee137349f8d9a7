"""Phones that are there without a telephone: at a node that nobody runs, whose lease lasts for years."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import insert

from db.core.clock import now
from db.core.engine import WriteSession
from db.models import Extension, Node, Registration
from db.phones import registrations

NODE = "test"
_YEARS = timedelta(days=10_000)


async def ensure_node(session: WriteSession, node: str = NODE) -> None:
    """A node that is alive, and has no Asterisk."""
    values = {"name": node, "connected": False, "changed_at": now(), "provisioned_revision": 0}
    until = {"lease_until": now() + _YEARS}
    await session.execute(
        insert(Node).values(**values, **until).on_conflict_do_update(index_elements=[Node.name], set_=until)
    )


async def set_phones(session: WriteSession, *which: ColumnElement[bool], there: bool = True, node: str = NODE) -> None:
    """These extensions' phones are there, or are not, as if nobody had been told."""
    await ensure_node(session, node)
    for extension_id in await session.scalars(select(Extension.id).where(*which)):
        if there:
            row = {"extension_id": extension_id, "node": node, "since": now()}
            await session.execute(insert(Registration).values(**row).on_conflict_do_nothing())
        else:
            await session.execute(delete(Registration).where(Registration.extension_id == extension_id))


async def put_phone(session: WriteSession, number: str, moment: datetime, *, there: bool = True) -> UUID | None:
    """The node tells that a phone has come, or is gone."""
    await ensure_node(session)
    return await registrations.put(session, number, NODE, moment, registered=there)

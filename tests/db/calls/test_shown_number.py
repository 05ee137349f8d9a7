"""Which number of ours those see whom an agent calls by hand."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import delete, update

from db.calls import manual
from db.core.engine import Database
from db.models import Menu, Number, User
from domain.calls import ids
from tests.db.sample import new_agents, new_name, new_queue


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=2)
    yield opened
    await opened.close()


async def test_the_own_number_then_the_queues_then_a_menus(db: Database) -> None:
    agent, other = await new_agents(db, 2)
    mine, others, menu = await new_queue(db, [agent]), await new_queue(db, [other]), ids.uuid7()
    async with db.write() as session:
        await session.execute(delete(Number))
        session.add(Menu(id=menu, name=new_name("menu"), prompt=["beep"]))
        await session.flush()
        session.add(Number(number="1", queue_id=others.queue_id))
        session.add(Number(number="2", menu_id=menu))
        assert await manual.shown_number(session, agent) == "2"
        session.add(Number(number="3", queue_id=mine.queue_id))
        assert await manual.shown_number(session, agent) == "3"
        await session.execute(update(User).where(User.id == agent).values(shown_number="4"))
        assert await manual.shown_number(session, agent) == "4"
        # Other tests have numbers, too.
        await session.rollback()

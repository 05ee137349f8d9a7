"""What administrators do at the same moment."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from db.accounts import account_changes, accounts
from db.accounts.account_changes import AccountChanges, PhoneChanges
from db.accounts.accounts import AccountRequest
from db.agents import attendance, skills
from db.core.clock import now
from db.core.engine import Database, WriteSession
from db.core.errors import AlreadyTakenError, DatabaseError, NotAllowedNowError
from db.models import AuditEntry, User
from db.queues import memberships, queue_settings, wrap_up_codes
from db.queues.memberships import Membership
from db.queues.wrap_up_codes import NewCode
from db.users import sessions, users
from domain.agents.agent import ExtensionKind, Role
from everline.stack import Stack
from tests.db.sample import new_agents, new_queue
from tests.support.stack import stack_settings, temporary_home


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=16)
    yield opened
    await opened.close()


@pytest.fixture
async def own_db() -> AsyncIterator[Database]:
    """A database in which nobody else administers anything."""
    with temporary_home() as home:
        async with Stack(stack_settings(home), parts=["postgres"]) as stack:
            opened = Database(stack.settings.database)
            yield opened
            await opened.close()


Change = Callable[[WriteSession], Awaitable[object]]


async def at_once(db: Database, *changes: Change) -> list[BaseException | None]:
    """Makes each change in a transaction of its own. Returns what became of them."""

    async def one(change: Change) -> None:
        async with db.write() as session:
            await change(session)

    return list(await asyncio.gather(*(one(change) for change in changes), return_exceptions=True))


async def test_administrators_who_remove_each_other_at_once_leave_one(own_db: Database) -> None:
    async with own_db.write() as session:
        made = [
            await accounts.create(session, AccountRequest(f"Admin {at}", role=Role.ADMINISTRATOR), now())
            for at in "ABCD"
        ]

    def demote(user_id: UUID) -> Change:
        async def work(session: WriteSession) -> None:
            account = await users.get(session, user_id)
            await account_changes.change(session, account, AccountChanges(role=Role.AGENT), now())

        return work

    def remove(user_id: UUID) -> Change:
        async def work(session: WriteSession) -> None:
            await accounts.remove(session, await users.get(session, user_id), now())

        return work

    ways = (demote, remove, demote, remove)
    ended = await at_once(own_db, *(way(user.user_id) for way, user in zip(ways, made, strict=True)))
    assert [type(error) for error in ended if error is not None] == [NotAllowedNowError]
    async with own_db.read() as reading:
        assert await users.administrators(reading) == 1


async def test_users_made_at_once_get_numbers_of_their_own(db: Database) -> None:
    def add(session: WriteSession) -> Awaitable[object]:
        return accounts.create(session, AccountRequest(f"At once {secrets.token_hex(4)}"), now())

    assert await at_once(db, *[add] * 8) == [None] * 8


async def test_one_of_two_who_take_a_name_at_once_is_told_so(db: Database) -> None:
    first, second = await new_queue(db, []), await new_queue(db, [])
    name = {"name": f"Wanted {secrets.token_hex(4)}"}

    def rename(queue_id: UUID) -> Change:
        return lambda session: queue_settings.change(session, queue_id, name, None, now())

    ended = await at_once(db, rename(first.queue_id), rename(second.queue_id))
    assert sorted(type(error).__name__ for error in ended) == ["AlreadyTakenError", "NoneType"]


async def test_one_of_two_users_who_take_a_name_at_once_is_told_so(db: Database) -> None:
    agents = await new_agents(db, 2)
    name = f"Wanted {secrets.token_hex(4)}"

    def rename(user_id: UUID) -> Change:
        async def work(session: WriteSession) -> None:
            await account_changes.change(session, await users.get(session, user_id), AccountChanges(name), now())

        return work

    ended = await at_once(db, *(rename(agent) for agent in agents))
    assert [type(error) for error in ended if error is not None] == [AlreadyTakenError]


async def test_phones_change_while_their_users_come_and_go(db: Database) -> None:
    agents = await new_agents(db, 6)

    def change(user_id: UUID, kind: ExtensionKind) -> Change:
        async def work(session: WriteSession) -> None:
            account = await users.get(session, user_id)
            await account_changes.change_phone(session, account, PhoneChanges(kind=kind), now())

        return work

    def arrive(user_id: UUID) -> Change:
        async def work(session: WriteSession) -> None:
            await sessions.start(session, user_id, secrets.token_hex(16), now())
            await attendance.arrive(session, user_id, now())

        return work

    changes = [
        step
        for _ in range(4)
        for agent in agents
        for step in (change(agent, ExtensionKind.WEB), arrive(agent), change(agent, ExtensionKind.SIP))
    ]
    ended = await at_once(db, *changes)
    # Nobody waits for somebody who waits for them: PostgreSQL would end one of the two with an error of its own.
    assert [error for error in ended if error is not None and not isinstance(error, DatabaseError)] == []


async def test_a_queue_can_be_changed_from_all_sides_at_once(db: Database) -> None:
    agents = await new_agents(db, 4)
    queue = await new_queue(db, agents)
    async with db.write() as session:
        skill = await skills.add(session, f"Skill {secrets.token_hex(4)}", None, now())

    def serve(agent: UUID) -> Change:
        return lambda session: memberships.put(session, queue.queue_id, agent, Membership(1), None, now())

    def teach(agent: UUID) -> Change:
        return lambda session: skills.grant(session, agent, skill, 3, None, now())

    def rule(session: WriteSession) -> Awaitable[object]:
        return queue_settings.change(session, queue.queue_id, {"strategy": "linear"}, None, now())

    changes = [change for agent in agents for change in (serve(agent), teach(agent), rule)]
    assert await at_once(db, *changes) == [None] * len(changes)


async def test_a_change_that_fails_is_neither_made_nor_written_down(db: Database) -> None:
    queue = await new_queue(db, [])
    subject = f"{queue.queue_id}"

    async def both(session: WriteSession) -> None:
        await queue_settings.change(session, queue.queue_id, {"weight": 5}, None, now())
        await queue_settings.change(session, queue.queue_id, {"wrap_up_code_required": True}, None, now())

    [error] = await at_once(db, both)
    assert isinstance(error, NotAllowedNowError)
    async with db.read() as session:
        assert (await queue_settings.get(session, queue.queue_id))["weight"] == 0
        wanted = select(func.count()).where(AuditEntry.subject == subject, AuditEntry.action == "queue.changed")
        assert await session.scalar(wanted) == 0


async def test_a_code_of_no_queue_is_not_made(db: Database) -> None:
    with pytest.raises(DatabaseError, match="no such queue"):
        async with db.write() as session:
            await wrap_up_codes.add(session, NewCode("Odd", queue_id=UUID(int=0)), None, now())


async def test_a_role_holds_from_the_next_request_on(db: Database) -> None:
    [agent] = await new_agents(db, 1)
    token = secrets.token_hex(16)
    async with db.write() as session:
        await sessions.start(session, agent, token, now())
        await session.execute(update(User).where(User.id == agent).values(role=Role.SUPERVISOR))
        found = await sessions.find(session, token, now())
        assert found is not None
        assert found.role is Role.SUPERVISOR
        assert await sessions.find(session, token, now() + sessions.LASTS + timedelta(seconds=1)) is None

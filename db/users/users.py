"""Users: who may log in, and as what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from db.core.engine import AnySession, WriteSession
from db.core.errors import AlreadyTakenError, NotFoundError
from db.core.texts import known
from db.core.unique import or_taken
from db.models import Agent, Extension, User
from domain.agents.agent import AgentState, ExtensionKind, Role
from domain.calls import ids


@dataclass(frozen=True)
class NewUser:
    """A user to be made; the password is already hashed."""

    name: str
    agent_id: str
    role: Role
    password_hash: str
    password_is_given: bool = False


@dataclass(frozen=True)
class Account:
    """A user and the phone that belongs to the user."""

    user_id: UUID
    agent_id: str
    name: str
    role: Role
    extension: str | None
    kind: ExtensionKind | None
    shown_number: str | None = None
    """The number of ours that is shown to people whom the user calls."""


@dataclass(frozen=True)
class Credentials:
    """What a log-in is checked against."""

    user_id: UUID
    agent_id: str
    password_hash: str


async def add(session: WriteSession, new: NewUser, now: datetime) -> UUID:
    """Makes the user, offline. Raises AlreadyTakenError for a name or agent id in use."""
    made: UUID | None = await session.scalar(
        insert(User)
        .values(
            id=ids.uuid7(),
            agent_id=new.agent_id,
            name=new.name,
            role=new.role,
            password_hash=new.password_hash,
            password_is_given=new.password_is_given,
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(User.id),
    )
    if made is None:
        raise await _clash(session, new.name, new.agent_id)
    await session.execute(
        insert(Agent).values(user_id=made, state=AgentState.OFFLINE, since=now, idle_since=now),
    )
    return made


async def _clash(session: AnySession, name: str, agent_id: str, of: UUID | None = None) -> AlreadyTakenError:
    """Which of the two another user has than the one they are to be `of`."""
    holder = await session.scalar(
        select(User.name).where(User.agent_id == agent_id, User.disabled_at.is_(None), User.id.is_distinct_from(of)),
    )
    if holder is not None:
        return AlreadyTakenError(f"The agent id {agent_id} is {holder}'s. Choose another.", field="agent_id")
    return AlreadyTakenError(f"There is a user named {name} already. Choose another name.", field="name")


def _accounts() -> Select[UUID, str, str, Role, str | None, ExtensionKind | None, str | None]:
    return (
        select(User.id, User.agent_id, User.name, User.role, Extension.number, Extension.kind, User.shown_number)
        .outerjoin(Extension, Extension.user_id == User.id)
        .where(User.disabled_at.is_(None))
    )


def _account(row: Row[UUID, str, str, Role, str | None, ExtensionKind | None, str | None]) -> Account:
    return Account(*row)


async def everyone(session: AnySession) -> Sequence[Account]:
    """All users who may log in, by agent id."""
    found = await session.execute(_accounts().order_by(func.length(User.agent_id), User.agent_id))
    return [_account(row) for row in found]


class UserOrder(StrEnum):
    """By what a list of users is sorted."""

    NAME = "name"
    AGENT_ID = "agent_id"


@dataclass(frozen=True)
class UserFilter:
    """Which users a list has. `text` is a part of the name, or how the agent id or the extension begins."""

    text: str = ""
    role: Role | None = None
    kind: ExtensionKind | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same for a query of users and extensions."""
        found: list[ColumnElement[bool]] = [User.disabled_at.is_(None)]
        if self.text:
            begins = [each.startswith(self.text, autoescape=True) for each in (User.agent_id, Extension.number)]
            found.append(or_(User.name.icontains(self.text, autoescape=True), *begins))
        if self.role is not None:
            found.append(User.role == self.role)
        if self.kind is not None:
            found.append(Extension.kind == self.kind)
        return found


async def listing(
    session: AnySession, wanted: UserFilter, order: UserOrder, limit: int, after: tuple[str, UUID] | None = None
) -> Sequence[Account]:
    """Users in order; `after` is what the last one of the page before is sorted by (`sorted_by`), and its id."""
    by_name = order is UserOrder.NAME
    keys = [func.lower(User.name)] if by_name else [func.length(User.agent_id), User.agent_id]
    found = _accounts().where(*wanted.conditions()).order_by(*keys, User.id).limit(limit)
    if after is not None:
        value, user_id = after
        last = [func.lower(value)] if by_name else [func.length(value), value]
        found = found.where(tuple_(*keys, User.id) > tuple_(*last, user_id))
    return [_account(row) for row in await session.execute(found)]


def sorted_by(account: Account, order: UserOrder) -> str:
    """What a user's place in a list depends on."""
    return account.name if order is UserOrder.NAME else account.agent_id


async def count(session: AnySession, wanted: UserFilter, most: int) -> int:
    """How many users a list has, counted up to `most`."""
    some = select(User.id).outerjoin(Extension, Extension.user_id == User.id).where(*wanted.conditions()).limit(most)
    return await session.scalar(select(func.count()).select_from(some.subquery())) or 0


async def find(session: AnySession, name_or_id: str) -> Account:
    """The user of that name or agent id. Raises NotFoundError, which names users there are."""
    found = await session.execute(_accounts().where(_is_called(name_or_id)))
    row = found.first()
    if row is not None:
        return _account(row)
    names = [account.name for account in await everyone(session)]
    raise NotFoundError(f"There is no user {name_or_id}. {known('users', names)}")


async def get(session: AnySession, user_id: UUID) -> Account:
    """The user with that id. Raises NotFoundError, also for one who was removed."""
    row = (await session.execute(_accounts().where(User.id == user_id))).first()
    if row is None:
        raise NotFoundError("There is no such user.")
    return _account(row)


async def credentials(session: AnySession, name_or_id: str) -> Credentials | None:
    """What to check a log-in of that name or agent id against; None when nobody has it."""
    found = await session.execute(
        select(User.id, User.agent_id, User.password_hash).where(_is_called(name_or_id), User.disabled_at.is_(None)),
    )
    row = found.first()
    return Credentials(*row) if row else None


def _is_called(name_or_id: str) -> ColumnElement[bool]:
    return or_(func.lower(User.name) == name_or_id.lower(), User.agent_id == name_or_id)


async def set_password(session: WriteSession, user_id: UUID, password_hash: str, *, is_given: bool) -> None:
    """Replaces the user's password; `is_given` when somebody else has chosen it."""
    values = {"password_hash": password_hash, "password_is_given": is_given}
    await session.execute(update(User).where(User.id == user_id).values(**values))


async def update_account(session: WriteSession, account: Account) -> None:
    """Writes what may change of a user but the phone. Raises AlreadyTakenError for a name or agent id in use."""
    values: dict[str, str | None] = {"name": account.name, "agent_id": account.agent_id, "role": account.role}
    values["shown_number"] = account.shown_number
    try:
        async with or_taken(session, "Taken by another user."):
            await session.execute(update(User).where(User.id == account.user_id).values(**values))
    except AlreadyTakenError as error:
        raise await _clash(session, account.name, account.agent_id, account.user_id) from error


async def disable(session: WriteSession, user_id: UUID, now: datetime) -> None:
    """Takes away the user's right to log in; records that name the user stay."""
    await session.execute(update(User).where(User.id == user_id).values(disabled_at=now))


async def others_administer(session: WriteSession, user_id: UUID) -> bool:
    """Whether somebody else can administer the centre; no administrator can be removed before this transaction ends."""
    found = await session.scalars(
        select(User.id)
        .where(User.role == Role.ADMINISTRATOR, User.disabled_at.is_(None))
        .order_by(User.id)
        .with_for_update(key_share=True),
    )
    return any(other != user_id for other in found.all())


async def administrators(session: AnySession) -> int:
    """How many users can administer the centre."""
    found = await session.scalar(
        select(func.count()).where(User.role == Role.ADMINISTRATOR, User.disabled_at.is_(None)),
    )
    return found or 0

"""What a new centre starts with: a log-in, and the usual reasons to pause."""

from dataclasses import dataclass

from db.accounts import accounts
from db.accounts.accounts import AccountRequest
from db.agents import pause_reasons
from db.core.clock import now
from db.core.engine import Database
from db.users import users
from domain.agents.agent import Role

_NAME = "Administrator"


@dataclass(frozen=True)
class FirstLogin:
    """What the first administrator logs in with. Shown once and kept nowhere."""

    name: str
    agent_id: str
    password: str


async def ensure_first_login(database_url: str, time_zone: str = "UTC") -> FirstLogin | None:
    """Makes an administrator where there is none, and the usual reasons to pause.

    None when there was one, whose password only its owner knows.
    """
    database = Database(database_url, pool_size=1, time_zone=time_zone)
    try:
        async with database.write() as session:
            if await users.administrators(session):
                return None
            made = await accounts.create(session, AccountRequest(_NAME, role=Role.ADMINISTRATOR), now())
            await pause_reasons.add_first_reasons(session, now())
    finally:
        await database.close()
    return FirstLogin(made.name, made.agent_id, made.password)

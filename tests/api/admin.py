"""An administrator at work: requests to the routes of administration, and what the audit says of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import select

from db.accounts.accounts import NewAccount
from db.models import AuditEntry
from domain.agents.agent import Role
from tests.api.browser import Answer, Browser
from tests.api.floor import Floor

ADMIN = "/api/v1/admin"
NOBODY = UUID(int=0)


class Office:
    """An administrator's browser."""

    def __init__(self, floor: Floor, browser: Browser, user: NewAccount) -> None:
        self.floor = floor
        self.browser = browser
        self.user = user

    async def ask(self, method: str, path: str, body: Any = None) -> Answer:
        return await self.browser.ask(method, ADMIN + path, **({"json": body} if body is not None else {}))

    async def done(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to what must be allowed."""
        answer = await self.ask(method, path, body)
        assert answer.status in {200, 201}, answer.text
        return answer.json

    async def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Status and sentence of what must not be."""
        answer = await self.ask(method, path, body)
        assert answer.status >= 400, answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        detail: str = answer.json["detail"]
        assert detail.endswith((".", "!"))
        return answer.status, detail

    async def audited(self, subject: object) -> list[tuple[str, dict[str, Any]]]:
        """What this administrator is written down to have done to something, in order."""
        wanted = select(AuditEntry.action, AuditEntry.facts).where(
            AuditEntry.subject == str(subject), AuditEntry.user_id == self.user.user_id
        )
        async with self.floor.database.read() as session:
            return [(action, facts) for action, facts in await session.execute(wanted.order_by(AuditEntry.id))]


@asynccontextmanager
async def office(floor: Floor, address: str, role: Role = Role.ADMINISTRATOR) -> AsyncIterator[Office]:
    """A new administrator, logged in."""
    user = await floor.add_user(role)
    async with Browser(address, await floor.token(user)) as browser:
        yield Office(floor, browser, user)

"""How soon what happens is on the screen of a supervisor's page."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Page, expect
from sqlalchemy import select

from api.web.cookies import SESSION
from bench.place import CENTRE_CALLERS
from bench.portal import Portal, Visit
from bench.results import Spread, spread
from bench.running import Running
from bench.sipp import BenchError
from db.accounts.accounts import NewAccount
from db.models import User
from tests.phones.browser import open_page, start_browser
from tests.phones.raw_caller import RawCaller
from tests.portal.desk import Desk

_SCRIPT = (Path(__file__).parent / "screen.js").read_text()
_PATIENCE = 20.0
_BETWEEN_SECONDS = 0.25
"""So that nothing of one change is still on its way when the next is timed."""
_KINDS = ("an agent pauses", "an agent is ready", "a call begins to wait", "a waiting call is gone")


@dataclass(frozen=True)
class Screen:
    """The page of a supervisor, who sees everybody."""

    page: Page
    running: Running
    _taken: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in _KINDS})

    async def visit(self, boss: NewAccount) -> Visit:
        """The session of this page; another log-in would end it."""
        cookies = await self.page.context.cookies()
        return Visit(boss.name, next(cookie["value"] for cookie in cookies if cookie["name"] == SESSION))

    async def measure(self, portal: Portal, visit: Visit, times: int) -> dict[str, Spread]:
        """Make each thing happen so many times. Raises BenchError when the page does not show it."""
        number = await self.running.centre.add_queue([])
        async with self.running.database.read() as session:
            queue_id = await self.running.centre.queue_id(session, number)
            user_id = await session.scalar(select(User.id).where(User.agent_id == visit.name))
        row, line = f'[data-agent="{user_id}"]', f'[data-testid="waiting-call"][data-in-queue="{queue_id}"]'
        # An agent who has just become ready is the last whom the calls of meanwhile reach.
        await portal.become(visit, "paused")
        await expect(self.page.locator(f'{row}[data-value="paused"]')).to_be_attached(timeout=1000 * _PATIENCE)
        for _ in range(times):
            await self._time("an agent is ready", f'{row}[data-value="idle"]', lambda: portal.become(visit, "idle"))
            await self._time("an agent pauses", f'{row}[data-value="paused"]', lambda: portal.become(visit, "paused"))
            async with RawCaller.start(CENTRE_CALLERS) as caller:
                await self._time("a call begins to wait", line, lambda: _dial(caller, self.running, number))
                await caller.wait_for(200)
                await self._time("a waiting call is gone", line, lambda: _hang_up(caller), gone=True)
        return {kind: spread(taken) for kind, taken in self._taken.items()}

    async def _time(self, kind: str, selector: str, act: Callable[[], Awaitable[None]], *, gone: bool = False) -> None:
        await asyncio.sleep(_BETWEEN_SECONDS)
        await self.page.evaluate("([selector, gone]) => window.benchScreen.arm(selector, gone)", [selector, gone])
        began = time.time()
        await act()
        try:
            seen = await asyncio.wait_for(self.page.evaluate("window.benchScreen.seen()"), _PATIENCE)
        except TimeoutError:
            raise BenchError(f"The page did not show within {_PATIENCE:g} s that {kind}.") from None
        self._taken[kind].append(float(seen) - 1000 * began)


async def _dial(caller: RawCaller, running: Running, number: str) -> None:
    caller.dial(running.place.sip, number, f"<sip:4930400@{CENTRE_CALLERS}>".encode())


async def _hang_up(caller: RawCaller) -> None:
    caller.hang_up()


@asynccontextmanager
async def open_screen(running: Running, boss: NewAccount, agents: int) -> AsyncIterator[Screen]:
    """A supervisor's page in a real browser, which lists so many agents, for as long as the block."""
    async with start_browser() as browser, open_page(browser, ear=False) as page:
        await page.add_init_script(_SCRIPT)
        await Desk(page, f"http://localhost:{running.place.settings.portal_port}", _PATIENCE).ready(boss)
        last = page.locator('[data-testid="floor-agent"][data-value="idle"]').nth(agents - 1)
        await expect(last).to_be_attached(timeout=1000 * _PATIENCE)
        yield Screen(page, running)

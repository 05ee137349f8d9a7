"""The portal as an agent's hands and eyes know it."""

from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

from db.accounts.accounts import NewAccount

_READY_MS = 15_000.0
"""A busy machine takes its time to load a page and to register its phone."""


@dataclass(frozen=True)
class Desk:
    """One window with the portal in it."""

    page: Page
    address: str
    patience: float = 5.0
    """Seconds that the page may take for what it is waited for."""

    def part(self, test_id: str) -> Locator:
        """A part of the page by its test id."""
        return self.page.get_by_test_id(test_id)

    async def log_in(self, agent: NewAccount, *, name: str | None = None, password: str | None = None) -> None:
        """Fills in the log-in page and sends it."""
        await self.page.goto(f"{self.address}/login")
        await self.part("login-name").fill(name or agent.name)
        await self.part("login-password").fill(password or agent.password)
        await self.part("login-submit").click()

    async def ready(self, agent: NewAccount, phone: str = "ready") -> None:
        """Logs in and waits until calls can come, or until the phone is shown as something else."""
        await self.log_in(agent)
        patience = max(_READY_MS, self._timeout)
        await expect(self.part("phone-status")).to_have_attribute("data-value", phone, timeout=patience)
        await self.state("idle")

    async def dial(self, number: str) -> None:
        """Types a number, and calls it."""
        await self.part("dial-number").fill(number)
        await self.part("dial-number").press("Enter")

    async def consult(self, colleague: NewAccount) -> None:
        """Asks a colleague from the list."""
        await self.part("consult").click()
        await self.page.locator(f'[data-reach="{colleague.user_id}"]').click()

    async def state(self, value: str) -> None:
        """Waits until the page shows the agent in a state."""
        await expect(self.part("agent-state")).to_have_attribute("data-value", value, timeout=self._timeout)

    async def stage(self, value: str) -> None:
        """Waits until the call bar shows a call at a stage, and none of its buttons rests as one that is new there."""
        await expect(self.part("call-bar")).to_have_attribute("data-stage", value, timeout=self._timeout)
        await expect(self.page.locator("[data-quiet]")).to_have_count(0, timeout=self._timeout)

    @property
    def _timeout(self) -> float:
        return 1000 * self.patience

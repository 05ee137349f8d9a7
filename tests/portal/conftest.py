from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from db.accounts.accounts import NewAccount
from domain.agents.agent import ExtensionKind
from tests.phones.audio import write_tone
from tests.phones.browser import open_page, start_browser
from tests.portal.desk import Desk
from tests.support.centre import Centre

AGENT_HZ = 600.0


@pytest.fixture(scope="session")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """A Chromium whose microphone hears a known tone."""
    microphone = write_tone(tmp_path_factory.mktemp("microphone") / "tone.wav", AGENT_HZ, seconds=5.0)
    async with start_browser(microphone) as running:
        yield running


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A window of an agent's."""
    async with open_page(browser) as opened:
        yield opened


@pytest.fixture
async def agent(centre: Centre) -> NewAccount:
    """An agent whose phone is the browser."""
    return await centre.add_agent(ExtensionKind.WEB)


@pytest.fixture
def desk(centre: Centre, page: Page) -> Desk:
    """The portal in that window."""
    return Desk(page, f"http://localhost:{centre.settings.portal_port}")


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """Where a test may leave pictures."""
    return tmp_path

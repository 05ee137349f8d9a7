from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.phones.browser import start_browser


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A Chromium whose microphone beeps."""
    async with start_browser() as running:
        yield running

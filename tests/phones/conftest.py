from collections.abc import AsyncIterator

import pytest

from tests.phones.plain_asterisk import PlainAsterisk


@pytest.fixture(scope="session")
async def plain_asterisk() -> AsyncIterator[PlainAsterisk]:
    async with PlainAsterisk.start("1001", "1002") as asterisk:
        yield asterisk

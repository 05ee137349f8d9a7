from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.model import running
from tests.model.machine import Ground


@pytest.fixture
async def own_database() -> AsyncIterator[str]:
    async with running.own_database() as url:
        yield url


@pytest.fixture
def ground(own_database: str, tmp_path: Path) -> Iterator[Ground]:
    made = Ground(own_database, tmp_path)
    yield made
    made.close()

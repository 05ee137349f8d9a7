"""Goal D2: whatever happens on the floor, in whatever order, the rules of routing hold after every step."""

from collections.abc import AsyncIterator
from random import Random

import pytest

from db.engine import Database
from domain.queue import Strategy
from tests.db.floor_model import Floor, set_up
from tests.db.sample import new_agents, new_queue

STEPS = 120
SEEDS = range(8)


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=4)
    yield opened
    await opened.close()


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_rules_hold_after_every_step(db: Database, seed: int) -> None:
    chance = Random(seed)
    agents = await new_agents(db, 5)
    queues = [await new_queue(db, chance.sample(agents, chance.randint(1, 5))) for _ in range(3)]
    await set_up(db, chance, queues, chance.sample(list(Strategy), 3))
    floor = Floor(db, chance, queues, agents)
    for _ in range(STEPS):
        await floor.step()
        await floor.check()
    # The test is worth something only when the floor was busy.
    assert {"arrive", "answer", "miss", "finish", "reorder", "pause_queue"} <= set(floor.told)

from pathlib import Path

import pytest

from tests.chaos.floor import open_floor
from tests.chaos.rounds import play_round
from tests.support.centre import Centre

SEED = 2
"""Two stops of our processes among four calls that end in talks. All others: `make chaos`."""


@pytest.mark.timeout(300)
async def test_calls_come_right_while_processes_stand_still(centre: Centre, tmp_path: Path) -> None:
    async with open_floor(centre, tmp_path) as floor:
        played = await play_round(floor, SEED)
    assert len(played.faults) == 2
    assert not played.wrong

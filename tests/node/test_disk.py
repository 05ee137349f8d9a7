from pathlib import Path

import pytest
from structlog.testing import capture_logs

from everline.node.disk import Disk


@pytest.mark.parametrize(("low", "enough"), [(0, True), (1 << 62, False)])
async def test_little_room_for_recordings_is_an_error_in_the_log(tmp_path: Path, low: int, enough: bool) -> None:
    with capture_logs() as logs:
        assert await Disk(tmp_path, low).look() is enough
    assert [entry["log_level"] for entry in logs] == ([] if enough else ["error"])

import re

from tests.api.browser import Browser
from tests.api.floor import Floor


async def test_what_reads_tells_how_long_it_took_and_what_changes_does_not(floor: Floor, address: str) -> None:
    async with Browser(address, await floor.token(await floor.add_user())) as browser:
        for path in ("/", "/api/v1/desk"):
            told = (await browser.get(path)).headers["Server-Timing"]
            [taken] = re.fullmatch(r"portal;dur=(\d+\.\d)", told).groups()  # type: ignore[union-attr]
            assert 0 < float(taken) < 20_000
        answer = await browser.ask("PUT", "/api/v1/agent/state", json={"state": "idle"})
        assert answer.status == 200
        assert "Server-Timing" not in answer.headers

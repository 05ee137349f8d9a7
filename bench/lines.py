"""Agents' live lines, in a process of their own so that they delay no measurement: `python -m bench.lines ADDRESS`.

It reads the sessions' tokens from standard input, a line each, up to an empty one; says "connected" when every line has
had its first beat; counts until standard input ends, then says as JSON what came.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from pydantic import BaseModel, ConfigDict

from api.web.cookies import SESSION
from bench.portal import Visit
from bench.sipp import BenchError

_ROOT = Path(__file__).parents[1]
_CONNECT_SECONDS = 60.0


class Received(BaseModel):
    """What all lines received."""

    model_config = ConfigDict(frozen=True)

    open: int
    events: int
    beats: int


class Line:
    """One agent's live line."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.events = 0
        self.beats = 0
        self.open = False

    async def follow(self, browser: ClientSession, address: str, token: str) -> None:
        """Read until the server ends the line."""
        headers = {"Cookie": f"{SESSION}={token}"}
        with suppress(ClientError):
            async with browser.get(f"{address}/api/v1/desk", headers=headers) as answer:
                cursor = (await answer.json())["cursor"]
            async with browser.get(f"{address}/api/v1/events", params={"after": cursor}, headers=headers) as answer:
                self.open = answer.status == 200
                async for line in answer.content:
                    self._take(line)
        self.open = False
        self.began.set()

    def _take(self, line: bytes) -> None:
        if line.startswith(b"event: heartbeat"):
            self.beats += 1
            self.began.set()
        elif line.startswith(b"event: "):
            self.events += 1


@asynccontextmanager
async def lines(address: str, visits: Sequence[Visit]) -> AsyncIterator[Callable[[], Awaitable[Received]]]:
    """Every session's live line, for as long as the block. Gives the way to end them and learn what came.

    Raises BenchError when they cannot be opened.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.lines", address),
        cwd=_ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    tokens = process.stdin

    async def end() -> Received:
        tokens.close()
        written, _ = await process.communicate()
        return Received.model_validate_json(written)

    try:
        tokens.write("".join(f"{visit.token}\n" for visit in visits).encode() + b"\n")
        if await asyncio.wait_for(process.stdout.readline(), _CONNECT_SECONDS) != b"connected\n":
            raise BenchError("The agents' live lines could not be opened.")
        yield end
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def main(address: str) -> None:
    """Hold the lines until standard input ends."""
    tokens = iter(lambda: sys.stdin.readline().strip(), "")
    held = {token: Line() for token in await asyncio.to_thread(list, tokens)}
    async with ClientSession(connector=TCPConnector(limit=0), timeout=ClientTimeout(total=None)) as browser:
        following = [asyncio.create_task(line.follow(browser, address, token)) for token, line in held.items()]
        await asyncio.gather(*(line.began.wait() for line in held.values()))
        print("connected", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        counted = held.values()
        received = Received(
            open=sum(line.open for line in counted),
            events=sum(line.events for line in counted),
            beats=sum(line.beats for line in counted),
        )
        print(received.model_dump_json(), flush=True)
        for task in following:
            task.cancel()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

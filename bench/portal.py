"""The portal as the sessions of many agents ask it."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from aiohttp import ClientSession, DummyCookieJar

from api.web.cookies import SESSION
from bench.sipp import BenchError


@dataclass(frozen=True)
class Visit:
    """One agent's session in a browser that is only a client."""

    name: str
    token: str


@dataclass(frozen=True)
class Taken:
    """Milliseconds from a request to the last byte of its answer at the client, and within the portal alone."""

    at_client: float
    at_server: float


class Portal:
    """The portal as sessions ask it."""

    def __init__(self, address: str, browser: ClientSession) -> None:
        self.address = address
        self._browser = browser

    @classmethod
    @asynccontextmanager
    async def at(cls, address: str) -> AsyncIterator[Self]:
        """The portal at an address."""
        async with ClientSession(headers={"Origin": address}, cookie_jar=DummyCookieJar()) as browser:
            yield cls(address, browser)

    async def log_in(self, name: str, password: str) -> Visit:
        """A new session. Raises BenchError when it is refused."""
        form = {"name": name, "password": password}
        async with self._browser.post(f"{self.address}/login", data=form, allow_redirects=False) as answer:
            if SESSION not in answer.cookies:
                raise BenchError(f"The portal refused a log-in with {answer.status}.")
            token = answer.cookies[SESSION].value
        return Visit(name, token)

    async def time(self, visit: Visit, path: str) -> Taken:
        """How long a page takes. Raises BenchError when it is refused."""
        began = time.monotonic()
        async with self._browser.get(f"{self.address}{path}", headers=_cookie(visit)) as answer:
            await answer.read()
        if answer.status != 200:
            raise BenchError(f"The portal answered {path} with {answer.status}.")
        at_client = 1000 * (time.monotonic() - began)
        return Taken(at_client, float(answer.headers["Server-Timing"].partition("dur=")[2]))

    async def become(self, visit: Visit, state: str) -> None:
        """The agent pauses or is ready. Raises BenchError when that is refused."""
        url = f"{self.address}/api/v1/agent/state"
        async with self._browser.put(url, json={"state": state}, headers=_cookie(visit)) as answer:
            if answer.status != 200:
                raise BenchError(f"The portal refused the state {state} with {answer.status}.")


def _cookie(visit: Visit) -> dict[str, str]:
    return {"Cookie": f"{SESSION}={visit.token}"}

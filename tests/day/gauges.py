"""What could grow: in the page, in our processes, in Asterisk and in the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import psutil
from playwright.async_api import CDPSession, Page
from sqlalchemy import text

from tests.support.centre import Centre

_METRICS = {"JSHeapUsedSize": "heap", "Nodes": "DOM nodes", "JSEventListeners": "listeners", "Documents": "documents"}
_LIVING = {
    "objects": "Object",
    "elements": "Element",
    "peer connections": "RTCPeerConnection",
    "media streams": "MediaStream",
    "sound tracks": "MediaStreamTrack",
    "event sources": "EventSource",
}
"""Objects of the page that nothing has collected, by the class whose prototype they have."""
PROCESSES = ("api", "node", "worker", "asterisk", "temporal", "postgres")

Reading = Mapping[str, float]
"""Figures by gauge; memory in bytes, everything else counted."""


class PageGauge:
    """Counts what a page keeps, after its garbage was collected."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session

    @classmethod
    async def on(cls, page: Page) -> Self:
        """A gauge on a page of Chromium."""
        session = await page.context.new_cdp_session(page)
        for domain in ("Performance", "HeapProfiler"):
            await session.send(f"{domain}.enable")
        return cls(session)

    async def read(self) -> dict[str, float]:
        """What is there now."""
        # What is freed by the first round lets go of more, which the second one takes.
        for _ in range(2):
            await self._session.send("HeapProfiler.collectGarbage")
        found = {f"page: {name}": await self._living(of) for name, of in _LIVING.items()}
        for _ in range(2):
            await self._session.send("HeapProfiler.collectGarbage")
        metrics = (await self._session.send("Performance.getMetrics"))["metrics"]
        told = {metric["name"]: float(metric["value"]) for metric in metrics}
        return found | {f"page: {name}": told[metric] for metric, name in _METRICS.items()}

    async def _living(self, name: str) -> float:
        group = {"objectGroup": "gauge"}
        prototype = await self._evaluate(f"{name}.prototype")
        found = await self._session.send("Runtime.queryObjects", {"prototypeObjectId": prototype, **group})
        counted: Any = await self._session.send(
            "Runtime.callFunctionOn",
            {
                "objectId": found["objects"]["objectId"],
                "functionDeclaration": "function () { return this.length; }",
                "returnByValue": True,
            },
        )
        await self._session.send("Runtime.releaseObjectGroup", group)
        return float(counted["result"]["value"])

    async def _evaluate(self, expression: str) -> str:
        found = await self._session.send("Runtime.evaluate", {"expression": expression, "objectGroup": "gauge"})
        return str(found["result"]["objectId"])


@dataclass(frozen=True)
class Gauges:
    """Everything that is looked at between calls."""

    centre: Centre
    page: PageGauge

    async def read(self) -> Reading:
        """One look at everything; nothing must be going on."""
        processes = {name: self.centre.stack.process(name) for name in PROCESSES}
        found = await self.page.read()
        for name, pid in processes.items():
            found |= {f"{name}: {what}": value for what, value in _process(pid).items()}
        async with self.centre.asterisk() as asterisk:
            found["asterisk: channels"] = len(await asterisk.channels())
            found["asterisk: bridges"] = len(await asterisk.bridges())
        return found | {"postgres: connections": await self._connections()}

    async def _connections(self) -> float:
        async with self.centre.database.read() as session:
            return float(await session.scalar(text("SELECT count(*) FROM pg_stat_activity")) or 0)


def _process(pid: int) -> dict[str, float]:
    """What a process and those that it started hold, each page of memory that is theirs alone counted once."""
    root = psutil.Process(pid)
    found = {"memory": 0.0, "files": 0.0, "threads": 0.0}
    for member in (root, *root.children(recursive=True)):
        try:
            with member.oneshot():
                held = (float(member.memory_full_info().uss), float(member.num_fds()), float(member.num_threads()))
        except psutil.NoSuchProcess:
            continue
        for what, value in zip(found, held, strict=True):
            found[what] += value
    return found

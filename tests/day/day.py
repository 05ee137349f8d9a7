"""A day at one page: calls of every kind, one after the other, and a look at everything between them."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum

from playwright.async_api import Browser
from playwright.async_api import Error as PlaywrightError
from sqlalchemy import select

from db.models import Cdr
from domain.agents.agent import ExtensionKind, Role
from tests.day.gauges import Gauges, PageGauge, Reading
from tests.day.kinds import CODE, KINDS, PATIENCE, Floor, Kind
from tests.phones.browser import open_page
from tests.phones.errors import PhoneError
from tests.portal.desk import Desk
from tests.portal.queue_rules import add_codes
from tests.support.centre import Centre

_WRAP_UP_SECONDS = 15
_SHORT_RING_SECONDS = 2


class Plant(StrEnum):
    """A leak that is put into the page on purpose: one thing a call."""

    NODE = "node"
    OBJECT = "object"
    CONNECTION = "connection"


_PLANTS = {
    Plant.NODE: "document.createElement('div')",
    Plant.OBJECT: "({ call: kept.length })",
    Plant.CONNECTION: "this",
}
_SCRIPT = """(() => {
  const kept = (window.everlineKept = []);
  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Connection {
    constructor(...settings) {
      super(...settings);
      kept.push(@WHAT@);
    }
  };
})();"""


@dataclass(frozen=True)
class Shift:
    """What a day is to be."""

    calls: int
    every: int
    """Calls between two readings."""
    plant: Plant | None = None


@dataclass(frozen=True)
class Day:
    """What was found: all readings, at equal distances, and whatever was wrong with a record."""

    readings: Sequence[Reading]
    wrong: Sequence[str]
    left: Sequence[str]
    """What was still there when the day was over."""


async def spend(centre: Centre, browser: Browser, shift: Shift, tell: Callable[[str], None]) -> Day:
    """Make all calls of a shift, and read all gauges between them."""
    readings: list[Reading] = []
    wrong: list[str] = []
    async with _floor(centre, browser, shift.plant) as floor:
        gauges = Gauges(centre, await PageGauge.on(floor.desk.page))
        for place in range(shift.calls):
            kind, caller = KINDS[place % len(KINDS)], f"+49309{10_000 + place}"
            try:
                await kind.act(floor, caller)
                await centre.until(lambda: _quiet(centre), PATIENCE)
            except (AssertionError, PlaywrightError, PhoneError, TimeoutError) as error:
                # What was read until then is worth telling.
                wrong.append(f"{caller} ({kind.name}) broke the day off: {error}")
                break
            wrong += await _wrong(floor, kind, caller)
            if (place + 1) % shift.every == 0:
                readings.append(await gauges.read())
                tell(f"{place + 1} calls, {len(wrong)} wrong records")
        left = await _left(centre)
    return Day(readings, wrong, left)


@asynccontextmanager
async def _floor(centre: Centre, browser: Browser, plant: Plant | None) -> AsyncIterator[Floor]:
    agent = await centre.add_agent(ExtensionKind.WEB)
    boss = await centre.add_agent(role=Role.SUPERVISOR)
    number = await centre.add_queue([agent], wrap_up_seconds=_WRAP_UP_SECONDS)
    short = await centre.add_queue([agent], ring_seconds=_SHORT_RING_SECONDS)
    await add_codes(centre, number, CODE, "Wrong number")
    async with (
        open_page(browser, ear=False) as page,
        centre.desk_phone() as boss_phone,
        centre.customer() as customers,
    ):
        if plant is not None:
            await page.add_init_script(_SCRIPT.replace("@WHAT@", _PLANTS[plant]))
        desk = Desk(page, f"http://localhost:{centre.settings.portal_port}", PATIENCE)
        await desk.ready(agent)
        await centre.register(boss_phone, boss)
        await centre.arrive(boss)
        yield Floor(centre, desk, agent, boss, boss_phone, customers, number, short)


async def _quiet(centre: Centre) -> bool:
    """Whether nothing is left of any call."""
    if await centre.live_calls():
        return False
    return not await _left(centre)


async def _left(centre: Centre) -> list[str]:
    async with centre.asterisk() as asterisk:
        channels, bridges = await asterisk.channels(), await asterisk.bridges()
    return [channel.id for channel in channels] + [bridge.id for bridge in bridges]


async def _wrong(floor: Floor, kind: Kind, caller: str) -> list[str]:
    """What the records say of a call and should not."""
    async with floor.centre.database.read() as session:
        cdrs = list(await session.scalars(select(Cdr).where(Cdr.customer_number == caller)))
    if len(cdrs) != 1:
        return [f"{caller} ({kind.name}) has {len(cdrs)} records"]
    (cdr,) = cdrs
    answered_by = None
    if cdr.disposition == "answered":
        answered_by = floor.boss.user_id if kind.by_boss else floor.agent.user_id
    expected = (kind.disposition.value, answered_by, CODE if kind.coded else None)
    told = (cdr.disposition, cdr.user_id if cdr.disposition == "answered" else None, cdr.wrap_up_code)
    found = [] if told == expected else [f"{caller} ({kind.name}) is {told}, not {expected}"]
    if cdr.disposition == "answered" and not any(
        recording.status == "stored" for recording in await floor.centre.recordings(cdr.call_id)
    ):
        found.append(f"{caller} ({kind.name}) has no recording")
    return found

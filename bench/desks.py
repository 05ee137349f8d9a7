"""Goal P6: pages and live events of the portal, with many agents connected while calls come and go."""

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

from sqlalchemy import func, select

from bench import plan, sipp
from bench.cpu import CpuMeter
from bench.lines import lines
from bench.portal import Portal, Taken, Visit
from bench.results import Desks, spread
from bench.running import Running
from bench.screen import open_screen
from bench.sipp import Callers
from bench.systems import centre
from bench.systems.centre import Centre
from db.models import Cdr
from domain.agents.agent import ExtensionKind, Role
from domain.calls.call import Disposition

_SERIES = "4930300"
_LOG_INS_AT_ONCE = 4
_PAGES_A_SECOND = 10
_PAGE, _DESK = "/", "/api/v1/desk"
_LONGEST_RUN = 900
"""Seconds for which calls could go on coming."""


def method(wanted: plan.Desks) -> list[str]:
    """How the figures come about."""
    return [
        (
            f"Desks: {wanted.agents} agents logged in, each with its live line open (in a process of its own), all in "
            f"one queue; {wanted.rate} calls a second are answered by their SIP phones for {plan.TALK:g} s meanwhile, "
            "and each changes the queue on every desk."
        ),
        (
            f"Pages: {_PAGES_A_SECOND} a second. At the server: from the request to the answer, as its Server-Timing "
            "header tells. At a client on this machine: to the last byte, so with all that kept both from it."
        ),
        (
            "On screen: a supervisor's page in headless Chromium, with all agents listed. From just before an agent's "
            "request to pause or be ready, or a customer's INVITE or BYE, to the frame that shows it."
        ),
        "Starts: from the command `everline up`, in the home of that centre, to its words that it is ready.",
    ]


async def measure(running: Running, wanted: plan.Desks, tell: Callable[[str], None]) -> Desks:
    """Let everybody log in and calls come, and look. Raises BenchError."""
    place = running.place
    sipp.write_scenarios(place.folder)
    async with AsyncExitStack() as cleanup:
        portal = await cleanup.enter_async_context(Portal.at(f"http://localhost:{place.settings.portal_port}"))
        tell(f"{wanted.agents} agents log in")
        visits = await _everybody(running, wanted.agents, portal, cleanup)
        end_lines = await cleanup.enter_async_context(lines(portal.address, visits))
        boss = await running.centre.add_agent(ExtensionKind.WEB, Role.SUPERVISOR)
        screen = await cleanup.enter_async_context(open_screen(running, boss, wanted.agents))
        callers = Callers(Centre.caller_address, Centre.number, _SERIES, wanted.rate, wanted.rate * _LONGEST_RUN)
        await cleanup.enter_async_context(sipp.callers(place, callers))
        meter, began = CpuMeter({"api": running.stack.process("api")}), time.monotonic()
        before = meter.read()["api"]
        tell(f"{wanted.pages} times each page")
        taken = await _pages(portal, visits, await screen.visit(boss), wanted.pages)
        tell(f"{wanted.changes} times each event")
        on_screen = await screen.measure(portal, visits[-1], wanted.changes)
        used, seconds = meter.read()["api"] - before, time.monotonic() - began
        received = await end_lines()
        return Desks(
            agents=wanted.agents,
            connected=received.open,
            events=received.events,
            calls=await _answered(running),
            seconds=seconds,
            at_server={name: spread([each.at_server for each in found]) for name, found in taken.items()},
            at_client={name: spread([each.at_client for each in found]) for name, found in taken.items()},
            on_screen=on_screen,
            api_cores=used / seconds,
        )


async def _everybody(running: Running, agents: int, portal: Portal, cleanup: AsyncExitStack) -> list[Visit]:
    """All agents with registered phones, and a session each."""
    password = secrets.token_urlsafe(9)
    phones = await centre.people(running.database, agents, password=password)
    await sipp.register(running.place, phones)
    await cleanup.enter_async_context(sipp.agents(running.place))
    await centre.begin_work(running.database)
    at_once = asyncio.Semaphore(_LOG_INS_AT_ONCE)

    async def log_in(number: str) -> Visit:
        async with at_once:
            return await portal.log_in(number, password)

    return list(await asyncio.gather(*(log_in(phone.number) for phone in phones)))


async def _pages(portal: Portal, visits: Sequence[Visit], boss: Visit, times: int) -> dict[str, list[Taken]]:
    """Every page so many times, an agent's by another agent each time."""
    found: dict[str, list[Taken]] = {}
    began, asked = time.monotonic(), 0
    for place in range(times):
        visit = visits[place % len(visits)]
        asking = (("page", visit, _PAGE), ("agent's desk", visit, _DESK), ("supervisor's desk", boss, _DESK))
        for name, who, path in asking:
            found.setdefault(name, []).append(await portal.time(who, path))
            asked += 1
            await asyncio.sleep(began + asked / _PAGES_A_SECOND - time.monotonic())
    return found


async def _answered(running: Running) -> int:
    """How many calls agents have talked to the end."""
    async with running.database.read() as session:
        count = select(func.count()).select_from(Cdr).where(Cdr.disposition == Disposition.ANSWERED)
        return await session.scalar(count) or 0

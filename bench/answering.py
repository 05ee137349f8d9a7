"""Goal P5: from the click on Answer to sound both ways, in a real browser whose STUN server never answers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Page

from bench.customer import customer
from bench.place import CENTRE_CALLERS
from bench.results import Answers, spread
from bench.running import Running
from bench.sipp import BenchError
from domain.agents.agent import ExtensionKind
from tests.phones.audio import write_tone
from tests.phones.browser import open_page, start_browser
from tests.portal.desk import Desk

_AGENT_HZ, _CUSTOMER_HZ = 600.0, 900.0
_PATIENCE = 15.0
"""Seconds after which a side that hears nothing never will."""
_LOOK_SECONDS = 0.02
_GATHERING_MS = 10_000.0
"""So long is waited for a connection to have all its candidates."""
_SCRIPT = (Path(__file__).parent / "answering.js").read_text()

METHOD = [
    (
        "Answering: one agent in headless Chromium, a SIP customer with G.711; the agent clicks Answer while the call "
        "rings. Sound to the customer: the first RTP packet with the agent's tone at the customer's socket. Sound to "
        "the agent: the customer's tone in what the page plays, by Web Audio. The later of the two counts."
    )
]


class _DeafStun(asyncio.DatagramProtocol):
    """A STUN server that hears and says nothing."""

    def __init__(self) -> None:
        self.asked = 0

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:  # noqa: ARG002  # asyncio's signature.
        self.asked += 1


async def measure(running: Running, answers: int, tell: Callable[[str], None]) -> Answers:
    """Answer so many calls. Raises BenchError when a side hears nothing."""
    centre = running.centre
    await centre.add_trunk()
    agent = await centre.add_agent(ExtensionKind.WEB)
    number = await centre.add_queue([agent], wrap_up_seconds=0)
    async with _deaf_stun() as (stun, address), _agent_page(running, address) as page:
        desk = Desk(page, f"http://localhost:{running.place.settings.portal_port}", _PATIENCE)
        await desk.ready(agent)
        tell(f"{answers} calls answered in the browser, STUN unreachable")
        waiting = asyncio.ensure_future(page.evaluate("most => window.benchAnswering.gathering(most)", _GATHERING_MS))
        both = [await _answer(running, desk, number, f"4930200{place:04}") for place in range(answers)]
        gathering = float(await waiting)
    if not stun.asked:
        raise BenchError("The browser never asked the STUN server, so it was not shown that nothing waits for it.")
    to_customer, to_agent = ([pair[side] for pair in both] for side in (0, 1))
    return Answers(
        to_customer=spread(to_customer),
        to_agent=spread(to_agent),
        both=spread([max(pair) for pair in both]),
        stun_asked=stun.asked,
        gathering_ms=gathering,
    )


@asynccontextmanager
async def _deaf_stun() -> AsyncIterator[tuple[_DeafStun, str]]:
    transport, stun = await asyncio.get_running_loop().create_datagram_endpoint(_DeafStun, local_addr=("127.0.0.1", 0))
    try:
        yield stun, f"stun:127.0.0.1:{transport.get_extra_info('sockname')[1]}"
    finally:
        transport.close()


@asynccontextmanager
async def _agent_page(running: Running, stun: str) -> AsyncIterator[Page]:
    """A page whose microphone hears the agent's tone."""
    microphone = write_tone(running.place.folder / "agent.wav", _AGENT_HZ, seconds=5.0)
    async with start_browser(microphone) as browser, open_page(browser, ear=False) as page:
        await page.add_init_script(_SCRIPT.replace("@STUN@", stun).replace("@HZ@", f"{_CUSTOMER_HZ:g}"))
        yield page


async def _answer(running: Running, desk: Desk, number: str, caller: str) -> tuple[float, float]:
    """One call. Milliseconds from the click until the customer heard the agent, and the agent the customer."""
    await desk.page.evaluate("window.benchAnswering.forget()")
    async with customer(CENTRE_CALLERS, says=_CUSTOMER_HZ, hears=_AGENT_HZ) as line:
        await line.dial(running.place.sip, number, caller)
        await desk.stage("offered")
        await desk.part("answer").click()
        heard_by_customer = 1000 * await line.ear.heard(_PATIENCE)
        clicked, heard_by_agent = await _noted(desk.page)
    await desk.state("idle")
    return heard_by_customer - clicked, heard_by_agent - clicked


async def _noted(page: Page) -> tuple[float, float]:
    """When Answer was clicked, and when the page played the customer's tone. Raises BenchError."""
    try:
        async with asyncio.timeout(_PATIENCE):
            while (noted := await page.evaluate("window.benchAnswering.noted()"))["heard"] is None:  # noqa: ASYNC110  # A page has no event for it.
                await asyncio.sleep(_LOOK_SECONDS)
    except TimeoutError:
        raise BenchError(f"The agent did not hear the customer within {_PATIENCE:g} s.") from None
    return float(noted["clicked"]), float(noted["heard"])

"""Chromium as an agent's browser, with a known sound as its microphone and an ear on what its page receives."""

import asyncio
import base64
import os
import signal
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright

from tests.phones.audio import Samples, Tone, tones_in_samples, write_wav
from tests.phones.errors import PhoneError

_CHROMIUM = Path("/usr/bin/chromium")
_DEVICES = "--use-fake-device-for-media-stream"
_ANSWERS_ITSELF = "--use-fake-ui-for-media-stream"
_FLAGS = [
    "--no-sandbox",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
]
_LOOK_SECONDS = 0.1
_NETWORK = b"network.mojom.NetworkService"
_DESK: ViewportSize = {"width": 1440, "height": 900}
_EAR = (Path(__file__).parent / "ear.js").read_text()


@asynccontextmanager
async def start_browser(
    microphone: Path | None = None, *, devices: bool = True, asks: bool = False
) -> AsyncIterator[Browser]:
    """Chromium without a screen, for as long as the block.

    Its microphone plays a WAV (48 kHz suits best) again and again; without one it beeps once a second. Without
    devices it has neither microphone nor speaker. One that asks refuses what the page has no permission for, as an
    agent does who says No.
    """
    flags = [*_FLAGS, *([_DEVICES] if devices else []), *([] if asks else [_ANSWERS_ITSELF])]
    if microphone is not None:
        flags.append(f"--use-file-for-fake-audio-capture={microphone}")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_CHROMIUM, args=flags)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def open_page(
    browser: Browser, *, viewport: ViewportSize = _DESK, allowed: bool = True, ear: bool = True
) -> AsyncIterator[Page]:
    """A page with its own session and cookies, and, if `allowed`, leave to use microphone and notifications.

    It has an ear in it, unless what is looked at is what the page itself costs.
    """
    # With an empty list the browser would refuse everything without asking.
    permissions = ["microphone", "notifications"] if allowed else None
    context: BrowserContext = await browser.new_context(viewport=viewport, permissions=permissions)
    try:
        if ear:
            await context.add_init_script(_EAR)
        yield await context.new_page()
    finally:
        await context.close()


async def all_of(browser: Browser) -> list[int]:
    """The ids of a browser's processes."""
    session = await browser.new_browser_cdp_session()
    told = await session.send("SystemInfo.getProcessInfo")
    await session.detach()
    return [int(process["id"]) for process in told["processInfo"]]


async def network_of(browser: Browser) -> list[int]:
    """The id of the one process of a browser through which all goes that it sends and receives, sound as well."""
    return [pid for pid in await all_of(browser) if _is_network(pid)]


def _is_network(pid: int) -> bool:
    return _NETWORK in Path(f"/proc/{pid}/cmdline").read_bytes()


@asynccontextmanager
async def standing_still(pids: Iterable[int]) -> AsyncIterator[None]:
    """Lets processes stand still during the block, and go on as though nothing had been."""
    stopped = list(pids)
    try:
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


class Ear:
    """Hears the sound that a page's calls receive. The ear starts with each call by itself."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def tracks(self) -> int:
        """How many remote sounds the page has received since it was loaded."""
        return int(await self._page.evaluate("window.everlineEar.tracks"))

    async def forget(self) -> None:
        """Begin anew: what was heard so far is dropped."""
        await self._page.evaluate("window.everlineEar.forget()")

    async def heard(self) -> tuple[Samples, int]:
        """What was heard so far, and its rate. PhoneError when no call has brought sound."""
        rate, encoded = await self._page.evaluate("window.everlineEar.take()")
        if not rate:
            raise PhoneError("the page has received no sound")
        return np.frombuffer(base64.b64decode(encoded), dtype="<i2").astype(np.float64) / 32768, int(rate)

    async def tones(self, wanted: list[float]) -> dict[float, Tone]:
        """Which of these tones were heard so far."""
        return tones_in_samples(*await self.heard(), wanted)

    async def wait_for_tone(self, hz: float, *, seconds: float = 1.0, timeout: float = 15.0) -> None:  # noqa: ASYNC109
        """Wait until the page has heard so much of a tone; TimeoutError when it does not come."""
        async with asyncio.timeout(timeout):
            while await self.tracks() == 0 or (await self.tones([hz]))[hz].seconds < seconds:  # noqa: ASYNC110  # A page has no event for it.
                await asyncio.sleep(_LOOK_SECONDS)

    async def listen(self, seconds: float) -> None:
        """Wait until so much sound, or silence, has come in anew."""
        await self.forget()
        async with asyncio.timeout(seconds + 10):
            while True:
                samples, rate = await self.heard()
                if len(samples) >= seconds * rate:
                    return
                await asyncio.sleep(_LOOK_SECONDS)

    async def save(self, path: Path) -> Path:
        """Write what was heard to a WAV."""
        samples, rate = await self.heard()
        write_wav(path, samples, rate)
        return path

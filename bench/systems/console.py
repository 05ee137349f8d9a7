import asyncio
import re
from dataclasses import dataclass
from pathlib import Path

from bench.systems.system import NotQuietError
from telephony.program import AsteriskProgram

_QUIET_SECONDS = 30.0
_LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Console:
    """Asterisk's console."""

    program: AsteriskProgram
    config_dir: Path

    async def run(self, command: str) -> str:
        """What Asterisk answers."""
        return await self.program.console(self.config_dir, command)

    async def wait_for_quiet(self) -> None:
        """Wait until no channel is left. After half a minute hangs up what is left and raises NotQuietError."""
        try:
            async with asyncio.timeout(_QUIET_SECONDS):
                while not re.search(r"^0 active channels", await self._channels(), re.MULTILINE):  # noqa: ASYNC110
                    await asyncio.sleep(_LOOK_SECONDS)
        except TimeoutError:
            left = (await self._channels()).partition("\n")[0]
            await self.run("channel request hangup all")
            raise NotQuietError(left) from None

    async def _channels(self) -> str:
        return await self.run("core show channels count")

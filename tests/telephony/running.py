"""A real Asterisk for a test, in a folder that goes away."""

import asyncio
import secrets
import signal
from dataclasses import dataclass
from pathlib import Path

from everline.stack.asterisk import find_asterisk
from telephony.config import AsteriskSite, write_configuration
from telephony.errors import ProgramUnsuitable
from tests.support.stack import free_ports, stack_settings

NODE_NAME = "t1"
_START_SECONDS = 20.0
_STOP_SECONDS = 15.0
_RTP_PORTS = 200


async def make_site(home: Path) -> AsteriskSite:
    """A site on free ports, with every folder below home."""
    program = await find_asterisk(stack_settings(home))
    sip, demo, http, node, *rtp = free_ports(4 + _RTP_PORTS)
    return AsteriskSite(
        program=program,
        config_dir=home / "etc",
        state_dir=home / "state",
        run_dir=home / "run",
        log_dir=home / "log",
        spool_dir=home / "spool",
        music_dir=home / "music",
        node_name=NODE_NAME,
        sip_address="127.0.0.1",
        sip_port=sip,
        demo_port=demo,
        http_port=http,
        node_url=f"ws://127.0.0.1:{node}/ari",
        ari_user="everline",
        ari_password=secrets.token_urlsafe(24),
        rtp_start=rtp[0],
        rtp_end=rtp[-1],
    )


def node_port(site: AsteriskSite) -> int:
    return int(site.node_url.rpartition(":")[2].partition("/")[0])


@dataclass
class RunningAsterisk:
    """Starts, stops and kills one Asterisk, by its process id."""

    site: AsteriskSite
    process: asyncio.subprocess.Process | None = None

    @property
    def log(self) -> str:
        return (self.site.log_dir / "messages.log").read_text(errors="replace")

    async def start(self) -> None:
        """Return when every module is loaded."""
        write_configuration(self.site)
        (self.site.run_dir / "asterisk.ctl").unlink(missing_ok=True)
        self.process = await asyncio.create_subprocess_exec(
            *self.site.program.command_line(self.site.config_dir),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(_START_SECONDS):
            while not await self._booted():  # noqa: ASYNC110  Another process sets no event.
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        await self._end(signal.SIGKILL)

    async def console(self, command: str) -> str:
        return await self.site.program.console(self.site.config_dir, command)

    async def _booted(self) -> bool:
        assert self.process is not None
        assert self.process.returncode is None, "Asterisk ended while it started"
        if not (self.site.run_dir / "asterisk.ctl").exists():
            return False
        try:
            await self.console("core waitfullybooted")
        except ProgramUnsuitable:
            return False
        return True

    async def _end(self, number: signal.Signals) -> None:
        if self.process is None or self.process.returncode is not None:
            return
        self.process.send_signal(number)
        try:
            await asyncio.wait_for(self.process.wait(), _STOP_SECONDS)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()

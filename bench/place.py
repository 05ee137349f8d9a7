"""Where the parts of a benchmark run: addresses and ports on this machine, and a home that goes away."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from everline.settings import Settings
from tests.support.stack import free_ports, stack_settings, temporary_home

# Trunks are known by their address, so every role has its own.
CENTRE_CALLERS = "127.0.0.2"
AGENTS = "127.0.0.3"
QUEUE_CALLERS = "127.0.0.4"

# Asterisk takes four ports a call, 120 calls a second for 8 s, on every address; the callers begin above them, at a
# free place. Both pass over what is taken.
_RTP = range(40_000, 48_000)
_CALLERS_RTP = range(48_000, 50_000)

_SOUND_PORTS = 3
"""What each sipp takes at its start: a port for sound, and the next but one for pictures."""
_SIPP_PORTS = 2 + _SOUND_PORTS
"""The callers' and the agents' SIP, and the agents' sound."""


@dataclass(frozen=True)
class Place:
    """One run's addresses. Every port is free on every address at the start."""

    settings: Settings
    folder: Path
    caller_port: int
    agent_port: int
    echo_port: int
    """The agents' RTP port: one for all of them."""
    sound_port: int
    """First of the callers' RTP ports. It must be free; of those above, sipp passes over what is taken."""

    @property
    def sip(self) -> str:
        """Asterisk's SIP address."""
        return f"127.0.0.1:{self.settings.sip_port}"

    @property
    def config_dir(self) -> Path:
        """Where our additions to Asterisk's configuration go."""
        return self.settings.home / "asterisk/etc/everline-extra"

    @property
    def spool_dir(self) -> Path:
        """Where Asterisk puts recordings, each kind in a folder of its own."""
        return self.settings.home / "asterisk/spool"


@contextmanager
def temporary_place() -> Iterator[Place]:
    """A place for one run."""
    with temporary_home() as home:
        settings = stack_settings(home, rtp_start=_RTP.start, rtp_end=_RTP.stop - 1, log_level="warning")
        taken = set(range(settings.portal_port, settings.portal_port + 50))
        ports = free_ports(_SIPP_PORTS)
        while not taken.isdisjoint(ports):
            ports = free_ports(_SIPP_PORTS)
        callers, agents, echo, *_ = ports
        folder = home / "bench"
        folder.mkdir()
        sound = free_ports(_SOUND_PORTS, _CALLERS_RTP)[0]
        yield Place(settings, folder, callers, agents, echo, sound)

"""Checks ports before anything is started, so that the message names the setting and not a symptom."""

import errno
import socket
from dataclasses import dataclass
from enum import IntEnum

from everline.settings import Settings
from everline.stack.errors import MissingPrivilege, PortInUse, StackError
from telephony.config.site import DEMO_ADDRESS

LOOPBACK = "127.0.0.1"


class Kind(IntEnum):
    """How a port is spoken to."""

    TCP = socket.SOCK_STREAM
    UDP = socket.SOCK_DGRAM


@dataclass(frozen=True)
class NeededPort:
    """A port that a part is going to bind."""

    label: str
    setting: str
    host: str
    port: int
    kind: Kind = Kind.TCP

    def check(self) -> None:
        """Raises StackError where the port cannot be bound now."""
        try:
            family, _, _, _, address = socket.getaddrinfo(self.host, self.port, type=self.kind)[0]
        except socket.gaierror:
            raise StackError(f"{self.label} cannot listen on {self.host}: there is no such host name.") from None
        with socket.socket(family, self.kind) as probe:
            if self.kind is Kind.TCP:
                # As servers do: a connection of an earlier run that still closes is no obstacle.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
                if self.kind is Kind.TCP:
                    probe.listen(1)
            except OSError as error:
                raise self._in_words(error) from None

    def _in_words(self, error: OSError) -> StackError:
        name = f"EVERLINE_{self.setting.upper()}"
        if error.errno == errno.EADDRINUSE:
            return PortInUse(
                f"{self.label} needs port {self.port} ({self.kind.name}) on {self.host}, and another program has it. "
                f"Stop that program, or set {name} to a free port."
            )
        if error.errno == errno.EACCES:
            return MissingPrivilege(
                f"{self.label} may not use port {self.port}: ports below 1024 need root. Set {name} to a higher one."
            )
        return StackError(f"{self.label} cannot listen on {self.host} port {self.port}: {error.strerror}.")


def needed_ports(settings: Settings, parts: frozenset[str]) -> list[NeededPort]:
    """Every port that those parts will bind (the wide range for audio aside, from which Asterisk picks)."""
    sip = ("SIP", "sip_port", settings.sip_address, settings.sip_port)
    needed = {
        "postgres": [NeededPort("PostgreSQL", "postgres_port", LOOPBACK, settings.postgres_port)],
        "temporal": [NeededPort("Temporal", "temporal_port", LOOPBACK, settings.temporal_port)],
        "asterisk": [
            NeededPort("Asterisk's HTTP server", "asterisk_http_port", LOOPBACK, settings.asterisk_http_port),
            NeededPort(*sip, Kind.UDP),
            NeededPort(*sip, Kind.TCP),
            NeededPort("SIP by TLS", "sip_tls_port", settings.sip_address, settings.sip_tls_port),
            NeededPort("The demo caller", "demo_port", DEMO_ADDRESS, settings.demo_port, Kind.UDP),
        ],
        "node": [NeededPort("The node", "node_port", LOOPBACK, settings.node_port)],
        "api": [NeededPort("The portal", "portal_port", settings.host, settings.portal_port)],
    }
    return [port for part, ports in needed.items() if part in parts for port in ports]

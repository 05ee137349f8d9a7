import re
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from telephony.program import AsteriskProgram

DEMO_ADDRESS = "127.0.0.5"
"""Where the demo caller's SIP comes from. An address of its own, for a trunk is known by its address."""

_SOCKET_PATH_LIMIT = 100  # bytes; the kernel allows 108 for "<run_dir>/asterisk.ctl"
_PLAIN = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,128}")


@dataclass(frozen=True)
class AsteriskSite:
    """Where one Asterisk keeps its things and on which ports it talks. Raises ValueError for what cannot work."""

    program: AsteriskProgram
    config_dir: Path
    state_dir: Path
    """Asterisk's own database (pushed extensions and trunks) and keys: must outlive restarts."""
    run_dir: Path
    log_dir: Path
    spool_dir: Path
    """Recordings are in "recording" below it."""
    music_dir: Path
    """What callers wait to, a folder each; need not exist."""
    node_name: str
    """Unique among the nodes: it starts every channel id."""
    sip_address: str
    sip_port: int
    demo_port: int
    """The demo caller's SIP port, UDP, on DEMO_ADDRESS."""
    http_port: int
    """ARI and the phones' websocket, on 127.0.0.1 only."""
    node_url: str
    """Where the node process awaits us, as "ws://127.0.0.1:8089/ari"."""
    ari_user: str
    ari_password: str
    """Both of our local ARI user and of our log-in at the node process: letters, digits, "-", "_"."""
    rtp_start: int
    rtp_end: int
    sip_tls_port: int | None = None
    """For trunks by TLS; None for none of them."""
    ca_file: Path | None = None
    """The authorities that sign carriers' certificates, as PEM."""
    verify_carriers: bool = True
    certificate: Path | None = None
    """What we show to who connects by TLS, as PEM; without it carriers cannot connect to us, but we to them."""
    key: Path | None = None

    def __post_init__(self) -> None:
        ip_address(self.sip_address)
        if not _PLAIN.fullmatch(self.node_name) or "-" in self.node_name:
            raise ValueError(f"A node's name is letters, digits, dots and underscores: {self.node_name!r}")
        if not _PLAIN.fullmatch(self.ari_user) or not _SECRET.fullmatch(self.ari_password):
            raise ValueError("The ARI user or password has a character that a configuration file cannot carry")
        if self.rtp_end - self.rtp_start < 3:
            raise ValueError(f"RTP needs two ports a call leg: {self.rtp_start}-{self.rtp_end} is too narrow")
        if len(str(self.run_dir / "asterisk.ctl").encode()) > _SOCKET_PATH_LIMIT:
            raise ValueError(f"The path {self.run_dir} is too long for a control socket; choose a shorter one")

    @property
    def recording_dir(self) -> Path:
        """Where finished and running recordings are, as "<name>.wav"."""
        return self.spool_dir / "recording"

    @property
    def key_dir(self) -> Path:
        """Where Asterisk looks for keys; it is empty."""
        return self.state_dir / "keys"

    @property
    def is_wildcard(self) -> bool:
        """Whether SIP listens on every address."""
        return ip_address(self.sip_address).is_unspecified

    @property
    def local_sip_address(self) -> str:
        """An address at which this machine itself reaches our SIP port."""
        return "127.0.0.1" if self.is_wildcard else self.sip_address

from dataclasses import dataclass, field
from pathlib import Path

from temporalio.service import TLSConfig

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class ApiConfig:
    """What the portal's process is told at its start.

    `asterisk_websocket` is where browsers' phones are carried to. `certificate` and `key` are PEM files; without them
    the portal speaks plain HTTP. `recordings` is the folder of the WAV files. Ordinary numbers of `region` (ISO
    3166) may be called without a rule. `draining` is there while the centre takes no new calls. By `history_secret`
    the keys of Temporal's histories are encrypted in the database.
    """

    database_url: str
    temporal_address: str
    recordings: Path
    history_secret: str = field(repr=False)
    temporal_namespace: str = "default"
    temporal_tls: TLSConfig | bool = False
    temporal_api_key: str | None = field(default=None, repr=False)
    asterisk_websocket: str = "ws://127.0.0.1:8088/ws"
    host: str = "127.0.0.1"
    port: int = 8000
    names: frozenset[str] = frozenset({"localhost"})
    trusted_proxies: tuple[str, ...] = ()
    time_zone: str = "UTC"
    region: str = "US"
    certificate: Path | None = None
    key: Path | None = None
    draining: Path | None = None
    templates: Path = field(default=_HERE / "templates")
    assets: Path = field(default=_HERE / "static" / "dist")

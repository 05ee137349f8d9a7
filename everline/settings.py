"""Settings of every process, read once at its start from the environment and then passed down."""

import os
import re
from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote
from zoneinfo import available_timezones

import phonenumbers
from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.records.retention import Retention
from everline.errors import EverlineError

PREFIX = "EVERLINE_"
TREE = "asterisk-22"
"""The folder of the cache that `make run` unpacks Asterisk into."""
HOME_MODE = 0o711
"""The home may be entered, but not listed; each folder in it decides for itself."""
RUNNING_FILE = Path("run/running.env")
_OWN_CACHE = Path("~/.cache/everline").expanduser()
_SHARED_CACHE = Path("/var/cache/everline")
_SECRET = frozenset({f"{PREFIX}TEMPORAL_API_KEY"})
_DRIVER = "postgresql+psycopg"
_PORTS = (
    "portal_port",
    "sip_port",
    "sip_tls_port",
    "demo_port",
    "asterisk_http_port",
    "node_port",
    "temporal_port",
    "postgres_port",
)


class SettingsError(EverlineError):
    """A setting is missing or makes no sense."""


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _with_driver(url: str) -> str:
    scheme, found, rest = url.partition("://")
    if not found or scheme not in {"postgres", "postgresql", _DRIVER}:
        msg = "must look like postgresql://user@host:5432/name"
        raise ValueError(msg)
    return f"{_DRIVER}://{rest}"


def _host_and_port(address: str) -> str:
    if not re.fullmatch(r"[^\s:/]+:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5}", address):
        msg = "must look like host:7233"
        raise ValueError(msg)
    return address


def _networks(text: str) -> str:
    for part in text.split(","):
        ip_network(part.strip())
    return text


def _host_names(text: str) -> str:
    if not all(re.fullmatch(r"[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*", part.strip()) for part in text.split(",")):
        msg = "must look like calls.example.org,everline"
        raise ValueError(msg)
    return text


def _ip_address(address: str) -> str:
    return str(ip_address(address))


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        msg = "is no time zone; Europe/Berlin would be one"
        raise ValueError(msg)
    return name


def _known_region(name: str) -> str:
    if name not in phonenumbers.SUPPORTED_REGIONS:
        msg = "is no country; DE would be one, US another"
        raise ValueError(msg)
    return name


def _default_cache() -> Path:
    """The own folder; for root one that other accounts can read, since nothing stays root's (scripts/bootstrap too)."""
    if named := os.environ.get("XDG_CACHE_HOME"):
        return Path(named) / "everline"
    order = [_OWN_CACHE, _SHARED_CACHE] if os.geteuid() else [_SHARED_CACHE, _OWN_CACHE]
    return next((cache for cache in order if os.path.exists(cache / TREE)), order[0])  # noqa: PTH110 - never raises


Port = Annotated[int, Field(ge=1, le=65535)]
Days = Annotated[int, Field(ge=0, le=36_500)]
Folder = Annotated[Path, AfterValidator(_absolute)]


class Settings(BaseSettings):
    """Where everything is and how it is reached; each field is an environment variable EVERLINE_<NAME>."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True, extra="ignore")

    home: Folder = Field(default=Path(".everline"), validate_default=True)
    cache: Folder = Field(default_factory=_default_cache, validate_default=True)
    database_url: Annotated[str, AfterValidator(_with_driver)] | None = Field(default=None, repr=False)
    temporal_address: Annotated[str, AfterValidator(_host_and_port)] | None = None
    temporal_namespace: str = "default"
    temporal_tls: bool = False
    temporal_ca: Folder | None = None
    temporal_certificate: Folder | None = None
    temporal_key: Folder | None = None
    temporal_server_name: str | None = None
    temporal_api_key: str | None = Field(default=None, repr=False)
    asterisk: Folder | None = None
    node_name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,30}$")] = "node1"
    host: str = "127.0.0.1"
    certificate: Folder | None = None
    key: Folder | None = None
    portal_hosts: Annotated[str, AfterValidator(_host_names)] | None = None
    trusted_proxies: Annotated[str, AfterValidator(_networks)] | None = None
    portal_port: Port = 8000
    sip_address: Annotated[str, AfterValidator(_ip_address)] = "127.0.0.1"
    sip_port: Port = 5060
    sip_tls_port: Port = 5061
    node_address: Annotated[str, AfterValidator(_ip_address)] | None = None
    sip_ca: Folder | None = None
    sip_tls_verify: bool = True
    demo_port: Port = 5066
    asterisk_http_port: Port = 8088
    node_port: Port = 8089
    temporal_port: Port = 7233
    postgres_port: Port = 5433
    rtp_start: Port = 10000
    rtp_end: Port = 19999
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    region: Annotated[str, AfterValidator(_known_region)] = "US"
    as_root: bool = False
    drain_seconds: Annotated[int, Field(ge=0)] = 900
    keep_records_days: Days = 0
    keep_recordings_days: Days = 0
    keep_voicemails_days: Days = 0
    keep_agent_history_days: Days = 0
    keep_audit_days: Days = 0
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @model_validator(mode="after")
    def _ports_differ(self) -> Self:
        taken: dict[int, str] = {}
        for name in _PORTS:
            port: int = getattr(self, name)
            if port in taken:
                msg = f"{PREFIX}{taken[port].upper()} and {PREFIX}{name.upper()} are both {port}; give them two numbers"
                raise ValueError(msg)
            taken[port] = name
        for one, other in (("certificate", "key"), ("temporal_certificate", "temporal_key")):
            if (getattr(self, one) is None) is not (getattr(self, other) is None):
                msg = f"{PREFIX}{one.upper()} and {PREFIX}{other.upper()} go together; set both, or neither"
                raise ValueError(msg)
        if self.temporal_is_encrypted and self.temporal_address is None:
            msg = f"{PREFIX}TEMPORAL_TLS and the like need a Temporal of your own; name it in {PREFIX}TEMPORAL_ADDRESS"
            raise ValueError(msg)
        if self.rtp_end - self.rtp_start < 3:
            msg = f"{PREFIX}RTP_START to {PREFIX}RTP_END must hold at least four ports, two for each side of a call"
            raise ValueError(msg)
        return self

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the database: the one given, or the embedded one, whose password stays in a file."""
        if self.database_url is not None:
            return self.database_url
        passfile = quote(str(self.home / "secrets/pgpass"), safe="/")
        return f"{_DRIVER}://everline@127.0.0.1:{self.postgres_port}/everline?passfile={passfile}"

    @property
    def temporal(self) -> str:
        """Address of Temporal's front end: the one given, or that of the server which `everline up` starts."""
        return self.temporal_address or f"127.0.0.1:{self.temporal_port}"

    @property
    def temporal_is_encrypted(self) -> bool:
        """Whether the Temporal elsewhere is reached by TLS: wanted, or implied by what only TLS makes safe."""
        named = (self.temporal_ca, self.temporal_certificate, self.temporal_server_name, self.temporal_api_key)
        return self.temporal_tls or any(named)

    @property
    def recordings(self) -> Path:
        """Where Asterisk leaves the recordings of this machine, as <name>.wav."""
        return self.home / "asterisk/spool/recording"

    @property
    def retention(self) -> Retention:
        """How long what is past is kept."""
        return Retention(
            self.keep_records_days,
            self.keep_recordings_days,
            self.keep_voicemails_days,
            self.keep_agent_history_days,
            self.keep_audit_days,
        )

    @property
    def draining(self) -> Path:
        """The mark of a centre that takes no new calls, because it waits for those there are in order to stop."""
        return self.home / "run/draining"

    @property
    def node_sip(self) -> str | None:
        """Where other nodes reach this one's phones: as told, else where SIP listens, if that is one address."""
        address = ip_address(self.node_address or self.sip_address)
        if address.is_unspecified:
            return None
        return f"[{address}]:{self.sip_port}" if address.version == 6 else f"{address}:{self.sip_port}"

    def resolved(self) -> Self:
        """The same, with the addresses of the database and of Temporal filled in."""
        return self.model_copy(update={"database_url": self.database, "temporal_address": self.temporal})

    def environment(self) -> dict[str, str]:
        """The variables from which another process reads these same settings, nothing left to its defaults."""
        values = self.resolved().model_dump(mode="json", exclude_none=True)
        return {PREFIX + name.upper(): str(value) for name, value in values.items()}


def read_settings() -> Settings:
    """The settings as the environment has them.

    Raises SettingsError naming the variable that is wrong.
    """
    return _checked(env_file=None)


def read_running_settings() -> Settings:
    """The settings of the centre that runs in this home, so that a second terminal needs no variables of its own.

    The environment goes first. Raises SettingsError naming the variable that is wrong.
    """
    return _checked(env_file=read_settings().home / RUNNING_FILE)


def _checked(env_file: Path | None) -> Settings:
    try:
        # An option of pydantic-settings that type checkers do not see.
        options: dict[str, Any] = {"_env_file": env_file}
        return Settings(**options)
    except ValidationError as error:
        raise SettingsError(_in_words(error)) from None


def _in_words(error: ValidationError) -> str:
    return " ".join(_sentences(error))


def _sentences(error: ValidationError) -> Iterable[str]:
    for problem in error.errors(include_url=False):
        what = problem["msg"].removeprefix("Value error, ")
        if not problem["loc"]:
            yield f"{what}."
            continue
        name = PREFIX + str(problem["loc"][0]).upper()
        if name in _SECRET:
            yield f"{name} cannot be used: {what[0].lower()}{what[1:]}."
            continue
        # What the user wrote, short of a password.
        value = re.sub(r"://[^@/]*@", "://…@", repr(problem["input"]))
        yield f"{name} is {value}, which cannot be used: {what[0].lower()}{what[1:]}."

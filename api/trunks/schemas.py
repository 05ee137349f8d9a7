"""What administrators send and read of trunks. A password is taken, and never given out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, StrictBool, StrictInt, StringConstraints

from api.web.schemas import Incoming, Outgoing
from db.trunks import checks
from db.trunks.registrations import Registration
from db.trunks.trunks import TrunkLine
from domain.numbering.number_format import NumberFormat
from domain.trunks.carrier_words import registration_in_words
from domain.trunks.registration import RegistrationState
from domain.trunks.trunk import Dtmf, Transport

_Prefix = Annotated[str, StringConstraints(max_length=40)]
_USUAL = TrunkLine("", "", "")
_SECRET = frozenset({"password", "login_digest"})


class TrunkChanges(Incoming):
    """What is to be changed of a trunk; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"position": 10, "number_format": "zeros"}]})

    host: str | None = Field(default=None, max_length=260)
    """Where calls out are sent: host or host:port."""
    match: str | None = Field(default=None, max_length=1000)
    """Addresses or networks that its calls come from, separated by commas."""
    username: str | None = Field(default=None, max_length=64)
    """What it is logged in to with; an empty one forgets the password, too."""
    password: str | None = Field(default=None, max_length=128)
    registers: StrictBool | None = None
    """Whether it is registered with, to be sent calls."""
    from_user: str | None = Field(default=None, max_length=64)
    """The user in From, where the carrier takes no other."""
    from_domain: str | None = Field(default=None, max_length=260)
    proxy: str | None = Field(default=None, max_length=260)
    """The outbound proxy: host or host:port."""
    transport: Transport | None = None
    number_format: NumberFormat | None = None
    """How called numbers are written to it: +49…, 49…, 0049…, or as in the centre's own country."""
    caller_format: NumberFormat | None = None
    """How our own number is written to it."""
    shown: str | None = Field(default=None, max_length=40)
    """Our number that it shows, unless that of the user or the queue is allowed; empty if every number is."""
    trusted: StrictBool | None = None
    """Whether the caller in its P-Asserted-Identity is believed."""
    position: StrictInt | None = None
    """Its place in the order of trunks; 0 is the first."""
    prefixes: Sequence[_Prefix] | None = Field(default=None, max_length=500)
    """Only numbers that begin so go out by it; with none, all do."""
    codecs: str | None = Field(default=None, max_length=80)
    """Separated by commas, the best first."""
    dtmf: Dtmf | None = None
    """How pressed keys travel."""
    setup_seconds: StrictInt | None = None
    """How long a called phone has until it must ring; then the next trunk is tried."""
    ring_seconds: StrictInt | None = None
    """How long a called phone rings, from its first ringing on."""
    max_channels: StrictInt | None = None
    """How many calls may be on it at once; 0 is no limit. Calls out beyond it go by the next trunk."""
    limits_inbound: StrictBool | None = None
    """Whether calls that come by it beyond that are refused."""
    allowed: Sequence[_Prefix] | None = Field(default=None, max_length=500)
    """Other numbers of ours that it lets be shown, or their beginnings with an asterisk."""
    anonymous: StrictBool | None = None
    """Whether our number is told to the carrier only, and hidden from the called."""
    srtp: StrictBool | None = None
    """Whether the sound is encrypted, too; with TLS only."""
    login_password: str | None = Field(default=None, max_length=128)
    """With it the trunk logs in here as the user of its name, and its addresses mean nothing; empty ends it."""

    def changed(self, line: TrunkLine) -> TrunkLine:
        """The trunk with these changes, not yet checked."""
        given = self.model_dump(exclude_unset=True, exclude_none=True)
        login = given.pop("login_password", None)
        if login is not None:
            given["login_digest"] = checks.login_digest(given.get("name", line.name), login) if login else ""
        fields = {**{name: getattr(line, name) for name in line.__dataclass_fields__}, **given}
        if given.get("username") == "":
            fields["password"] = ""
        return TrunkLine(**{**fields, "prefixes": tuple(fields["prefixes"]), "allowed": tuple(fields["allowed"])})


class NewTrunkIn(TrunkChanges):
    """A trunk to be made."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "provider-1", "host": "192.0.2.10:5060", "match": "192.0.2.0/24"}]}
    )

    name: str = Field(max_length=40)
    """Small letters, digits and hyphens."""
    host: str = Field(max_length=260)
    """Where calls out are sent: host or host:port."""

    def plain(self) -> TrunkLine:
        """The same for the service."""
        return self.changed(_USUAL)


class RegistrationOut(Outgoing):
    """How the registration of a node with a trunk stands."""

    node: str = Field(examples=["node1"])
    state: RegistrationState
    status: int = Field(examples=[403])
    """The SIP status by which it was refused; 0 for none."""
    words: str = Field(examples=["We are registered there."])
    """The same in words, and what is to be done about it."""
    since: datetime

    @classmethod
    def of(cls, trunk: str, found: Registration) -> "RegistrationOut":
        """The registration with that trunk, for administrators."""
        words = registration_in_words(trunk, found.state, found.status)
        return cls(node=found.node, state=found.state, status=found.status, words=words, since=found.since)


class TrunkOut(Outgoing):
    """A trunk."""

    name: str = Field(examples=["provider-1"])
    host: str = Field(examples=["192.0.2.10:5060"])
    match: str = Field(examples=["192.0.2.0/24"])
    username: str = Field(examples=["4930123"])
    has_password: bool = Field(examples=[True])
    registers: bool = Field(examples=[False])
    from_user: str = Field(examples=[""])
    from_domain: str = Field(examples=[""])
    proxy: str = Field(examples=[""])
    transport: Transport
    number_format: NumberFormat
    caller_format: NumberFormat
    shown: str = Field(examples=["+12025550100"])
    trusted: bool = Field(examples=[False])
    position: int = Field(examples=[50])
    prefixes: Sequence[str] = Field(examples=[["+44"]])
    codecs: str = Field(examples=["alaw,ulaw,g722,opus"])
    dtmf: Dtmf
    setup_seconds: int = Field(examples=[20])
    ring_seconds: int = Field(examples=[30])
    max_channels: int = Field(examples=[0])
    limits_inbound: bool = Field(examples=[False])
    allowed: Sequence[str] = Field(examples=[["+4930123*"]])
    anonymous: bool = Field(examples=[False])
    srtp: bool = Field(examples=[False])
    logs_in: bool = Field(examples=[False])
    """Whether it logs in here, as the user of its name."""
    registrations: Sequence[RegistrationOut]
    """How we stand there, by node, where it is registered with."""

    @classmethod
    def of(cls, line: TrunkLine, known: Sequence[Registration] = ()) -> "TrunkOut":
        """The trunk without its password."""
        fields = {name: getattr(line, name) for name in line.__dataclass_fields__ if name not in _SECRET}
        told = [RegistrationOut.of(line.name, found) for found in known]
        return cls(**fields, has_password=bool(line.password), logs_in=bool(line.login_digest), registrations=told)


class TrunkList(Outgoing):
    """All trunks, in the order in which calls go out by them."""

    items: Sequence[TrunkOut]

"""What administrators send and read of trunks. A password is taken, and never given out."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import ConfigDict, Field, StrictBool, StrictInt, StringConstraints

from api.admin.models import Incoming, Outgoing
from db.trunks import TrunkLine
from domain.number_format import NumberFormat
from domain.trunk import Dtmf, Transport

_Prefix = Annotated[str, StringConstraints(max_length=40)]
_USUAL = TrunkLine("", "", "")


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
    """The one number of ours that it lets us show; empty for the queue's."""
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

    def changed(self, line: TrunkLine) -> TrunkLine:
        """The trunk with these changes, not yet checked."""
        given = self.model_dump(exclude_unset=True, exclude_none=True)
        fields = {**{name: getattr(line, name) for name in line.__dataclass_fields__}, **given}
        if given.get("username") == "":
            fields["password"] = ""
        return TrunkLine(**{**fields, "prefixes": tuple(fields["prefixes"])})


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

    @classmethod
    def of(cls, line: TrunkLine) -> "TrunkOut":
        """The trunk without its password."""
        fields = {name: getattr(line, name) for name in line.__dataclass_fields__ if name != "password"}
        return cls(**fields, has_password=bool(line.password))


class TrunkList(Outgoing):
    """All trunks, in the order in which calls go out by them."""

    items: Sequence[TrunkOut]

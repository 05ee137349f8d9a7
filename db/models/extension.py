from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Sequence, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Key, Moment
from domain.agents.agent import ExtensionKind
from domain.numbering.number_format import NumberFormat
from domain.trunks.registration import RegistrationState
from domain.trunks.trunk import Dtmf, Transport

PROVISIONING_REVISION = Sequence("provisioning_revision", data_type=BigInteger, metadata=Base.metadata)
"""Counts the changes of what nodes push to Asterisk, across extensions and trunks."""


class Extension(Base):
    """A user's phone. `digest` is md5(number:realm:secret), so the secret itself is never kept.

    `revision` grows with each change; a node provisions what is newer than what it has. Where the phone is registered
    are rows of their own; `registered_since` is when that last changed. `refused` is why its last own call was not
    dialled. The page of a Web extension has had no microphone since `microphone_lost_at`.
    """

    __tablename__ = "extensions"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), unique=True)
    kind: Mapped[ExtensionKind]
    digest: Mapped[str]
    revision: Mapped[int] = mapped_column(BigInteger, index=True)
    removed_at: Mapped[Moment | None]
    registered_since: Mapped[Moment | None]
    refused: Mapped[str | None]
    refused_at: Mapped[Moment | None]
    microphone_lost_at: Mapped[Moment | None]


class Registration(Base):
    """A phone that is registered with a node, and since when. It counts while the node is alive; the newest is rung."""

    __tablename__ = "registrations"

    extension_id: Mapped[UUID] = mapped_column(ForeignKey("extensions.id", ondelete="CASCADE"), primary_key=True)
    node: Mapped[str] = mapped_column(ForeignKey("nodes.name", ondelete="CASCADE"), primary_key=True, index=True)
    since: Mapped[Moment]


class Trunk(Base):
    """A line to the outside: calls from `match` addresses are the trunk's, calls out go to `host`.

    One with a `login_digest` is known by its log-in instead: the user is its name, the digest as an extension's.

    `username` and `password` are what it logs in with there; the password has to be kept as it is, for SIP's digest
    needs it with the other side's realm. `position` orders the trunks, and `prefixes` (of E.164) say which numbers go
    out by it, all if empty. `number_format` and `caller_format` are how the called number and ours are written to it.
    A called phone must ring after `setup_seconds`, and rings for `ring_seconds`. No more than `max_channels` calls are
    on it at once, any number if 0; calls that come by it count, and are refused only if it `limits_inbound`. `shown` is
    our number that it shows, unless that of the user or the queue is `allowed`; `anonymous` hides it from the called.
    """

    __tablename__ = "trunks"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    host: Mapped[str]
    match: Mapped[str]
    username: Mapped[str] = mapped_column(server_default="")
    password: Mapped[str] = mapped_column(server_default="")
    registers: Mapped[bool] = mapped_column(server_default="false")
    from_user: Mapped[str] = mapped_column(server_default="")
    from_domain: Mapped[str] = mapped_column(server_default="")
    proxy: Mapped[str] = mapped_column(server_default="")
    transport: Mapped[Transport] = mapped_column(server_default="udp")
    number_format: Mapped[NumberFormat] = mapped_column(server_default="plus")
    caller_format: Mapped[NumberFormat] = mapped_column(server_default="plus")
    shown: Mapped[str] = mapped_column(server_default="")
    trusted: Mapped[bool] = mapped_column(server_default="false")
    position: Mapped[int] = mapped_column(server_default="50")
    prefixes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    codecs: Mapped[str] = mapped_column(server_default="alaw,ulaw,g722,opus")
    dtmf: Mapped[Dtmf] = mapped_column(server_default="auto")
    setup_seconds: Mapped[int] = mapped_column(server_default="20")
    ring_seconds: Mapped[int] = mapped_column(server_default="30")
    max_channels: Mapped[int] = mapped_column(server_default="0")
    limits_inbound: Mapped[bool] = mapped_column(server_default="false")
    allowed: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    anonymous: Mapped[bool] = mapped_column(server_default="false")
    login_digest: Mapped[str] = mapped_column(server_default="")
    srtp: Mapped[bool] = mapped_column(server_default="false")
    revision: Mapped[int] = mapped_column(BigInteger, index=True)
    removed_at: Mapped[Moment | None]


class TrunkRegistration(Base):
    """How the registration of a node with a trunk stands since then, and the SIP status that it was refused by."""

    __tablename__ = "trunk_registrations"

    node: Mapped[str] = mapped_column(primary_key=True)
    trunk: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[RegistrationState]
    status: Mapped[int]
    since: Mapped[Moment]


class Node(Base):
    """An Asterisk and the process that drives it.

    `provisioned_revision` is how far the Asterisk that started at `asterisk_started_at` has been brought. `music` names
    what its callers can wait to. `disk_left` is the room for recordings, in megabytes, while there is too little.
    The node is alive until `lease_until`, which its process at `holder` puts off again and again. Other nodes reach its
    phones at `sip_address`, as "192.0.2.7:5060"; at none when that is not known.
    """

    __tablename__ = "nodes"

    name: Mapped[str] = mapped_column(primary_key=True)
    connected: Mapped[bool]
    changed_at: Mapped[Moment]
    asterisk_started_at: Mapped[Moment | None]
    provisioned_revision: Mapped[int] = mapped_column(BigInteger, default=0)
    music: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    disk_left: Mapped[int | None]
    holder: Mapped[str] = mapped_column(server_default="")
    lease_until: Mapped[Moment] = mapped_column(server_default=func.now())
    sip_address: Mapped[str | None]

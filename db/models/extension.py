from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Sequence, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Key, Moment

PROVISIONING_REVISION = Sequence("provisioning_revision", data_type=BigInteger, metadata=Base.metadata)
"""Counts the changes of what nodes push to Asterisk, across extensions and trunks."""


class Extension(Base):
    """A user's phone. `digest` is md5(number:realm:secret), so the secret itself is never kept.

    `revision` grows with each change; a node provisions what is newer than what it has. `registered` and
    `registered_since` are what Asterisk last told of the phone. `refused` is why its last own call was not dialled.
    `no_microphone` is what the page of a Web extension says.
    """

    __tablename__ = "extensions"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), unique=True)
    kind: Mapped[str]
    digest: Mapped[str]
    revision: Mapped[int] = mapped_column(BigInteger, index=True)
    removed_at: Mapped[Moment | None]
    registered: Mapped[bool] = mapped_column(default=False)
    registered_since: Mapped[Moment | None]
    refused: Mapped[str | None]
    refused_at: Mapped[Moment | None]
    no_microphone: Mapped[bool] = mapped_column(server_default=false())


class Trunk(Base):
    """A line to the outside: calls from `match` addresses are the trunk's, calls out go to `host`."""

    __tablename__ = "trunks"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    host: Mapped[str]
    match: Mapped[str]
    revision: Mapped[int] = mapped_column(BigInteger, index=True)
    removed_at: Mapped[Moment | None]


class Node(Base):
    """An Asterisk and the process that drives it.

    `provisioned_revision` is how far the Asterisk that started at `asterisk_started_at` has been brought. `music` names
    what its callers can wait to.
    """

    __tablename__ = "nodes"

    name: Mapped[str] = mapped_column(primary_key=True)
    connected: Mapped[bool]
    changed_at: Mapped[Moment]
    asterisk_started_at: Mapped[Moment | None]
    provisioned_revision: Mapped[int] = mapped_column(BigInteger, default=0)
    music: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")

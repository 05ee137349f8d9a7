"""What administrators send and read of users and their phones."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from api.agents.schemas import KnownSkillOut
from api.web.schemas import Incoming, Name, Outgoing
from db.accounts.account_changes import AccountChanges, PhoneChanges
from db.accounts.accounts import AccountRequest
from domain.agents.agent import ExtensionKind, Role

Digits = Annotated[str, StringConstraints(max_length=16)]
Secret = Annotated[str, StringConstraints(max_length=128)]


class UserOut(Outgoing):
    """Somebody who may log in, and the phone that belongs to the user."""

    user_id: UUID
    agent_id: str
    name: str
    role: Role
    extension: str | None
    kind: ExtensionKind | None
    shown_number: str | None = Field(examples=["+49301230"])
    """The number of ours that those see whom the user calls by hand; null shows a queue's."""


class UserList(Outgoing):
    """All users who may log in, by agent id."""

    items: Sequence[UserOut]


class ServedQueueOut(Outgoing):
    """A queue that the user takes calls of."""

    queue_id: UUID
    queue: str
    penalty: int
    position: int
    paused: bool


class UserDetails(UserOut):
    """A user with the queues served and the skills known."""

    queues: Sequence[ServedQueueOut]
    skills: Sequence[KnownSkillOut]


class NewUserIn(Incoming):
    """A user to be made. What is left out is chosen: the next free number, the agent id the same, random secrets."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Anna Berg", "role": "agent", "kind": "web"}]})

    name: Name
    role: Role = Role.AGENT
    kind: ExtensionKind = ExtensionKind.WEB
    """The phone: the browser, or a desk or soft phone."""
    agent_id: Digits | None = None
    password: Secret | None = None
    extension: Digits | None = None
    sip_secret: Secret | None = None
    """What a SIP phone registers with; a Web extension has none."""

    def plain(self) -> AccountRequest:
        """The same for the service."""
        return AccountRequest(
            self.name,
            self.role,
            self.kind,
            self.agent_id,
            self.password,
            self.extension,
            self.sip_secret,
            password_is_given=True,
        )


class NewUserOut(Outgoing):
    """A user that was just made. The secrets are shown this once and kept nowhere."""

    user_id: UUID
    agent_id: str
    name: str
    role: Role
    password: str
    extension: str
    kind: ExtensionKind
    sip_secret: str | None


class UserChanges(Incoming):
    """What is to be different about a user; what is left out, or null, stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "supervisor"}]})

    name: Name | None = None
    agent_id: Digits | None = None
    role: Role | None = None
    shown_number: str | None = Field(default=None, max_length=40)
    """The number of ours that those see whom the user calls by hand; an empty one forgets it."""

    def plain(self) -> AccountChanges:
        """The same for the service."""
        return AccountChanges(self.name, self.agent_id, self.role, self.shown_number)


class PhoneIn(Incoming):
    """The phone that a user is to have; what is left out, or null, stays, and a SIP phone gets a new secret."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "sip", "number": "1001"}]})

    number: Digits | None = None
    kind: ExtensionKind | None = None
    sip_secret: Secret | None = None

    def plain(self) -> PhoneChanges:
        """The same for the service."""
        return PhoneChanges(self.number, self.kind, self.sip_secret)


class UserPhoneOut(Outgoing):
    """A user's phone. The secret of a SIP phone is shown this once and kept nowhere."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"number": "1001", "kind": "sip", "sip_secret": "kN4wT7rXq2VbLm9s"}]}
    )

    number: str
    kind: ExtensionKind
    sip_secret: str | None


class PasswordIn(Incoming):
    """A new password; a random one when it is left out."""

    password: Secret | None = Field(default=None, examples=["correct horse battery"])


class PasswordOut(Outgoing):
    """The new password, shown this once and kept nowhere."""

    password: str


class SipSecretOut(Outgoing):
    """The new secret of a SIP phone, shown this once and kept nowhere."""

    sip_secret: str

"""What administrators send and read of users and their phones."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field

from api.agents.schemas import KnownSkillOut
from api.web.schemas import Incoming, Name, Outgoing, Page
from db.accounts.account_changes import AccountChanges, PhoneChanges
from db.accounts.accounts import AGENT_ID, EXTENSION, AccountRequest
from db.users.passwords import LONGEST, SHORTEST, SHORTEST_SIP_SECRET
from domain.agents.agent import ExtensionKind, Role


def _told(max_length: int, **rules: str | int) -> Any:
    """What the service checks, and refuses in its own words: the schema only tells of it."""
    return Field(max_length=max_length, json_schema_extra={**rules})


AgentId = Annotated[str, _told(16, pattern=f"^{AGENT_ID}$")]
Number = Annotated[str, _told(16, pattern=f"^{EXTENSION}$")]
Password = Annotated[str, _told(LONGEST, minLength=SHORTEST)]
SipSecret = Annotated[str, _told(LONGEST, minLength=SHORTEST_SIP_SECRET)]


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


class UserList(Page[UserOut]):
    """Users who may log in."""


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
    agent_id: AgentId | None = None
    password: Password | None = None
    extension: Number | None = None
    sip_secret: SipSecret | None = None
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
    agent_id: AgentId | None = None
    role: Role | None = None
    shown_number: str | None = Field(default=None, max_length=40)
    """The number of ours that those see whom the user calls by hand; an empty one forgets it."""

    def plain(self) -> AccountChanges:
        """The same for the service."""
        return AccountChanges(self.name, self.agent_id, self.role, self.shown_number)


class PhoneIn(Incoming):
    """The phone that a user is to have; what is left out, or null, stays, and a SIP phone gets a new secret."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "sip", "number": "1001"}]})

    number: Number | None = None
    kind: ExtensionKind | None = None
    sip_secret: SipSecret | None = None

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

    password: Password | None = Field(default=None, examples=["correct horse battery"])


class PasswordOut(Outgoing):
    """The new password, shown this once and kept nowhere."""

    password: str


class SipSecretOut(Outgoing):
    """The new secret of a SIP phone, shown this once and kept nowhere."""

    sip_secret: str

"""What administrators send and read of the destinations that may be called, and of how much."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StrictBool, StrictInt, StringConstraints

from api.web.schemas import Incoming, Name, Outgoing
from db.dialling_rules.destinations import NewDestination
from db.dialling_rules.dial_limits import SetLimits
from domain.dialling_rules.dial_limits import MOST

Prefix = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class NewDestinationIn(Incoming):
    """Numbers that may be called from now on, or may not."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"prefix": "+44", "name": "United Kingdom"},
                {"prefix": "+44870", "allowed": False, "name": "Shared cost"},
            ]
        }
    )

    prefix: Prefix
    """The first digits of the numbers after a +, with the whole country code."""
    allowed: StrictBool = True
    name: Name | None = None

    def plain(self) -> NewDestination:
        """The same for the service."""
        return NewDestination(self.prefix, self.allowed, self.name)


class DestinationOut(Outgoing):
    """Numbers that begin with the prefix, and whether they may be called. Of several the longest prefix decides."""

    id: UUID
    prefix: str = Field(examples=["+44"])
    allowed: bool
    name: str | None = Field(examples=["United Kingdom"])


class DestinationList(Outgoing):
    """All rules by prefix. Without one about a number, ordinary lines of the centre's own country may be called."""

    region: str = Field(examples=["US"])
    """The centre's own country (ISO 3166)."""
    items: Sequence[DestinationOut]


class CheckedNumberOut(Outgoing):
    """Whether a number may be called as matters stand."""

    number: str | None = Field(examples=["+442079460123"])
    """The number in E.164, as it would be dialled; null when it may not be called."""
    refusal: str | None = Field(
        examples=["+44 20 7946 0123 is not among the destinations that may be called. An administrator can allow it."]
    )
    """What an agent would read who wants to call it."""
    decided_by: str | None = Field(examples=["+44"])
    """The prefix of the rule that decides; null when none is about the number."""


class LimitsIn(Incoming):
    """How much may be called out by hand. What is left out, or null, is as for everybody, or as usual; 0 is nothing."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"a_minute": 6, "at_once": 2}]})

    a_minute: StrictInt | None = Field(default=None, json_schema_extra={"minimum": 0, "maximum": MOST.a_minute})
    """Numbers outside that a user may dial within a minute, also to consult them or to transfer to them."""
    at_once: StrictInt | None = Field(default=None, json_schema_extra={"minimum": 0, "maximum": MOST.at_once})
    """Calls of a user with numbers outside that the user has dialled, and that may go on at the same time."""

    def plain(self) -> SetLimits:
        """The same for the service."""
        return SetLimits(self.a_minute, self.at_once)


class LimitsInForce(Outgoing):
    """What holds."""

    a_minute: int = Field(examples=[6])
    at_once: int = Field(examples=[3])


class LimitsSet(Outgoing):
    """What an administrator has set; null is as for everybody, or as usual."""

    a_minute: int | None = Field(examples=[6])
    at_once: int | None = Field(examples=[None])


class LimitsOut(Outgoing):
    """How much may be called out by hand: what is set, and what holds by it."""

    set: LimitsSet
    in_force: LimitsInForce

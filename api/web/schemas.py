"""What the bodies of requests and answers have in common."""

from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Item = TypeVar("Item")
Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class Incoming(BaseModel):
    """What is sent; a field that is not known is refused."""

    model_config = ConfigDict(from_attributes=True, frozen=True, extra="forbid", use_attribute_docstrings=True)


class Outgoing(BaseModel):
    """What is answered. A field with a default is always there, and is described so."""

    model_config = ConfigDict(
        from_attributes=True,
        frozen=True,
        use_attribute_docstrings=True,
        json_schema_serialization_defaults_required=True,
    )


class Page(Outgoing, Generic[Item]):
    """A part of a list."""

    items: Sequence[Item]
    next: str | None
    """The mark of the next part; null when there is none."""
    count: int = Field(examples=[2])
    """How many there are in all parts together, counted up to 1,000."""


class Named(Outgoing):
    """Something with a name."""

    id: UUID
    name: str


class NewNamed(Incoming):
    """Something with a name, to be made or renamed."""

    name: Name = Field(examples=["French"])


class Made(Outgoing):
    """It is there, under this id."""

    id: UUID


class Done(Outgoing):
    """It has happened."""

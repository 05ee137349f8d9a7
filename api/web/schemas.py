"""What the bodies of requests and answers have in common."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

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

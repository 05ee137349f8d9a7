"""What administrators send and read of reasons to pause and of skills."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import Field, StrictInt

from api.web.schemas import Incoming, Name, Named, Outgoing


class ReasonOut(Named):
    """Why agents may pause."""


class NewReason(Incoming):
    """A reason to be made."""

    name: Name = Field(examples=["Lunch"])


class ReasonList(Outgoing):
    """All reasons, in the order in which they are shown."""

    items: Sequence[ReasonOut]


class LevelIn(Incoming):
    """How well something is known, or must be: 1 to 10, or 0 for not at all."""

    level: StrictInt = Field(examples=[7], json_schema_extra={"minimum": 0, "maximum": 10})


class KnownSkillOut(Outgoing):
    """How well an agent knows something."""

    skill_id: UUID
    skill: str
    user_id: UUID
    name: str
    level: int


class SkillList(Outgoing):
    """What agents may know, and who knows it."""

    items: Sequence[Named]
    agents: Sequence[KnownSkillOut]

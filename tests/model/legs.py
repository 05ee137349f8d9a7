"""What an Asterisk in memory has, and what it tells."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Leg:
    """A channel. One that is `up` has been answered, and only then is it under our control, or if it called us."""

    id: str
    endpoint: str
    up: bool = False
    ours: bool = False
    """Whether we rang it; else it called us."""
    music: bool = False
    muted: bool = False
    rings: bool = False
    refused: bool = False
    """Whether Asterisk goes on alone with it, to say why nothing is dialled."""
    bridge: str | None = None
    playing: list[str] = field(default_factory=list)
    listens_to: str | None = None
    arguments: str = ""
    number: str = ""
    rings_until: datetime | None = None
    """When Asterisk ends a ring that nobody answers."""

    @property
    def is_controlled(self) -> bool:
        """Whether it is in our application."""
        return (self.up or not self.ours) and not self.refused

    @property
    def hears_something(self) -> bool:
        """Whether the party hears music, speech, a ringing tone or somebody."""
        return self.music or bool(self.playing) or self.bridge is not None or self.rings


@dataclass(frozen=True)
class Gone:
    """A channel is no longer there."""

    channel: str
    cause: int


@dataclass(frozen=True)
class Answered:
    """A channel that we rang was answered."""

    channel: str


@dataclass(frozen=True)
class Rings:
    """The phone of somebody outside rings."""

    channel: str


@dataclass(frozen=True)
class Pressed:
    """A party pressed a key."""

    channel: str
    digit: str


@dataclass(frozen=True)
class Played:
    """A playback is over."""

    playback: str


@dataclass(frozen=True)
class Recorded:
    """A recording is closed."""

    name: str


Event = Gone | Answered | Rings | Pressed | Played | Recorded

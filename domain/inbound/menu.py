from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Menu:
    """A choice by key before a queue.

    `prompt` are names of sounds, spoken one after the other, `repeats` times at most. `options` are keys and the queues
    behind them. A caller who presses none within `patience_seconds` goes to `otherwise_queue_id`, or is hung up.
    """

    menu_id: UUID
    name: str
    prompt: tuple[str, ...]
    repeats: int
    patience_seconds: int
    options: tuple[tuple[str, UUID], ...]
    otherwise_queue_id: UUID | None = None

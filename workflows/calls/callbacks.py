"""What a dialog with a caller asks for a callback: whether the number may be called, and to keep the place in line."""

from dataclasses import dataclass
from uuid import UUID

from workflows.core.step import Step


@dataclass(frozen=True)
class CheckNumber:
    """Find out whether a caller may be called back at a number."""

    number: str


@dataclass(frozen=True)
class CheckedNumber:
    """The number in the form in which it is dialled; None when it may not be dialled."""

    number: str | None


@dataclass(frozen=True)
class CallbackOrder:
    """The number to be called back, and the queue that does it."""

    call_id: str
    node: str
    dialled: str
    queue_id: UUID
    number: str
    name: str


@dataclass(frozen=True)
class RequestCallback:
    """Keep the caller's place in line for a callback, and say so."""

    order: CallbackOrder
    customer: str
    count: int


CHECK_NUMBER: Step[CheckNumber, CheckedNumber] = Step("check_number", CheckedNumber)
REQUEST_CALLBACK: Step[RequestCallback, None] = Step("request_callback", type(None))

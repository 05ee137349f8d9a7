"""What the steps know of Temporal: calls can be started and told something."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.calls.arrival import Arrival

PREFIX = "call-"


@dataclass(frozen=True)
class Message:
    """A signal to a call."""

    call_id: str
    name: str
    arguments: tuple[object, ...] = ()


@dataclass(frozen=True)
class ModelHandle:
    """A call's workflow."""

    call_id: str
    client: "ModelClient"

    async def signal(self, signal: Any, arg: object = None, *, args: Sequence[object] = ()) -> None:
        """Puts a message on its way. Raises RPCError when there is no such call, or it is over."""
        if not self.client.is_open(self.call_id):
            raise RPCError("workflow not found", RPCStatusCode.NOT_FOUND, b"")
        name = signal if isinstance(signal, str) else signal.__name__
        arguments = tuple(args) if args else () if arg is None else (arg,)
        self.client.post(Message(self.call_id, name, arguments))


@dataclass(frozen=True)
class ModelClient:
    """The part of temporalio.client.Client that the steps use."""

    is_open: Callable[[str], bool]
    is_known: Callable[[str], bool]
    post: Callable[[Message], None]
    start: Callable[[Arrival], None]

    def get_workflow_handle(self, workflow_id: str, **_: object) -> ModelHandle:
        """A call's workflow by its id."""
        return ModelHandle(workflow_id.removeprefix(PREFIX), self)

    async def start_workflow(self, _workflow: object, arrival: Arrival, *, id: str, **_: object) -> ModelHandle:  # noqa: A002
        """Starts a call's workflow once."""
        if self.is_known(arrival.call_id):
            raise WorkflowAlreadyStartedError(id, "Call")
        self.start(arrival)
        return ModelHandle(arrival.call_id, self)

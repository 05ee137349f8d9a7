"""What an agent asks of a call, put to the workflow that is the call."""

import asyncio
from collections.abc import Awaitable, Iterable
from datetime import timedelta
from typing import Any

import structlog
from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from api.web.errors import RefusedError, UnavailableError
from db.core.errors import HistoryKeysNotReachableError
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.routing.matching import Match
from workflows.calls.updates import Asked
from workflows.calls.workflow import CallWorkflow, task_queue
from workflows.core import timeouts

log = structlog.get_logger(__name__)

_PATIENCE = timedelta(seconds=6)
"""Shorter than the page's, so that the agent reads why."""

_GONE = frozenset({RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION})


class Calls:
    """The calls that go on. What is asked of one raises RefusedError with the reason, or UnavailableError."""

    def __init__(self, temporal: Client) -> None:
        self._temporal = temporal

    async def dial(self, arrival: Arrival) -> None:
        """Starts a manual call."""
        start = self._temporal.start_workflow(
            CallWorkflow.run,
            arrival,
            id=ids.workflow(arrival.call_id),
            task_queue=task_queue(arrival.node),
            task_timeout=timeouts.WORKFLOW_TASK,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            rpc_timeout=_PATIENCE,
        )
        await _asked(arrival.call_id, start)

    async def ask(self, update: Any, call_id: str, asked: Asked, *about: object) -> None:
        """Puts an update of CallWorkflow to the call, which does it or refuses it."""
        handle = self._handle(call_id)
        await _asked(call_id, handle.execute_update(update, args=(asked, *about), rpc_timeout=_PATIENCE))

    async def wake(self, matches: Iterable[Match]) -> None:
        """Tells waiting calls of their agent. A failure is only logged: a waiting call also looks by itself."""
        await asyncio.gather(*(self._wake(match.call_id) for match in matches))

    async def _wake(self, call_id: str) -> None:
        try:
            await self._handle(call_id).signal(CallWorkflow.agent_claimed, rpc_timeout=_PATIENCE)
        except (RPCError, RuntimeError) as error:
            log.warning("call not woken", call_id=call_id, error=str(error))

    def _handle(self, call_id: str) -> WorkflowHandle[CallWorkflow, None]:
        return self._temporal.get_workflow_handle_for(CallWorkflow.run, ids.workflow(call_id))


async def _asked(call_id: str, update: Awaitable[object]) -> None:
    try:
        await update
    except WorkflowUpdateFailedError as error:
        reason = error.cause.message if isinstance(error.cause, ApplicationError) else "The call did not allow it."
        raise RefusedError(reason) from error
    except WorkflowUpdateRPCTimeoutOrCancelledError as error:
        raise UnavailableError("The call has not answered yet. It goes on; try again in a moment.") from error
    except RPCError as error:
        if error.status in _GONE:
            raise RefusedError("The call is over.") from error
        log.warning("call not reached", call_id=call_id, error=str(error))
        raise UnavailableError("The call cannot be reached just now. It goes on; try again in a moment.") from error
    except HistoryKeysNotReachableError as error:
        raise UnavailableError("The call cannot be reached just now. It goes on; try again in a moment.") from error
    except RuntimeError as error:
        # The client has never been able to connect.
        log.warning("Temporal not reachable", call_id=call_id, error=str(error))
        raise UnavailableError("The call cannot be reached just now. It goes on; try again in a moment.") from error

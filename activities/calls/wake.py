"""Tells waiting calls that an agent has been claimed for them."""

import asyncio
from collections.abc import Iterable

import structlog
from temporalio.client import Client
from temporalio.service import RPCError

from domain.calls import ids
from domain.routing.matching import Match
from workflows.calls.workflow import CallWorkflow

log = structlog.get_logger(__name__)


async def wake(client: Client, matches: Iterable[Match], *, but: str | None = None) -> None:
    """Signals the call of each match, except `but`, which is the asker's own.

    A signal that fails is only logged: the routing reconciler finds a claim that its call has not confirmed, and
    wakes it again.
    """
    await wake_calls(client, (match.call_id for match in matches if match.call_id != but))


async def wake_calls(client: Client, call_ids: Iterable[str]) -> None:
    """The same for calls by their ids."""
    await asyncio.gather(*(_signal(client, call_id) for call_id in call_ids))


async def _signal(client: Client, call_id: str) -> None:
    try:
        await client.get_workflow_handle(ids.workflow(call_id)).signal(CallWorkflow.agent_claimed)
    except RPCError as error:
        log.warning("call not woken", call_id=call_id, error=str(error))

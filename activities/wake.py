"""Tells waiting calls that an agent has been claimed for them."""

import asyncio
from collections.abc import Iterable

import structlog
from temporalio.client import Client
from temporalio.service import RPCError

from domain import ids
from domain.routing import Match
from workflows.call import CallWorkflow

log = structlog.get_logger(__name__)


async def wake(client: Client, matches: Iterable[Match], *, but: str | None = None) -> None:
    """Signals the call of each match, except `but`, which is the asker's own.

    A signal that fails is only logged: a waiting call also looks for its agent by itself.
    """
    await asyncio.gather(*(_signal(client, match) for match in matches if match.call_id != but))


async def _signal(client: Client, match: Match) -> None:
    try:
        await client.get_workflow_handle(ids.workflow(match.call_id)).signal(CallWorkflow.agent_claimed)
    except RPCError as error:
        log.warning("call not woken", call_id=match.call_id, error=str(error))

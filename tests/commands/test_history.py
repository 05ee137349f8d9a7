"""An administrator at the machine reads what Temporal keeps of a call, and nobody does unnoticed."""

import asyncio
import json
import os
import sys

from sqlalchemy import select

from db.models import AuditEntry
from domain.calls.call import CallStage
from tests.support.centre import Centre
from tests.support.up import ROOT

CALLER = "+12025550147"


async def told(centre: Centre, call_id: str) -> tuple[str, str]:
    """What `everline history` prints, and what it complains of."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "everline", "history", call_id),
        env=os.environ | centre.settings.environment() | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, complaint = await process.communicate()
    return printed.decode(), complaint.decode()


async def test_a_history_is_readable_for_who_has_the_keys_and_the_audit_tells_it(centre: Centre) -> None:
    number = await centre.add_queue([])
    async with centre.customer() as customer:
        await customer.dial(centre.uri(number), caller_name="Cleo", caller_number=CALLER)
        await centre.until_stage(number, CallStage.WAITING)
        await customer.hang_up()
        call_id = (await centre.completed_cdr(number)).call_id
    printed, complaint = await told(centre, call_id)
    events = [json.loads(line) for line in printed.splitlines()]
    assert complaint == ""
    [arrival] = events[0]["workflowExecutionStartedEventAttributes"]["input"]["payloads"]
    assert (arrival["received_number"], arrival["customer_name"]) == (CALLER, "Cleo")
    async with centre.database.read() as session:
        query = select(AuditEntry.origin).where(AuditEntry.action == "history.read", AuditEntry.subject == call_id)
        [origin] = await session.scalars(query)
    assert "account " in str(origin)


async def test_a_call_that_temporal_does_not_know_is_told(centre: Centre) -> None:
    printed, complaint = await told(centre, "no-such-call")
    assert printed == ""
    assert complaint == "everline: Temporal has no call no-such-call, or has forgotten it.\n"

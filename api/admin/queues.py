from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from api.access import Administrator
from api.admin.models import (
    Done,
    ExitIn,
    ExitOut,
    LevelIn,
    Made,
    MembershipIn,
    NewQueueIn,
    QueueDetails,
    QueueList,
    QueueOut,
    QueueRules,
)
from api.portal import ThePortal
from api.problems import Problem
from db import audit, queue_settings, queues
from db.accounts import checked_name
from db.clock import now
from db.queue_settings import Membership
from domain.exits import Exit, Occasion

router = APIRouter(
    prefix="/api/v1/admin/queues",
    tags=["administration"],
    responses={
        403: {"model": Problem, "description": "Administrators only."},
        404: {"model": Problem, "description": "There is no such thing."},
        409: {"model": Problem, "description": "The name is taken, or matters stand in the way."},
    },
)

QueueId = Annotated[UUID, Path(description="The queue's id.")]
UserId = Annotated[UUID, Path(description="The agent's id.")]


@router.get("")
async def list_queues(_: Administrator, portal: ThePortal) -> QueueList:
    """All queues, with their agents and numbers."""
    async with portal.database.read() as session:
        found = await queues.listing(session)
    return QueueList(items=[QueueOut.model_validate(queue) for queue in found])


@router.post("", status_code=201)
async def add_queue(request: NewQueueIn, visitor: Administrator, portal: ThePortal) -> Made:
    """Makes a queue with the usual rules; it has no agents and no number yet."""
    async with portal.database.write() as session:
        name = checked_name(request.name)
        made = await queues.add(session, queues.NewQueue(name), now())
        await audit.note(session, visitor.user_id, "queue.added", name, {}, now())
    return Made(id=made)


@router.get("/{queue_id}")
async def get_queue(queue_id: QueueId, _: Administrator, portal: ThePortal) -> QueueDetails:
    """A queue with all its rules."""
    async with portal.database.read() as session:
        rules = await queue_settings.get(session, queue_id)
        exits = await queue_settings.exits(session, queue_id)
    return QueueDetails(
        queue_id=queue_id, rules=QueueRules(**rules), exits=[ExitOut.model_validate(found) for found in exits]
    )


@router.patch("/{queue_id}")
async def change_queue(queue_id: QueueId, request: QueueRules, visitor: Administrator, portal: ThePortal) -> Done:
    """Changes rules. Calls that wait are served by the new ones at once."""
    changes = request.model_dump(exclude_unset=True)
    async with portal.database.write() as session:
        matches = await queue_settings.change(session, queue_id, changes, visitor.user_id, now())
    await portal.calls.wake(matches)
    return Done()


@router.put("/{queue_id}/exits/{occasion}")
async def set_exit(
    queue_id: QueueId, occasion: Occasion, request: ExitIn, visitor: Administrator, portal: ThePortal
) -> Done:
    """Says where calls go when the queue is closed or full, when they have waited too long, or nobody is there."""
    new = Exit(occasion, request.action, request.target_queue_id, request.message)
    async with portal.database.write() as session:
        await queue_settings.set_exit(session, queue_id, new, visitor.user_id, now())
    return Done()


@router.delete("/{queue_id}/exits/{occasion}")
async def remove_exit(queue_id: QueueId, occasion: Occasion, visitor: Administrator, portal: ThePortal) -> Done:
    """Goes back to what every queue does."""
    async with portal.database.write() as session:
        await queue_settings.remove_exit(session, queue_id, occasion, visitor.user_id, now())
    return Done()


@router.put("/{queue_id}/members/{user_id}")
async def set_member(
    queue_id: QueueId, user_id: UserId, request: MembershipIn, visitor: Administrator, portal: ThePortal
) -> Done:
    """Lets an agent serve the queue, or changes how. Waiting calls may ring the agent at once."""
    async with portal.database.write() as session:
        await queue_settings.add_member(session, queue_id, user_id)
        matches = await queue_settings.set_membership(
            session, queue_id, user_id, Membership(request.penalty, request.position), visitor.user_id, now()
        )
    await portal.calls.wake(matches)
    return Done()


@router.delete("/{queue_id}/members/{user_id}")
async def remove_member(queue_id: QueueId, user_id: UserId, visitor: Administrator, portal: ThePortal) -> Done:
    """Gives the agent no more of the queue's calls; a call in progress goes on."""
    async with portal.database.write() as session:
        await queue_settings.remove_member(session, queue_id, user_id, visitor.user_id, now())
    return Done()


@router.put("/{queue_id}/skills/{skill_id}")
async def set_skill(
    queue_id: QueueId, skill_id: UUID, request: LevelIn, visitor: Administrator, portal: ThePortal
) -> Done:
    """Says how well agents must know something for the queue's new calls."""
    async with portal.database.write() as session:
        matches = await queue_settings.set_skill(session, queue_id, skill_id, request.level, visitor.user_id, now())
    await portal.calls.wake(matches)
    return Done()

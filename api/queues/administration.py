from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from api.access.visitors import ManagesQueues, SeesAllQueues
from api.agents.schemas import LevelIn
from api.portal import ThePortal
from api.queues.schemas import (
    ExitIn,
    ExitOut,
    MemberOut,
    MembershipIn,
    NewQueueIn,
    QueueChanges,
    QueueDetails,
    QueueList,
    QueueOut,
    QueueRules,
    WantedSkillOut,
)
from api.web.schemas import Done, Made
from db.core.clock import now
from db.queues import memberships, queue_exits, queue_removal, queue_settings, queue_skills, queues
from db.queues.memberships import Membership
from domain.queues.exits import Exit, Occasion

router = APIRouter(prefix="/api/v1/admin/queues", tags=["administration"])

QueueId = Annotated[UUID, Path(description="The queue's id.")]
OnOccasion = Annotated[Occasion, Path(description="When calls leave the queue by this exit.")]
SkillId = Annotated[UUID, Path(description="The skill's id.")]
UserId = Annotated[UUID, Path(description="The agent's id.")]


@router.get("")
async def list_queues(_: SeesAllQueues, portal: ThePortal) -> QueueList:
    """All queues, with their agents and numbers. Supervisors may read them, too."""
    async with portal.database.read() as session:
        found = await queues.listing(session)
    return QueueList(items=[QueueOut.model_validate(queue) for queue in found])


@router.post("", status_code=201)
async def add_queue(request: NewQueueIn, visitor: ManagesQueues, portal: ThePortal) -> Made:
    """Makes a queue with the usual rules; it has no agents and no number yet."""
    new = queues.checked(queues.NewQueue(request.name))
    async with portal.database.write() as session:
        return Made(id=await queues.add(session, new, now(), visitor.user_id))


@router.get("/{queue_id}")
async def get_queue(queue_id: QueueId, _: SeesAllQueues, portal: ThePortal) -> QueueDetails:
    """A queue with all its rules, agents and skills. Supervisors may read it, too."""
    async with portal.database.read() as session:
        rules = await queue_settings.get(session, queue_id)
        return QueueDetails(
            queue_id=queue_id,
            name=await queues.name_of(session, queue_id),
            rules=QueueRules(**rules),
            exits=[ExitOut.model_validate(found) for found in await queue_exits.listing(session, queue_id)],
            members=[MemberOut.model_validate(member) for member in await memberships.of_queue(session, queue_id)],
            skills=[WantedSkillOut.model_validate(skill) for skill in await queue_skills.listing(session, queue_id)],
        )


@router.patch("/{queue_id}")
async def change_queue(queue_id: QueueId, request: QueueChanges, visitor: ManagesQueues, portal: ThePortal) -> Done:
    """Changes rules. Calls that wait are served by the new ones at once."""
    changes = request.model_dump(exclude_unset=True)
    async with portal.database.write() as session:
        matches = await queue_settings.change(session, queue_id, changes, visitor.user_id, now())
    await portal.calls.wake(matches)
    return Done()


@router.delete("/{queue_id}")
async def remove_queue(queue_id: QueueId, visitor: ManagesQueues, portal: ThePortal) -> Done:
    """Takes a queue away that nothing leads to and nobody is in. Its heard voicemails go with it, call records stay."""
    async with portal.database.write() as session:
        await queue_removal.remove(session, queue_id, visitor.user_id, now())
    return Done()


@router.put("/{queue_id}/exits/{occasion}")
async def set_exit(
    queue_id: QueueId, occasion: OnOccasion, request: ExitIn, visitor: ManagesQueues, portal: ThePortal
) -> Done:
    """Says where calls go when the queue is closed or full, when they have waited too long, or nobody is there."""
    new = Exit(occasion, request.action, request.target_queue_id, request.message)
    async with portal.database.write() as session:
        await queue_exits.put(session, queue_id, new, visitor.user_id, now())
    return Done()


@router.delete("/{queue_id}/exits/{occasion}")
async def remove_exit(queue_id: QueueId, occasion: OnOccasion, visitor: ManagesQueues, portal: ThePortal) -> Done:
    """Goes back to what every queue does."""
    async with portal.database.write() as session:
        await queue_exits.remove(session, queue_id, occasion, visitor.user_id, now())
    return Done()


@router.put("/{queue_id}/members/{user_id}")
async def set_member(
    queue_id: QueueId, user_id: UserId, request: MembershipIn, visitor: ManagesQueues, portal: ThePortal
) -> Done:
    """Lets an agent serve the queue, or changes how. Waiting calls may ring the agent at once."""
    async with portal.database.write() as session:
        new = Membership(request.penalty, request.position)
        matches = await memberships.put(session, queue_id, user_id, new, visitor.user_id, now())
    await portal.calls.wake(matches)
    return Done()


@router.delete("/{queue_id}/members/{user_id}")
async def remove_member(queue_id: QueueId, user_id: UserId, visitor: ManagesQueues, portal: ThePortal) -> Done:
    """Gives the agent no more of the queue's calls; a call in progress goes on."""
    async with portal.database.write() as session:
        await memberships.remove(session, queue_id, user_id, visitor.user_id, now())
    return Done()


@router.put("/{queue_id}/skills/{skill_id}")
async def set_skill(
    queue_id: QueueId, skill_id: SkillId, request: LevelIn, visitor: ManagesQueues, portal: ThePortal
) -> Done:
    """Says how well agents must know something for the queue's calls, also for those that wait already."""
    async with portal.database.write() as session:
        matches = await queue_skills.put(session, queue_id, skill_id, request.level, visitor.user_id, now())
    await portal.calls.wake(matches)
    return Done()

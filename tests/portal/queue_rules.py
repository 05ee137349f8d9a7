"""Queues of portal tests, given rules straight in the database."""

from uuid import UUID

from sqlalchemy import select, update

from db.models import Number, Queue, WrapUpCode
from domain.calls import ids
from tests.support.centre import Centre


async def queue_of(centre: Centre, number: str) -> UUID:
    """The queue that a number leads to."""
    async with centre.database.read() as session:
        queue_id = await session.scalar(select(Number.queue_id).where(Number.number == number))
    assert queue_id is not None
    return queue_id


async def set_rules(centre: Centre, number: str, **rules: object) -> None:
    """Changes columns of the queue that a number leads to."""
    queue_id = await queue_of(centre, number)
    async with centre.database.write() as session:
        await session.execute(update(Queue).where(Queue.id == queue_id).values(**rules))


async def add_codes(centre: Centre, number: str, *names: str) -> None:
    """Outcomes for the queue's calls, with the keys from 1."""
    queue_id = await queue_of(centre, number)
    async with centre.database.write() as session:
        session.add_all(
            WrapUpCode(id=ids.uuid7(), name=name, key=str(at), position=at, queue_id=queue_id)
            for at, name in enumerate(names, 1)
        )

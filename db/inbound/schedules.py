"""Opening hours and holidays."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from functools import cache
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from db.audit import audit
from db.core.engine import AnySession, WriteSession
from db.core.errors import AlreadyTakenError, NotAllowedNowError, NotFoundError, UnusableValueError
from db.core.notices import Notice, publish
from db.core.texts import checked_name, known, listed
from db.core.unique import or_taken
from db.models import Holiday, OpeningHours, Queue, Schedule
from domain.calls import ids
from domain.events.notice import NoticeKind
from domain.inbound import hours

_DAYS = 7


@dataclass(frozen=True)
class WeekdaySpan:
    """Open on a weekday (Monday is 0); a span that closes no later than it opens goes on into the next day."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True)
class SpecialDay:
    """A day with hours of its own, or closed when it has none."""

    day: date
    name: str
    opens: time | None = None
    closes: time | None = None


@dataclass(frozen=True)
class Hours:
    """A whole schedule."""

    name: str
    time_zone: str
    week: tuple[WeekdaySpan, ...] = ()
    holidays: tuple[SpecialDay, ...] = ()


async def find_for_queue(session: AnySession, queue_id: UUID) -> hours.Schedule | None:
    """When a queue is open; None when it always is."""
    found = await session.scalar(
        select(Schedule).join(Queue, Queue.schedule_id == Schedule.id).where(Queue.id == queue_id),
    )
    return _plain(await _read(session, found)) if found else None


async def listing(session: AnySession) -> Sequence[tuple[UUID, Hours]]:
    """All schedules with their ids, by name."""
    found = await session.scalars(select(Schedule).order_by(func.lower(Schedule.name)))
    return [(schedule.id, await _read(session, schedule)) for schedule in found.all()]


async def named(session: AnySession, name: str) -> tuple[UUID, Hours]:
    """The schedule of that name. Raises NotFoundError, which names the ones there are."""
    found = await session.scalar(select(Schedule).where(func.lower(Schedule.name) == name.lower()))
    if found is None:
        names = [hours.name for _, hours in await listing(session)]
        raise NotFoundError(f"There are no opening hours {name}. {known('opening hours', names)}")
    return found.id, await _read(session, found)


async def hold(session: WriteSession, name: str) -> tuple[UUID, Hours]:
    """As `named`, and nobody else changes it until the transaction ends."""
    schedule_id, _ = await named(session, name)
    await session.get(Schedule, schedule_id, with_for_update=True, populate_existing=True)
    return await named(session, name)


async def add(session: WriteSession, new: Hours, by: UUID | None, now: datetime) -> UUID:
    """Makes a schedule. Raises AlreadyTakenError and UnusableValueError."""
    name = _checked(new)
    made: UUID | None = await session.scalar(
        insert(Schedule)
        .values(id=ids.uuid7(), name=name, time_zone=new.time_zone)
        .on_conflict_do_nothing()
        .returning(Schedule.id),
    )
    if made is None:
        raise AlreadyTakenError(_taken(name))
    await _fill(session, made, new)
    await audit.note(session, by, "schedule.added", str(made), _facts(name, new), now)
    publish(session, Notice(NoticeKind.SCHEDULE_CHANGED))
    return made


async def replace(session: WriteSession, schedule_id: UUID, new: Hours, by: UUID | None, now: datetime) -> None:
    """Puts new hours in the place of old ones, for every queue that has them. Raises NotFoundError and the others."""
    name = _checked(new)
    schedule = await session.get(Schedule, schedule_id, with_for_update=True)
    if schedule is None:
        raise NotFoundError("There are no such opening hours.")
    async with or_taken(session, _taken(name)):
        schedule.name, schedule.time_zone = name, new.time_zone
        await session.flush()
    await session.execute(delete(OpeningHours).where(OpeningHours.schedule_id == schedule_id))
    await session.execute(delete(Holiday).where(Holiday.schedule_id == schedule_id))
    await _fill(session, schedule_id, new)
    await audit.note(session, by, "schedule.replaced", str(schedule_id), _facts(name, new), now)
    publish(session, Notice(NoticeKind.SCHEDULE_CHANGED))


async def remove(session: WriteSession, schedule_id: UUID, by: UUID | None, now: datetime) -> None:
    """Forgets opening hours. Raises NotFoundError, and NotAllowedNowError while a queue has them."""
    schedule = await session.get(Schedule, schedule_id, with_for_update=True)
    if schedule is None:
        raise NotFoundError("There are no such opening hours.")
    queues = await session.scalars(select(Queue.name).where(Queue.schedule_id == schedule_id).order_by(Queue.name))
    names = queues.all()
    if names:
        raise NotAllowedNowError(f"These queues have {schedule.name}: {listed(names)}. Give them other hours first.")
    await session.delete(schedule)
    await audit.note(session, by, "schedule.removed", str(schedule_id), {"name": schedule.name}, now)
    publish(session, Notice(NoticeKind.SCHEDULE_CHANGED))


async def _fill(session: WriteSession, schedule_id: UUID, new: Hours) -> None:
    session.add_all(OpeningHours(id=ids.uuid7(), schedule_id=schedule_id, **asdict(span)) for span in new.week)
    session.add_all(Holiday(schedule_id=schedule_id, **asdict(day)) for day in new.holidays)
    await session.flush()


def _taken(name: str) -> str:
    return f"There are opening hours named {name} already. Choose another name."


def _facts(name: str, new: Hours) -> dict[str, object]:
    return {"name": name, "time_zone": new.time_zone, "spans": len(new.week), "holidays": len(new.holidays)}


# Finding them takes a walk through the files of the time zone database.
_zones = cache(available_timezones)


def _checked(new: Hours) -> str:
    if new.time_zone not in _zones():
        raise UnusableValueError("There is no such time zone; Europe/Berlin would be one.")
    clocks = [clock for span in new.week for clock in (span.opens, span.closes)]
    clocks += [clock for day in new.holidays for clock in (day.opens, day.closes) if clock is not None]
    if any(clock.tzinfo is not None for clock in clocks):
        raise UnusableValueError("Times are those of the clock on the wall there: write them without an offset.")
    if any(not 0 <= span.weekday < _DAYS for span in new.week):
        raise UnusableValueError("A weekday is 0, Monday, to 6, Sunday.")
    if any((day.opens is None) is not (day.closes is None) for day in new.holidays):
        raise UnusableValueError("A holiday opens and closes, or is closed all day.")
    if len({day.day for day in new.holidays}) < len(new.holidays):
        raise UnusableValueError("A holiday is named once.")
    for day in new.holidays:
        checked_name(day.name, "a holiday")
    return checked_name(new.name, "opening hours")


async def _read(session: AnySession, schedule: Schedule) -> Hours:
    spans = await session.scalars(
        select(OpeningHours)
        .where(OpeningHours.schedule_id == schedule.id)
        .order_by(OpeningHours.weekday, OpeningHours.opens),
    )
    days = await session.scalars(select(Holiday).where(Holiday.schedule_id == schedule.id).order_by(Holiday.day))
    return Hours(
        schedule.name,
        schedule.time_zone,
        tuple(WeekdaySpan(span.weekday, span.opens, span.closes) for span in spans),
        tuple(SpecialDay(day.day, day.name, day.opens, day.closes) for day in days),
    )


def _plain(found: Hours) -> hours.Schedule:
    week: dict[int, tuple[hours.Span, ...]] = {}
    for span in found.week:
        week[span.weekday] = (*week.get(span.weekday, ()), hours.Span(span.opens, span.closes))
    holidays = {
        day.day: (hours.Span(day.opens, day.closes),) if day.opens is not None and day.closes is not None else ()
        for day in found.holidays
    }
    return hours.Schedule(found.time_zone, week, holidays)

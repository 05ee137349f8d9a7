"""What callers meet first: numbers, menus and opening hours."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import Field, StringConstraints

from api.access import Administrator
from api.admin.models import Done, Incoming, Made, Name, Outgoing
from api.portal import ThePortal
from api.problems import Problem
from db import audit, lines, menus, queues, schedules
from db.clock import now
from db.menus import NewMenu
from db.schedules import Hours, SpecialDay, WeekdaySpan
from domain.menu import Menu

router = APIRouter(
    prefix="/api/v1/admin",
    tags=["administration"],
    responses={
        403: {"model": Problem, "description": "Administrators only."},
        404: {"model": Problem, "description": "There is no such thing."},
        409: {"model": Problem, "description": "The name or the number is taken."},
    },
)

_MOST = 400


class SpanModel(Incoming):
    """Open on a weekday, Monday is 0. A span that closes no later than it opens goes on into the next day."""

    weekday: int
    opens: time
    closes: time


class HolidayModel(Incoming):
    """A day with hours of its own, or closed all day when it has none."""

    day: date
    name: Name
    opens: time | None = None
    closes: time | None = None


class HoursModel(Incoming):
    """Opening hours as a whole."""

    name: Name
    time_zone: Annotated[str, StringConstraints(max_length=80)]
    """By its name in the IANA database, such as Europe/Berlin."""
    week: Annotated[Sequence[SpanModel], Field(max_length=_MOST)] = ()
    holidays: Annotated[Sequence[HolidayModel], Field(max_length=_MOST)] = ()

    def plain(self) -> Hours:
        """The same for the service."""
        return Hours(
            self.name,
            self.time_zone,
            tuple(WeekdaySpan(span.weekday, span.opens, span.closes) for span in self.week),
            tuple(SpecialDay(one.day, one.name, one.opens, one.closes) for one in self.holidays),
        )


class HoursOut(Outgoing):
    """Opening hours with their id."""

    id: UUID
    hours: HoursModel


class HoursList(Outgoing):
    """All opening hours, by name."""

    items: Sequence[HoursOut]


class MenuModel(Incoming):
    """A choice by key before a queue."""

    name: Name
    prompt: Annotated[Sequence[str], Field(max_length=_MOST)]
    """Names of Asterisk's sounds, spoken one after the other."""
    options: Mapping[str, UUID]
    """The queue behind each key."""
    repeats: int = 3
    patience_seconds: int = 6
    otherwise_queue_id: UUID | None = None
    """Where those go who press none of the keys; without it they are hung up."""

    def plain(self) -> NewMenu:
        """The same for the service."""
        return NewMenu(
            self.name,
            tuple(self.prompt),
            tuple(self.options.items()),
            self.repeats,
            self.patience_seconds,
            self.otherwise_queue_id,
        )


class MenuOut(Outgoing):
    """A menu with its id."""

    id: UUID
    menu: MenuModel


class MenuList(Outgoing):
    """All menus, by name."""

    items: Sequence[MenuOut]


class NewNumber(Incoming):
    """Where a dialled number leads: to a queue or to a menu."""

    number: Annotated[str, StringConstraints(max_length=40)]
    queue_id: UUID | None = None
    menu_id: UUID | None = None
    priority: int = 50
    """1 to 99; calls of a higher priority are served first."""


class NumberOut(Outgoing):
    """A number that callers dial."""

    number: str
    leads_to: str
    is_menu: bool
    priority: int


class NumberList(Outgoing):
    """All numbers, in order."""

    items: Sequence[NumberOut]


@router.get("/schedules")
async def list_schedules(_: Administrator, portal: ThePortal) -> HoursList:
    """Opening hours and holidays."""
    async with portal.database.read() as session:
        found = await schedules.listing(session)
    return HoursList(items=[HoursOut(id=key, hours=HoursModel.model_validate(hours)) for key, hours in found])


@router.post("/schedules", status_code=201)
async def add_schedule(request: HoursModel, visitor: Administrator, portal: ThePortal) -> Made:
    """Makes opening hours; a queue has them by its rule `schedule_id`."""
    async with portal.database.write() as session:
        return Made(id=await schedules.add(session, request.plain(), visitor.user_id, now()))


@router.put("/schedules/{schedule_id}")
async def replace_schedule(schedule_id: UUID, request: HoursModel, visitor: Administrator, portal: ThePortal) -> Done:
    """Puts new hours in the place of old ones, for every queue that has them, from the next call on."""
    async with portal.database.write() as session:
        await schedules.replace(session, schedule_id, request.plain(), visitor.user_id, now())
    return Done()


@router.get("/menus")
async def list_menus(_: Administrator, portal: ThePortal) -> MenuList:
    """Choices by key before a queue."""
    async with portal.database.read() as session:
        found = await menus.listing(session)
    return MenuList(items=[MenuOut(id=menu.menu_id, menu=_model(menu)) for menu in found])


@router.post("/menus", status_code=201)
async def add_menu(request: MenuModel, visitor: Administrator, portal: ThePortal) -> Made:
    """Makes a menu; a number leads to it."""
    async with portal.database.write() as session:
        return Made(id=await menus.add(session, request.plain(), visitor.user_id, now()))


@router.put("/menus/{menu_id}")
async def replace_menu(menu_id: UUID, request: MenuModel, visitor: Administrator, portal: ThePortal) -> Done:
    """Puts a new menu in the place of an old one; the next caller hears it."""
    async with portal.database.write() as session:
        await menus.replace(session, menu_id, request.plain(), visitor.user_id, now())
    return Done()


@router.get("/numbers")
async def list_numbers(_: Administrator, portal: ThePortal) -> NumberList:
    """Where dialled numbers lead."""
    async with portal.database.read() as session:
        found = await queues.numbers(session)
    return NumberList(items=[NumberOut.model_validate(number) for number in found])


@router.post("/numbers", status_code=201)
async def add_number(request: NewNumber, visitor: Administrator, portal: ThePortal) -> Done:
    """Leads a number to a queue or to a menu."""
    number = lines.checked_dialled(request.number)
    async with portal.database.write() as session:
        await queues.add_number(session, number, request.queue_id, menu_id=request.menu_id, priority=request.priority)
        await audit.note(session, visitor.user_id, "number.added", number, {"priority": request.priority}, now())
    return Done()


@router.delete("/numbers/{number}")
async def remove_number(number: Annotated[str, Path(max_length=40)], visitor: Administrator, portal: ThePortal) -> Done:
    """Leads a number nowhere; calls that are there go on."""
    async with portal.database.write() as session:
        await queues.remove_number(session, number)
        await audit.note(session, visitor.user_id, "number.removed", number, {}, now())
    return Done()


def _model(menu: Menu) -> MenuModel:
    return MenuModel(
        name=menu.name,
        prompt=menu.prompt,
        options=dict(menu.options),
        repeats=menu.repeats,
        patience_seconds=menu.patience_seconds,
        otherwise_queue_id=menu.otherwise_queue_id,
    )

"""What callers meet first: numbers, menus and opening hours."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from api.access.visitors import ManagesNumbers
from api.inbound.schemas import (
    DestinationIn,
    HoursList,
    HoursModel,
    HoursOut,
    MenuList,
    MenuModel,
    MenuOut,
    NewNumber,
    NumberList,
    NumberOut,
)
from api.openapi.refusals import MISSING, told
from api.portal import ThePortal
from api.web.schemas import Done, Made
from db.core.clock import now
from db.inbound import menus, numbers, schedules

router = APIRouter(prefix="/api/v1/admin", tags=["administration"])

ScheduleId = Annotated[UUID, Path(description="The id of the opening hours.")]
MenuId = Annotated[UUID, Path(description="The menu's id.")]
DialledNumber = Annotated[str, Path(description="The number, as it is listed.", max_length=40)]


@router.get("/schedules")
async def list_schedules(_: ManagesNumbers, portal: ThePortal) -> HoursList:
    """Opening hours and holidays."""
    async with portal.database.read() as session:
        found = await schedules.listing(session)
    return HoursList(items=[HoursOut(id=key, hours=HoursModel.model_validate(hours)) for key, hours in found])


@router.post("/schedules", status_code=201)
async def add_schedule(request: HoursModel, visitor: ManagesNumbers, portal: ThePortal) -> Made:
    """Makes opening hours; a queue has them by its rule `schedule_id`."""
    async with portal.database.write() as session:
        return Made(id=await schedules.add(session, request.plain(), visitor.user_id, now()))


@router.put("/schedules/{schedule_id}")
async def replace_schedule(
    schedule_id: ScheduleId, request: HoursModel, visitor: ManagesNumbers, portal: ThePortal
) -> Done:
    """Puts new hours in the place of old ones, for every queue that has them, from the next call on."""
    async with portal.database.write() as session:
        await schedules.replace(session, schedule_id, request.plain(), visitor.user_id, now())
    return Done()


@router.delete("/schedules/{schedule_id}")
async def remove_schedule(schedule_id: ScheduleId, visitor: ManagesNumbers, portal: ThePortal) -> Done:
    """Forgets opening hours that no queue has."""
    async with portal.database.write() as session:
        await schedules.remove(session, schedule_id, visitor.user_id, now())
    return Done()


@router.get("/menus")
async def list_menus(_: ManagesNumbers, portal: ThePortal) -> MenuList:
    """Choices by key before a queue."""
    async with portal.database.read() as session:
        found = await menus.listing(session)
    return MenuList(items=[MenuOut.of(menu) for menu in found])


@router.post("/menus", status_code=201, responses=told(MISSING))
async def add_menu(request: MenuModel, visitor: ManagesNumbers, portal: ThePortal) -> Made:
    """Makes a menu; a number leads to it."""
    async with portal.database.write() as session:
        return Made(id=await menus.add(session, request.plain(), visitor.user_id, now()))


@router.put("/menus/{menu_id}")
async def replace_menu(menu_id: MenuId, request: MenuModel, visitor: ManagesNumbers, portal: ThePortal) -> Done:
    """Puts a new menu in the place of an old one; the next caller hears it."""
    async with portal.database.write() as session:
        await menus.replace(session, menu_id, request.plain(), visitor.user_id, now())
    return Done()


@router.delete("/menus/{menu_id}")
async def remove_menu(menu_id: MenuId, visitor: ManagesNumbers, portal: ThePortal) -> Done:
    """Takes a menu away that no number leads to; callers who hear it go on."""
    async with portal.database.write() as session:
        await menus.remove(session, menu_id, visitor.user_id, now())
    return Done()


@router.get("/numbers")
async def list_numbers(_: ManagesNumbers, portal: ThePortal) -> NumberList:
    """Where dialled numbers lead."""
    async with portal.database.read() as session:
        found = await numbers.listing(session)
    return NumberList(items=[NumberOut.model_validate(number) for number in found])


@router.post("/numbers", status_code=201, responses=told(MISSING))
async def add_number(request: NewNumber, visitor: ManagesNumbers, portal: ThePortal) -> Done:
    """Leads a number to a queue or to a menu."""
    async with portal.database.write() as session:
        await numbers.add(session, request.number, request.plain(), visitor.user_id, now())
    return Done()


@router.put("/numbers/{number}")
async def lead_number(
    number: DialledNumber, request: DestinationIn, visitor: ManagesNumbers, portal: ThePortal
) -> Done:
    """Leads a number elsewhere, from the next call on."""
    async with portal.database.write() as session:
        await numbers.lead(session, number, request.plain(), visitor.user_id, now())
    return Done()


@router.delete("/numbers/{number}")
async def remove_number(number: DialledNumber, visitor: ManagesNumbers, portal: ThePortal) -> Done:
    """Leads a number nowhere; calls that are there go on."""
    async with portal.database.write() as session:
        await numbers.remove(session, number, visitor.user_id, now())
    return Done()

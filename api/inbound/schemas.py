"""What administrators send and read of numbers, menus and opening hours."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StrictInt, StringConstraints

from api.web.schemas import Incoming, Name, Outgoing
from db.inbound.menus import NewMenu
from db.inbound.numbers import Destination
from db.inbound.schedules import Hours, SpecialDay, WeekdaySpan
from domain.inbound.menu import Menu
from domain.routing.matching import USUAL_PRIORITY

_MOST = 400


class SpanModel(Incoming):
    """Open on a weekday, Monday is 0. A span that closes no later than it opens goes on into the next day."""

    weekday: StrictInt = Field(json_schema_extra={"minimum": 0, "maximum": 6})
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
    time_zone: Annotated[str, StringConstraints(max_length=80)] = Field(examples=["Europe/Berlin"])
    """By its name in the IANA database."""
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
    prompt: Annotated[Sequence[str], Field(max_length=_MOST)] = Field(examples=[["hello", "vm-press", "digits/1"]])
    """Names of Asterisk's sounds, spoken one after the other."""
    options: Mapping[str, UUID]
    """The queue behind each key."""
    repeats: StrictInt = Field(default=3, json_schema_extra={"minimum": 1, "maximum": 10})
    patience_seconds: StrictInt = Field(default=6, json_schema_extra={"minimum": 1, "maximum": 60})
    """How long the menu waits for a key after it has been spoken."""
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

    @classmethod
    def of(cls, menu: Menu) -> Self:
        """The same for the answer."""
        shown = MenuModel(
            name=menu.name,
            prompt=menu.prompt,
            options=dict(menu.options),
            repeats=menu.repeats,
            patience_seconds=menu.patience_seconds,
            otherwise_queue_id=menu.otherwise_queue_id,
        )
        return cls(id=menu.menu_id, menu=shown)


class MenuList(Outgoing):
    """All menus, by name."""

    items: Sequence[MenuOut]


class DestinationIn(Incoming):
    """Where a dialled number leads: to a queue or to a menu."""

    queue_id: UUID | None = None
    menu_id: UUID | None = None
    priority: StrictInt = Field(default=USUAL_PRIORITY, json_schema_extra={"minimum": 1, "maximum": 99})
    """1 to 99; calls of a higher priority are served first."""

    def plain(self) -> Destination:
        """The same for the service."""
        return Destination(self.queue_id, self.menu_id, self.priority)


class NewNumber(DestinationIn):
    """A number that callers dial, and where it leads: to a queue or to a menu."""

    number: Annotated[str, StringConstraints(max_length=40)] = Field(examples=["+49 30 5550100"])


class NumberOut(Outgoing):
    """A number that callers dial."""

    number: str
    leads_to: str
    """The name of the queue or of the menu."""
    is_menu: bool
    priority: int
    queue_id: UUID | None
    menu_id: UUID | None


class NumberList(Outgoing):
    """All numbers, in order."""

    items: Sequence[NumberOut]

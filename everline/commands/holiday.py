"""Holidays: days on which opening hours are others, or none."""

from dataclasses import replace
from typing import Annotated

import typer

from db.core.clock import now
from db.core.engine import ReadSession, WriteSession
from db.inbound import schedules
from db.inbound.schedules import Hours, SpecialDay
from everline import week
from everline.terminal import CommandError, changing, columns, reading

app = typer.Typer(name="holiday", no_args_is_help=True, help=__doc__)

_Hours = Annotated[str, typer.Argument(metavar="HOURS", help="Name of the opening hours.")]
_Day = Annotated[str, typer.Argument(metavar="DAY", help="The day, for example 2026-12-25.")]


@app.command()
def add(
    hours: _Hours,
    day: _Day,
    name: Annotated[str, typer.Argument(help="What the day is, for example Christmas.")],
    times: Annotated[str | None, typer.Option("--open", help="When it is open all the same: 09:00-12:00.")] = None,
) -> None:
    """Close a day, or give it hours of its own."""
    opens, closes = week.span(times) if times else (None, None)
    new = SpecialDay(week.day(day), name, opens, closes)

    async def work(session: WriteSession) -> None:
        schedule_id, there = await schedules.hold(session, hours)
        others = tuple(one for one in there.holidays if one.day != new.day)
        await schedules.replace(session, schedule_id, replace(there, holidays=(*others, new)), None, now())

    changing(work)
    typer.echo(f"{hours} on {new.day.isoformat()}, {name}: {week.shown_day(new)}.")


@app.command()
def remove(hours: _Hours, day: _Day) -> None:
    """Let a day be like every other."""
    wanted = week.day(day)

    async def work(session: WriteSession) -> None:
        schedule_id, there = await schedules.hold(session, hours)
        others = tuple(one for one in there.holidays if one.day != wanted)
        if len(others) == len(there.holidays):
            raise CommandError(f"{wanted.isoformat()} is no holiday of {there.name}.")
        await schedules.replace(session, schedule_id, replace(there, holidays=others), None, now())

    changing(work)
    typer.echo(f"{wanted.isoformat()} is a day of {hours} like every other.")


@app.command(name="list")
def list_holidays(hours: _Hours) -> None:
    """List the holidays of opening hours."""

    async def work(session: ReadSession) -> Hours:
        return (await schedules.named(session, hours))[1]

    columns(
        ("DAY", "NAME", "OPEN"),
        [(one.day.isoformat(), one.name, week.shown_day(one)) for one in reading(work).holidays],
        empty=f"{hours} has no holidays. Add one with: everline holiday add {hours!r} 2026-12-25 Christmas",
    )

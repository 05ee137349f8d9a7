"""Opening hours: when queues take calls."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

import typer

from db.core.clock import now
from db.core.engine import ReadSession, WriteSession
from db.inbound import schedules
from db.inbound.schedules import Hours, WeekdaySpan
from everline import week
from everline.settings import read_settings
from everline.terminal import changing, columns, facts, reading

app = typer.Typer(name="hours", no_args_is_help=True, help=__doc__)

_Name = Annotated[str, typer.Argument(metavar="HOURS", help="Name of the opening hours, for example Office.")]
_Days = Annotated[str, typer.Argument(metavar="DAYS", help="Days of the week, for example mon-fri or sat,sun.")]
_Zone = Annotated[str | None, typer.Option(help="Time zone, for example Europe/Berlin.")]


@app.command()
def add(name: _Name, zone: _Zone = None) -> None:
    """Make opening hours, closed all week; without a zone they are in the centre's."""
    new = Hours(name, zone or read_settings().time_zone)

    async def work(session: WriteSession) -> None:
        await schedules.add(session, new, None, now())

    changing(work)
    typer.echo(f"{name} is there, in {new.time_zone}. Next: everline hours open {name!r} mon-fri 09:00-17:00")


@app.command(name="open")
def open_days(
    name: _Name,
    days: _Days,
    times: Annotated[list[str], typer.Argument(metavar="TIMES...", help="For example 09:00-12:00 13:00-17:00.")],
) -> None:
    """Say when these days are open, in place of what they were. A span may go on into the next day: 22:00-06:00."""
    wanted, spans = week.weekdays(days), [week.span(text) for text in times]
    new = tuple(WeekdaySpan(at, opens, closes) for at in wanted for opens, closes in spans)
    _change(name, lambda hours: replace(hours, week=(*_without(hours, wanted), *new)))


@app.command(name="close")
def close_days(name: _Name, days: _Days) -> None:
    """Close these days."""
    wanted = week.weekdays(days)
    _change(name, lambda hours: replace(hours, week=tuple(_without(hours, wanted))))


@app.command(name="set")
def change(
    name: _Name,
    zone: _Zone = None,
    rename: Annotated[str | None, typer.Option(help="Another name.")] = None,
) -> None:
    """Change the time zone or the name."""
    _change(name, lambda hours: replace(hours, name=rename or hours.name, time_zone=zone or hours.time_zone))


@app.command()
def remove(name: _Name) -> None:
    """Forget opening hours that no queue has."""

    async def work(session: WriteSession) -> None:
        schedule_id, _ = await schedules.hold(session, name)
        await schedules.remove(session, schedule_id, None, now())

    changing(work)
    typer.echo(f"The opening hours {name} are gone.")


@app.command()
def show(name: _Name) -> None:
    """Show the week and the holidays."""

    async def work(session: ReadSession) -> Hours:
        return (await schedules.named(session, name))[1]

    hours = reading(work)
    typer.echo(hours.name)
    rows = [("Time zone", hours.time_zone), ("Week", week.shown_week(hours.week))]
    facts(rows + [(day.day.isoformat(), f"{week.shown_day(day)} ({day.name})") for day in hours.holidays])


@app.command(name="list")
def list_hours() -> None:
    """List the opening hours."""

    async def work(session: ReadSession) -> list[Hours]:
        return [hours for _, hours in await schedules.listing(session)]

    columns(
        ("NAME", "TIME ZONE", "WEEK", "HOLIDAYS"),
        [(one.name, one.time_zone, week.shown_week(one.week), str(len(one.holidays))) for one in reading(work)],
        empty="There are no opening hours yet: every queue is always open. Add some with: everline hours add Office",
    )


def _without(hours: Hours, days: list[int]) -> list[WeekdaySpan]:
    return [span for span in hours.week if span.weekday not in days]


def _change(name: str, new: Callable[[Hours], Hours]) -> None:
    async def work(session: WriteSession) -> Hours:
        schedule_id, hours = await schedules.hold(session, name)
        changed = new(hours)
        await schedules.replace(session, schedule_id, changed, None, now())
        return changed

    changed = changing(work)
    typer.echo(f"{changed.name} in {changed.time_zone}: {week.shown_week(changed.week)}.")

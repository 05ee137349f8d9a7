"""What the commands share: a database for their work, its errors in plain words, and lists in columns."""

import asyncio
import os
import pwd
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import typer
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError

from db.audit import audit
from db.core import clock_skew
from db.core.engine import Database, ReadSession, WriteSession
from db.core.errors import DatabaseError
from everline.errors import EverlineError
from everline.settings import Settings, read_running_settings

Result = TypeVar("Result")

_LOGGED_IN_AS = Path("/proc/self/loginuid")
_NOBODY = 0xFFFFFFFF
"""What the kernel says of a process that no log-in has started."""


class CommandError(EverlineError):
    """The command cannot be done as it was asked."""


def with_database(work: Callable[[Database], Awaitable[Result]]) -> Result:
    """Runs the command's work. Raises CommandError with a sentence for the user of the command."""
    audit.ORIGIN.set(account())
    return asyncio.run(_with_database(read_running_settings(), work))


def account() -> str:
    """The account of this machine that runs the command, or that has become another one for it, as by sudo."""
    user = os.getuid()
    with suppress(OSError, ValueError):
        logged_in = int(_LOGGED_IN_AS.read_text())
        user = logged_in if logged_in != _NOBODY else user
    try:
        return f"account {pwd.getpwuid(user).pw_name}"
    except KeyError:
        return f"account {user}"


async def _with_database(settings: Settings, work: Callable[[Database], Awaitable[Result]]) -> Result:
    database = Database(settings.database, pool_size=2, time_zone=settings.time_zone)
    try:
        # Commands may free and claim agents, and their deadlines are those of one clock.
        await clock_skew.measure(database)
        return await work(database)
    except DatabaseError as error:
        raise CommandError(str(error)) from error
    except DataError as error:
        raise CommandError("One of the values cannot be stored.") from error
    except IntegrityError as error:
        raise CommandError("Somebody else has changed this at the same moment. Try once more.") from error
    except OperationalError as error:
        where = make_url(settings.database)
        raise CommandError(
            f"The database at {where.host}:{where.port or 5432} cannot be used. Start the centre with `everline up`,"
            " or name a PostgreSQL of your own in EVERLINE_DATABASE_URL.",
        ) from error
    except ProgrammingError as error:
        raise CommandError("The database lacks tables of this version: run `everline up` once.") from error
    finally:
        await database.close()


def changing(work: Callable[[WriteSession], Awaitable[Result]]) -> Result:
    """As `with_database`, for work that is one transaction."""

    async def one(database: Database) -> Result:
        async with database.write() as session:
            return await work(session)

    return with_database(one)


def reading(work: Callable[[ReadSession], Awaitable[Result]]) -> Result:
    """As `with_database`, for work that only reads."""

    async def one(database: Database) -> Result:
        async with database.read() as session:
            return await work(session)

    return with_database(one)


def secret(what: str, *, wanted: bool) -> str | None:
    """Asks for a secret, twice and unseen; takes a line of the input where that is no terminal. None if not wanted.

    Never an argument: those are in the list of processes and in the shell's history.
    """
    if not wanted:
        return None
    if sys.stdin.isatty():
        return str(typer.prompt(what, hide_input=True, confirmation_prompt=True))
    line = sys.stdin.readline()
    if not line:
        raise CommandError(f"{what}: give it as a line of the input, or run the command in a terminal.")
    return line.rstrip("\r\n")


def columns(heads: Sequence[str], rows: Sequence[Sequence[str]], *, empty: str) -> None:
    """Prints rows under their heads, or the sentence that says what to do when there are none."""
    if not rows:
        typer.echo(empty)
        return
    widths = [max(len(cell) for cell in column) for column in zip(heads, *rows, strict=True)]
    for row in [heads, *rows]:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def facts(rows: Sequence[tuple[str, str]]) -> None:
    """Prints names and values under each other."""
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        typer.echo(f"  {name.ljust(width)}  {value}")

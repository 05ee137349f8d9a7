"""Limits: how many manual calls users may make."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

import typer

from db.core.clock import now
from db.core.engine import AnySession, ReadSession, WriteSession
from db.dialling_rules import dial_limits
from db.dialling_rules.dial_limits import SetLimits
from db.users import users
from domain.dialling_rules.dial_limits import DialLimits
from everline.terminal import CommandError, changing, columns, reading

app = typer.Typer(name="limit", no_args_is_help=True, help=__doc__)

_User = Annotated[str | None, typer.Option(help="Name or agent id; everybody without limits of the own by default.")]


@app.command(name="set")
def change(
    user: _User = None,
    a_minute: Annotated[int | None, typer.Option(help="Numbers outside that may be dialled within a minute.")] = None,
    at_once: Annotated[int | None, typer.Option(help="Calls with such numbers that may go on at once.")] = None,
) -> None:
    """Set limits from the next call on. What is not given stays; 0 lets nobody call out."""
    if a_minute is None and at_once is None:
        raise CommandError("Say what is to be limited: --a-minute or --at-once.")

    async def work(session: WriteSession) -> DialLimits:
        user_id = await _found(session, user)
        wanted = await dial_limits.of_user(session, user_id)
        wanted = wanted if a_minute is None else replace(wanted, a_minute=a_minute)
        wanted = wanted if at_once is None else replace(wanted, at_once=at_once)
        return await dial_limits.put(session, user_id, wanted, None, now())

    _tell(user, changing(work))


@app.command()
def reset(user: _User = None) -> None:
    """Take limits away: a user has everybody's again, and everybody the usual ones."""

    async def work(session: WriteSession) -> DialLimits:
        return await dial_limits.put(session, await _found(session, user), SetLimits(), None, now())

    _tell(user, changing(work))


@app.command(name="list")
def list_limits() -> None:
    """List what holds for everybody, and for users who have limits of their own."""

    async def work(session: ReadSession) -> list[tuple[str, ...]]:
        own = await dial_limits.users_with_own(session)
        shown = {user.name: user.user_id for user in await users.everyone(session) if user.user_id in own}
        everybody = _row("everybody", await dial_limits.in_force(session, None))
        return [everybody, *[_row(name, await dial_limits.in_force(session, of)) for name, of in shown.items()]]

    columns(("WHO", "A MINUTE", "AT ONCE"), reading(work), empty="")


async def _found(session: AnySession, user: str | None) -> UUID | None:
    return None if user is None else (await users.find(session, user)).user_id


def _row(who: str, limits: DialLimits) -> tuple[str, ...]:
    return who, str(limits.a_minute), str(limits.at_once)


def _tell(user: str | None, limits: DialLimits) -> None:
    who = user or "Everybody without limits of the own"
    typer.echo(f"{who} may dial at most {limits.a_minute} a minute, and have at most {limits.at_once} going on.")

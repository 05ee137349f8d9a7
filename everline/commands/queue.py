"""Queues: where calls wait, by which rules, and who answers them."""

from collections.abc import Mapping
from typing import Annotated, TypeVar
from uuid import UUID

import typer

from db.core.clock import now
from db.core.engine import AnySession, ReadSession, WriteSession
from db.inbound import schedules
from db.queues import memberships, queue_exits, queue_removal, queue_settings, queue_skills, queues
from db.queues.memberships import Membership
from db.queues.queues import NewQueue, QueueSummary
from db.users import users
from domain.queues.exits import Exit, ExitAction, Occasion
from everline.sounds import check_sounds
from everline.terminal import CommandError, changing, columns, facts, reading

app = typer.Typer(name="queue", no_args_is_help=True, help=__doc__)

_Queue = Annotated[str, typer.Argument(metavar="QUEUE", help="Name of the queue.")]
_User = Annotated[str, typer.Argument(metavar="USER", help="Name or agent id of the user.")]
_OCCASIONS = {occasion.value.replace("_", "-"): occasion for occasion in Occasion}
_ACTIONS = {action.value.replace("_", "-"): action for action in ExitAction}
_On = Annotated[str, typer.Option(metavar="|".join(_OCCASIONS), help="When the queue does not serve a call.")]
_HOURS = "hours"

Word = TypeVar("Word")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Name of the queue, for example Support.")],
    ring: Annotated[int, typer.Option(help="Seconds that an agent's phone rings.")] = queues.RING_SECONDS,
    wrap_up: Annotated[int, typer.Option(help="Seconds of wrap-up after a call.")] = queues.WRAP_UP_SECONDS,
    *,
    record: Annotated[bool, typer.Option(help="Record the calls.")] = True,
) -> None:
    """Add a queue."""

    async def work(session: WriteSession) -> None:
        await queues.add(session, queues.checked(NewQueue(name, ring, wrap_up, record)), now())

    changing(work)
    typer.echo(f"The queue {name} is there. Next: everline queue add-member, and everline number add.")


@app.command(name="list")
def list_queues() -> None:
    """List the queues, with their agents and numbers."""

    async def work(session: ReadSession) -> list[QueueSummary]:
        return list(await queues.listing(session))

    rows = [
        (
            found.name,
            f"{found.ring_seconds} s",
            f"{found.wrap_up_seconds} s",
            "yes" if found.recorded else "no",
            ", ".join(found.numbers) or "none",
            ", ".join(found.members) or "nobody",
        )
        for found in reading(work)
    ]
    columns(
        ("NAME", "RING", "WRAP-UP", "RECORDED", "NUMBERS", "AGENTS"),
        rows,
        empty="There are no queues yet. Add one with: everline queue add Support",
    )


@app.command(name="set")
def change(
    queue: _Queue,
    rules: Annotated[
        list[str], typer.Argument(metavar="RULE=VALUE...", help="For example strategy=linear max_wait_seconds=60.")
    ],
) -> None:
    """Change rules of a queue, its name, or its hours. The value none turns a rule off.

    The rules are those that `everline queue show` lists; hours=Office gives the queue those opening hours. Calls that
    wait are served by the new rules.
    """
    changes = dict(_rule(text) for text in rules)

    async def work(session: WriteSession) -> None:
        plain = await _with_schedule(session, changes)
        await queue_settings.change(session, await queues.find(session, queue), plain, None, now())

    changing(work)
    typer.echo(f"{queue} now has {', '.join(f'{name}={_shown(value)}' for name, value in changes.items())}.")


@app.command()
def show(queue: _Queue) -> None:
    """Show every rule of a queue, where its calls go otherwise, its agents and the skills that its calls want."""

    async def work(session: ReadSession) -> list[tuple[str, str]]:
        return await _described(session, await queues.find(session, queue))

    facts(reading(work))


@app.command(name="exit")
def set_exit(
    queue: _Queue,
    on: _On,
    do: Annotated[str, typer.Option(metavar="|".join(_ACTIONS), help="Where the call goes instead.")],
    to: Annotated[str | None, typer.Option(help="The queue that takes it, with --do queue.")] = None,
    message: Annotated[str | None, typer.Option(help="The sound that the caller hears first.")] = None,
) -> None:
    """Say where calls go that the queue does not serve."""
    occasion, action = _one_of(_OCCASIONS, on, "occasion"), _one_of(_ACTIONS, do, "action")
    check_sounds([message] if message else [])

    async def work(session: WriteSession) -> None:
        target = await queues.find(session, to) if to else None
        new = Exit(occasion, action, target, message)
        await queue_exits.put(session, await queues.find(session, queue), new, None, now())

    changing(work)
    typer.echo(f"{queue}, on {on}: {do}{f' {to}' if to else ''}{f', after the sound {message}' if message else ''}.")


@app.command()
def remove_exit(queue: _Queue, on: _On) -> None:
    """Forget where calls go on an occasion, and do what every queue does."""
    occasion = _one_of(_OCCASIONS, on, "occasion")

    async def work(session: WriteSession) -> None:
        await queue_exits.remove(session, await queues.find(session, queue), occasion, None, now())

    changing(work)
    typer.echo(f"{queue}, on {on}: as every queue.")


@app.command()
def remove(
    queue: _Queue, *, yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether this is meant.")] = False
) -> None:
    """Remove a queue that nothing leads to and nobody is in. Its heard voicemails go with it; call records stay."""
    if not yes:
        typer.confirm(f"Remove the queue {queue}, with the messages left for it?", abort=True)

    async def work(session: WriteSession) -> None:
        await queue_removal.remove(session, await queues.find(session, queue), None, now())

    changing(work)
    typer.echo(f"The queue {queue} is gone.")


@app.command()
def add_member(
    queue: _Queue,
    user: _User,
    penalty: Annotated[int | None, typer.Option(help="Agents of a lower penalty are rung first.")] = None,
    position: Annotated[int | None, typer.Option(help="The order of the linear strategy.")] = None,
) -> None:
    """Let a user take calls of a queue, or change how."""

    async def work(session: WriteSession) -> tuple[str, bool, Membership]:
        account, queue_id = await users.find(session, user), await queues.find(session, queue)
        there = {member.user_id: member for member in await memberships.of_queue(session, queue_id)}
        before = there.get(account.user_id, Membership())
        new = Membership(
            before.penalty if penalty is None else penalty, before.position if position is None else position
        )
        await memberships.put(session, queue_id, account.user_id, new, None, now())
        return account.name, account.user_id in there, new

    name, was_member, how = changing(work)
    words = f", with penalty {how.penalty} at position {how.position}" if how != Membership() else ""
    typer.echo(f"{name} takes calls of {queue}{' already' if was_member else ''}{words}.")


@app.command()
def remove_member(queue: _Queue, user: _User) -> None:
    """Stop giving a user calls of a queue. A call in progress goes on."""

    async def work(session: WriteSession) -> str:
        account = await users.find(session, user)
        await memberships.remove(session, await queues.find(session, queue), account.user_id, None, now())
        return account.name

    typer.echo(f"{changing(work)} takes no more calls of {queue}.")


def _rule(text: str) -> tuple[str, object]:
    name, equals, value = text.partition("=")
    if not equals:
        raise CommandError(f"{text} is no rule with a value. Write it like ring_seconds=20.")
    if name in {"name", _HOURS}:
        return name, None if value.strip().lower() == "none" and name == _HOURS else value.strip()
    words: dict[str, object] = {"none": None, "true": True, "yes": True, "false": False, "no": False}
    plain = value.strip().lower()
    if plain in words:
        return name, words[plain]
    # A key of the telephone is a digit, and a number to show has a zero in front perhaps: neither is a count.
    return name, int(plain) if plain.isdecimal() and name not in {"callback_key", "shown_number"} else value.strip()


async def _with_schedule(session: AnySession, changes: Mapping[str, object]) -> dict[str, object]:
    plain = dict(changes)
    if _HOURS in plain:
        name = plain.pop(_HOURS)
        plain["schedule_id"] = (await schedules.named(session, str(name)))[0] if name is not None else None
    return plain


async def _described(session: AnySession, queue_id: UUID) -> list[tuple[str, str]]:
    rules = await queue_settings.get(session, queue_id)
    hours = {schedule_id: found.name for schedule_id, found in await schedules.listing(session)}
    shown = {**rules, _HOURS: hours.get(rules["schedule_id"], "always open")}
    del shown["schedule_id"]
    names = {found.queue_id: found.name for found in await queues.listing(session)}
    rows = [(name, _shown(value)) for name, value in sorted(shown.items())]
    for one in await queue_exits.listing(session, queue_id):
        words = [one.action.replace("_", "-")]
        words += [names[one.target_queue_id]] if one.target_queue_id else []
        words += [f"({one.message})"] if one.message else []
        rows.append((f"on {one.occasion.replace('_', '-')}", " ".join(words)))
    wanted = await queue_skills.listing(session, queue_id)
    rows += [(f"wants {skill.name}", f"level {skill.level}") for skill in wanted]
    members = await memberships.of_queue(session, queue_id)
    rows += [(f"agent {one.name}", f"penalty {one.penalty}, position {one.position}") for one in members]
    return rows


def _one_of(words: Mapping[str, Word], text: str, what: str) -> Word:
    found = words.get(text.replace("_", "-"))
    if found is None:
        raise CommandError(f"{text} is no {what}. Choose one of these: {', '.join(words)}.")
    return found


def _shown(value: object) -> str:
    if value is None:
        return "none"
    return str(value) if not isinstance(value, bool) else "yes" if value else "no"

"""Skills: what agents know, and what queues' calls want."""

from typing import Annotated

import typer

from db.agents import skills
from db.core.clock import now
from db.core.engine import ReadSession, WriteSession
from db.queues import queue_skills, queues
from db.users import users
from everline.terminal import changing, columns, reading

app = typer.Typer(name="skill", no_args_is_help=True, help=__doc__)

_Skill = Annotated[str, typer.Argument(metavar="SKILL", help="Name of the skill, for example French.")]
_Level = Annotated[int, typer.Argument(metavar="LEVEL", help="1 to 10, or 0 for not at all.")]


@app.command()
def add(name: _Skill) -> None:
    """Make a skill."""

    async def work(session: WriteSession) -> None:
        await skills.add(session, name, None, now())

    changing(work)
    typer.echo(f"The skill {name} is there. Next: everline skill grant, and everline skill want.")


@app.command()
def rename(name: _Skill, new: Annotated[str, typer.Argument(metavar="NAME", help="The new name.")]) -> None:
    """Give a skill another name."""

    async def work(session: WriteSession) -> None:
        await skills.rename(session, (await skills.find(session, name)).id, new, None, now())

    changing(work)
    typer.echo(f"The skill {name} is now {new}.")


@app.command()
def remove(name: _Skill) -> None:
    """Forget a skill: nobody has it, and no calls want it."""

    async def work(session: WriteSession) -> None:
        await skills.remove(session, (await skills.find(session, name)).id, None, now())

    changing(work)
    typer.echo(f"The skill {name} is gone.")


@app.command()
def grant(
    user: Annotated[str, typer.Argument(metavar="USER", help="Name or agent id of the user.")],
    skill: _Skill,
    level: _Level,
) -> None:
    """Say how well a user knows something."""

    async def work(session: WriteSession) -> str:
        account = await users.find(session, user)
        skill_id = (await skills.find(session, skill)).id
        await skills.grant(session, account.user_id, skill_id, level, None, now())
        return account.name

    name = changing(work)
    typer.echo(f"{name} knows {skill} at level {level}." if level else f"{name} does not know {skill}.")


@app.command()
def want(
    queue: Annotated[str, typer.Argument(metavar="QUEUE", help="Name of the queue.")], skill: _Skill, level: _Level
) -> None:
    """Say how well agents must know something for a queue's calls, also for those that wait."""

    async def work(session: WriteSession) -> None:
        queue_id = await queues.find(session, queue)
        await queue_skills.put(session, queue_id, (await skills.find(session, skill)).id, level, None, now())

    changing(work)
    typer.echo(f"Calls of {queue} want {skill} at level {level}." if level else f"Calls of {queue} want no {skill}.")


@app.command(name="list")
def list_skills() -> None:
    """List the skills, with who knows them and which queues want them."""

    async def work(session: ReadSession) -> list[tuple[str, str, str]]:
        known = await skills.of_agents(session)
        wanted = [
            (queue.name, found)
            for queue in await queues.listing(session)
            for found in await queue_skills.listing(session, queue.queue_id)
        ]
        return [
            (
                skill.name,
                ", ".join(f"{one.name} {one.level}" for one in known if one.skill_id == skill.id) or "nobody",
                ", ".join(f"{queue} {one.level}" for queue, one in wanted if one.skill_id == skill.id) or "none",
            )
            for skill in await skills.listing(session)
        ]

    columns(
        ("SKILL", "KNOWN BY", "WANTED BY"),
        reading(work),
        empty="There are no skills yet. Add one with: everline skill add French",
    )

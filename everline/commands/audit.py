"""The audit: changes, log-ins and refusals, with their users."""

import json
from typing import Annotated

import typer

from db.audit import audit
from db.audit.audit import Entry, Wanted
from db.core.engine import ReadSession
from db.users import users
from everline.terminal import columns, reading

app = typer.Typer(name="audit", invoke_without_command=True, help=__doc__)


@app.callback()
def show(
    action: Annotated[str | None, typer.Option(help="Only what begins so, for example login or user.")] = None,
    user: Annotated[str | None, typer.Option(help="Only what this user did: name or agent id.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most, the newest.")] = 50,
    before: Annotated[int | None, typer.Option(help="Only what is older than the entry of this number.")] = None,
) -> None:
    """Show who did what, when and from where, the newest first."""

    async def work(session: ReadSession) -> list[Entry]:
        user_id = (await users.find(session, user)).user_id if user else None
        return list(await audit.listing(session, Wanted(action, user_id, before), limit))

    columns(
        ("NUMBER", "AT", "WHO", "FROM", "WHAT", "OF", "FACTS"),
        [
            (
                str(entry.id),
                entry.at.strftime("%Y-%m-%d %H:%M:%S"),
                entry.user or "",
                entry.origin or "",
                entry.action,
                entry.subject,
                json.dumps(dict(entry.facts), ensure_ascii=False) if entry.facts else "",
            )
            for entry in reading(work)
        ],
        empty="Nothing of the kind has been done yet.",
    )

"""Retention: how long records, recordings, messages, agents' history and the audit are kept (EVERLINE_KEEP_…_DAYS)."""

from collections.abc import Mapping
from typing import Annotated

import typer

from db.core.clock import now
from db.core.engine import Database
from db.records import retention
from domain.records.retention import Kept, Retention
from everline.node.recordings.retention import OldFiles, Removed
from everline.settings import read_running_settings
from everline.terminal import columns, with_database

app = typer.Typer(name="retention", no_args_is_help=True, help=__doc__)


@app.command()
def show() -> None:
    """Show how long each kind is kept. The centre itself removes what is older, every few hours."""
    kept = read_running_settings().retention
    columns(("KIND", "KEPT FOR"), [(kind.value.replace("_", " "), _days(kept, kind)) for kind in Kept], empty="")


@app.command()
def run(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be removed.")] = False,
) -> None:
    """Remove now what is older: this machine's files, and rows of the whole centre, by whole months."""
    settings = read_running_settings()

    async def work(database: Database) -> tuple[Removed, Mapping[str, int]]:
        files = OldFiles(settings.node_name, database, settings.recordings, settings.retention)
        removed = await files.look(only_count=dry_run)
        if not dry_run:
            return removed, await retention.remove(database, settings.retention, now())
        async with database.read() as session:
            return removed, await retention.due(session, settings.retention, now())

    files, rows = with_database(work)
    told = {
        "files of recordings": files.recordings,
        "files of messages": files.voicemails,
        "files that no row names": files.unnamed,
        **{f"rows of {table}": count for table, count in rows.items()},
    }
    columns(
        ("WHAT", "WOULD GO" if dry_run else "REMOVED"),
        [(what, str(count)) for what, count in told.items() if count],
        empty="Nothing is older than it is to be kept.",
    )


def _days(kept: Retention, kind: Kept) -> str:
    days = kept.days(kind)
    return f"{days} days" if days else "ever"

"""Tables that grow without end, in partitions of a month (UTC). db.models.base.by_month says which and by what time.

A partition is named by its month, such as cdrs_2027_01. What a table held when it was divided is `…_before`, and
`…_default` catches what no month is there for: no row is ever refused for want of one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from db.core.engine import AnySession, Database, WriteSession
from db.models import Base

LONGEST_CALL = timedelta(days=92)
"""What happens in a call is looked for within so long of its arrival. Callbacks are the calls that wait for days."""

AHEAD = 3
"""Months that are made beforehand."""

_LOCK_SECONDS = 1
"""How long a change of partitions waits for its locks; calls wait behind it meanwhile. It is tried again later."""

_KEY = 0x45564D50
_BOUND = re.compile(r"FOR VALUES FROM \((?:MINVALUE|'([^']+)')\) TO \('([^']+)'\)")
_PARTITIONS = text("""
    SELECT parent.relname AS "table", part.relname AS name, pg_get_expr(part.relpartbound, part.oid) AS bound
    FROM pg_inherits JOIN pg_class AS parent ON parent.oid = inhparent JOIN pg_class AS part ON part.oid = inhrelid
    WHERE parent.relkind = 'p' AND parent.oid = to_regclass(:table)
    ORDER BY part.relname
""")


@dataclass(frozen=True)
class Partition:
    """The rows of a table from `begins` (None: from the first one) until before `ends`."""

    table: str
    name: str
    begins: datetime | None
    ends: datetime


def time_columns() -> Mapping[str, str]:
    """The tables that are divided by month, and the column by which each is."""
    return {table.name: table.info["by_month"] for table in Base.metadata.sorted_tables if "by_month" in table.info}


async def listing(session: AnySession, table: str) -> Sequence[Partition]:
    """The partitions of a table in the order of time, without the default one."""
    found = []
    for row in await session.execute(_PARTITIONS, {"table": table}):
        bound = _BOUND.fullmatch(row.bound)
        if bound is not None:
            begins, ends = (datetime.fromisoformat(moment) if moment else None for moment in bound.groups())
            assert ends is not None
            found.append(Partition(row.table, row.name, begins, ends))
    return sorted(found, key=lambda partition: partition.ends)


async def keep_ahead(database: Database, now: datetime) -> Mapping[str, int]:
    """Makes the months that will be needed, and those of rows that no month was there for.

    Returns, by table, how many such rows there were: somebody should know why.
    """
    strays = {}
    for table in time_columns():
        async with database.write() as session:
            months = [month(now, ahead) for ahead in range(AHEAD + 1)]
            strayed = await _strays(session, table)
        for begins in sorted({*months, *strayed}):
            async with database.write() as session:
                await make(session, table, begins)
        if strayed:
            strays[table] = sum(strayed.values())
    return strays


async def make(session: WriteSession, table: str, begins: datetime) -> None:
    """Makes the partition of a month, with the rows that are in the default one. One that is there stays as it is."""
    await lock(session)
    ends = month(begins, 1)
    if any((one.begins is None or one.begins <= begins) and begins < one.ends for one in await listing(session, table)):
        return
    name, column = f"{table}_{begins:%Y_%m}", time_columns()[table]
    span = {"begins": begins, "ends": ends}
    await session.execute(text(f"LOCK TABLE ONLY {table}_default IN ACCESS EXCLUSIVE MODE"))
    await session.execute(text(f"CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"))
    await session.execute(
        text(f"""
            WITH strayed AS (
                DELETE FROM {table}_default WHERE {column} >= :begins AND {column} < :ends RETURNING *
            )
            INSERT INTO {name} SELECT * FROM strayed
        """),  # noqa: S608 - names are of our own tables
        span,
    )
    await session.execute(
        text(f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ('{begins}') TO ('{ends}')")
    )


async def lock(session: WriteSession) -> None:
    """Lets one transaction at a time change partitions, and has it give way to calls soon."""
    await session.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'"))
    await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _KEY})


def month(moment: datetime, ahead: int = 0) -> datetime:
    """The beginning of the month of a moment, UTC, or of a later one."""
    moment = moment.astimezone(UTC)
    years, months = divmod(moment.month - 1 + ahead, 12)
    return datetime(moment.year + years, months + 1, 1, tzinfo=UTC)


async def _strays(session: AnySession, table: str) -> Mapping[datetime, int]:
    """How many rows of which months are in the default partition."""
    column = time_columns()[table]
    found = await session.execute(
        text(f"""
            SELECT date_trunc('month', {column}, 'UTC') AS month, count(*) AS strays
            FROM ONLY {table}_default GROUP BY 1
        """)  # noqa: S608 - names are of our own tables
    )
    return {row.month: row.strays for row in found}

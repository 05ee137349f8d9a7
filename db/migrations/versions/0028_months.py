"""Divides what is past into months: records, visits of queues, changes of agents and recordings.

A table with rows becomes the first partition as it is, however large it is: what takes long (an index, a check of all
rows) is done beforehand while calls go on, and the rest is some milliseconds a table. No row is moved. A table without
rows is made anew. Each step can be repeated when the upgrade was broken off.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import sqlalchemy as sa
from alembic import op

from db.core import online_index
from db.core.online_index import OnlineIndex

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_AHEAD = 3
"""Months that are made beforehand; housekeeping goes on with them."""


@dataclass(frozen=True)
class _Past:
    """A table, the time by which it is divided, its key, and its indexes by name.

    The `unique` ones have another form from now on, the others are those that the table had.
    """

    table: str
    column: str
    key: str
    indexes: dict[str, tuple[str, str]]
    unique: frozenset[str] = frozenset()
    ids: str | None = None

    @property
    def before(self) -> str:
        return f"{self.table}_before"

    @property
    def bound(self) -> str:
        return f"ck_{self.before}_bound"

    def of_before(self, name: str) -> str:
        """The name of an index of the table as it was."""
        return name.replace(self.table, self.before, 1)

    def all_indexes(self) -> Iterator[OnlineIndex]:
        for name, (on, rest) in self.indexes.items():
            yield OnlineIndex(name, self.table, on, rest, unique=name in self.unique)


_PAST = (
    _Past(
        "cdrs",
        "arrived_at",
        "call_id, arrived_at",
        {
            "ix_cdrs_arrived_at": ("arrived_at", ""),
            "ix_cdrs_user_id_arrived_at": ("user_id, arrived_at", ""),
            "ix_cdrs_queue_id_arrived_at": ("queue_id, arrived_at", ""),
            "ix_cdrs_caller_number_arrived_at": ("caller_number, arrived_at", ""),
        },
    ),
    _Past(
        "queue_visits",
        "entered_at",
        "call_id, queue_id, entered_at",
        {"ix_queue_visits_queue_id_left_at": ("queue_id, left_at", "")},
    ),
    _Past(
        "agent_changes",
        "at",
        "id, at",
        {
            "ix_agent_changes_at": ("at", ""),
            "ix_agent_changes_user_id_at": ("user_id, at", ""),
            "ix_agent_changes_rung": (
                "user_id, at",
                "INCLUDE (id, state, call_id) WHERE state IN ('offered', 'on_call')",
            ),
        },
        ids="agent_change_ids",
    ),
    _Past(
        "recordings",
        "stored_at",
        "id, stored_at",
        {
            "ix_recordings_call_id": ("call_id", ""),
            "uq_recordings_name_stored_at": ("name, stored_at", ""),
        },
        unique=frozenset({"uq_recordings_name_stored_at"}),
    ),
)


def upgrade() -> None:
    """Divides one table after the other, each in a transaction of its own."""
    with op.get_context().autocommit_block():
        for past in _PAST:
            if _is_divided(past.table):
                continue
            end = _prepare(past)
            with _transaction():
                _divide(past, end)


def downgrade() -> None:
    """There is no way back: the months would have to be copied into one table."""
    raise NotImplementedError


def _scalar(statement: str) -> str | None:
    found: str | None = op.get_bind().scalar(sa.text(statement))
    return found


def _is_divided(table: str) -> bool:
    return _scalar(f"SELECT relkind::text FROM pg_class WHERE oid = '{table}'::regclass") == "p"  # noqa: S608 - constants


@contextmanager
def _transaction() -> Iterator[None]:
    """A transaction within Alembic's autocommit; what fails ends the upgrade, and with it the connection."""
    op.execute("BEGIN")
    yield
    op.execute("COMMIT")


def _prepare(past: _Past) -> str:
    """Does what takes long. Returns the end of the month, UTC, up to which rows stay where they are."""
    constraint = f"conrelid = '{past.table}'::regclass AND conname = '{past.bound}'"
    op.execute(f"ALTER TABLE {past.table} DROP CONSTRAINT IF EXISTS {past.bound}")
    # Two days are left at least, lest the month ends while indexes are made.
    end = _scalar(
        "SELECT to_char(date_trunc('month', (now() AT TIME ZONE 'UTC') + interval '2 days') + interval '1 month',"
        " 'YYYY-MM-DD')"
    )
    op.execute(
        f"ALTER TABLE {past.table} ADD CONSTRAINT {past.bound} CHECK ({past.column} < '{end} 00:00+00') NOT VALID"
    )
    op.execute(f"ALTER TABLE {past.table} VALIDATE CONSTRAINT {past.bound}")
    assert _scalar(f"SELECT convalidated::text FROM pg_constraint WHERE {constraint}")  # noqa: S608 - made of constants
    connection = op.get_bind()
    online_index.create(connection, OnlineIndex(f"pk_{past.before}", past.table, past.key, unique=True))
    for index in past.all_indexes():
        if index.unique:
            online_index.create(connection, replace(index, name=past.of_before(index.name)))
    assert end is not None
    return end


def _divide(past: _Past, end: str) -> None:
    """Puts a partitioned table in the table's place, with the table as its first partition."""
    table, before = past.table, past.before
    op.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
    _take_apart(past)
    op.execute(f"ALTER TABLE {table} RENAME TO {before}")
    op.execute(
        f"CREATE TABLE {table} (LIKE {before} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
        f" PARTITION BY RANGE ({past.column})"
    )
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {past.bound}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY ({past.key})")
    for index in past.all_indexes():
        if index.name.startswith("uq_"):
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {index.name} UNIQUE ({index.on})")
        else:
            op.execute(index.statement())
    months = _months(past, end)
    for name, begins, ends in months:
        op.execute(f"CREATE TABLE {name} PARTITION OF {table} FOR VALUES FROM ('{begins}') TO ('{ends}')")
    op.execute(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT")


def _months(past: _Past, end: str) -> Sequence[tuple[str, str, str]]:
    """The months to be made: from now on if the table is empty, else after what it holds, which becomes a partition."""
    table, before = past.table, past.before
    is_empty = _scalar(f"SELECT (NOT EXISTS (SELECT FROM {before}))::text") == "true"  # noqa: S608 - of constants
    if is_empty:
        op.execute(f"DROP TABLE {before}")
    else:
        op.execute(f"ALTER TABLE {table} ATTACH PARTITION {before} FOR VALUES FROM (MINVALUE) TO ('{end} 00:00+00')")
    begins = "now() AT TIME ZONE 'UTC'" if is_empty else f"timestamp '{end}'"
    found = op.get_bind().execute(
        sa.text(f"""
            SELECT '{table}_' || to_char(month, 'YYYY_MM'), to_char(month, 'YYYY-MM-DD 00:00+00'),
                to_char(month + interval '1 month', 'YYYY-MM-DD 00:00+00')
            FROM generate_series(date_trunc('month', {begins}),
                date_trunc('month', now() AT TIME ZONE 'UTC') + interval '{_AHEAD} months', interval '1 month') AS month
        """)  # noqa: S608 - made of constants
    )
    return [(name, begins, ends) for name, begins, ends in found]


def _take_apart(past: _Past) -> None:
    """Takes away what has another form from now on: ids, the key, and indexes, whose successors are there already."""
    table, before = past.table, past.before
    if table == "queue_visits":
        op.drop_column(table, "id")
    else:
        op.drop_constraint(f"pk_{table}", table, type_="primary")
    if table == "recordings":
        op.drop_constraint("uq_recordings_name", table, type_="unique")
        name = past.of_before("uq_recordings_name_stored_at")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}")
    for index in past.all_indexes():
        if not index.unique:
            op.execute(f"ALTER INDEX {index.name} RENAME TO {past.of_before(index.name)}")
    op.execute("DROP INDEX IF EXISTS ix_queue_visits_call_id_queue_id_entered_at")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT pk_{before} PRIMARY KEY USING INDEX pk_{before}")
    if past.ids is not None:
        op.execute(f"ALTER TABLE {table} ALTER id DROP IDENTITY")
        op.execute(f"CREATE SEQUENCE {past.ids}")
        op.execute(f"SELECT setval('{past.ids}', (SELECT coalesce(max(id), 0) + 1 FROM {table}), false)")  # noqa: S608 - of constants
        op.execute(f"ALTER TABLE {table} ALTER id SET DEFAULT nextval('{past.ids}')")

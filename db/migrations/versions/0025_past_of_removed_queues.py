"""Detaches what is past from queues and users: a queue that is removed keeps its past and its name."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_DETACHED = (
    ("voicemails", "queue_id", "queues"),
    ("callbacks", "queue_id", "queues"),
    ("agent_changes", "user_id", "users"),
    ("call_parts", "user_id", "users"),
    ("call_quality", "user_id", "users"),
)


def upgrade() -> None:
    """Adds the names of removed queues, and drops the foreign keys of what is past."""
    op.create_table(
        "removed_queues",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_removed_queues"),
    )
    # The records have the names of queues that were removed before.
    op.execute("""
        INSERT INTO removed_queues (id, name, removed_at)
        SELECT DISTINCT ON (queue_id) queue_id, queue_name, ended_at FROM cdrs
        WHERE queue_id IS NOT NULL AND queue_name IS NOT NULL AND queue_id NOT IN (SELECT id FROM queues)
        ORDER BY queue_id, ended_at DESC
    """)
    for table, column, _ in _DETACHED:
        op.drop_constraint(f"fk_{table}_{column}", table, type_="foreignkey")


def downgrade() -> None:
    """Removes what is past of removed queues, and attaches the rest again."""
    for table, column, to in _DETACHED:
        op.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT id FROM {to})")  # noqa: S608 - made of constants
        op.create_foreign_key(f"fk_{table}_{column}", table, to, [column], ["id"], ondelete="CASCADE")
    op.drop_table("removed_queues")

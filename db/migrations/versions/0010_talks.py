"""When a talk began and when its agent was lost, for calls that go back to the line; history lets queues go."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Adds the columns. History stays when a queue goes: to find it would take minutes, under the routing lock."""
    op.add_column("calls", sa.Column("talk_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("calls", sa.Column("lost_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("calls", sa.Column("talked", sa.Float(), server_default="0", nullable=False))
    op.drop_constraint("fk_agent_changes_queue_id", "agent_changes", type_="foreignkey")
    op.drop_constraint("fk_queue_visits_queue_id", "queue_visits", type_="foreignkey")


def downgrade() -> None:
    """Takes them away."""
    for table in ("queue_visits", "agent_changes"):
        op.execute(f"DELETE FROM {table} WHERE queue_id IS NOT NULL AND queue_id NOT IN (SELECT id FROM queues)")  # noqa: S608
        op.create_foreign_key(f"fk_{table}_queue_id", table, "queues", ["queue_id"], ["id"], ondelete="CASCADE")
    for column in ("talked", "lost_at", "talk_since"):
        op.drop_column("calls", column)

"""How much of a talk was to be recorded, whether it is, and how much room the disk of a node has left."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_COLUMNS: tuple[tuple[str, sa.Column[Any]], ...] = (
    ("calls", sa.Column("recording_paused_at", sa.DateTime(timezone=True), nullable=True)),
    ("calls", sa.Column("recording_paused_seconds", sa.Float(), server_default="0", nullable=False)),
    ("calls", sa.Column("recording_failed", sa.Boolean(), server_default="false", nullable=False)),
    ("cdrs", sa.Column("recording_due", sa.Float(), nullable=True)),
    ("nodes", sa.Column("disk_left", sa.Integer(), nullable=True)),
)


def upgrade() -> None:
    """Adds the columns."""
    for table, column in _COLUMNS:
        op.add_column(table, column)


def downgrade() -> None:
    """Takes them away."""
    for table, column in _COLUMNS:
        op.drop_column(table, column.name)

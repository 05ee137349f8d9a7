"""Keeps the keys by which Temporal's histories are encrypted."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "history_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("wrapped_by", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary()),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_history_keys"),
        sa.UniqueConstraint("day", "wrapped_by", name="uq_history_keys_day_wrapped_by"),
    )


def downgrade() -> None:
    """Removes the table, and with it the means to read what calls in progress are."""
    op.drop_table("history_keys")

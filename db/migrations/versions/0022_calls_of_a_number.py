"""Finds the latest calls of a number: whether a caller whom nobody served was called back."""

from collections.abc import Sequence

from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Adds the index."""
    op.create_index("ix_cdrs_caller_number_arrived_at", "cdrs", ["caller_number", "arrived_at"])


def downgrade() -> None:
    """Takes it away."""
    op.drop_index("ix_cdrs_caller_number_arrived_at", table_name="cdrs")

"""A third party in a call, and a recording that is paused."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_COLUMNS = ("recording_paused", "guest_id", "guest_number", "guest_purpose", "guest_attempt", "guest_since")


def upgrade() -> None:
    """Adds the columns."""
    op.add_column("calls", sa.Column("recording_paused", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("calls", sa.Column("guest_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(None, "calls", "users", ["guest_id"], ["id"], ondelete="SET NULL")
    op.add_column("calls", sa.Column("guest_number", sa.Text(), nullable=True))
    op.add_column("calls", sa.Column("guest_purpose", sa.Text(), nullable=True))
    op.add_column("calls", sa.Column("guest_attempt", sa.Integer(), nullable=True))
    op.add_column("calls", sa.Column("guest_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Takes them away."""
    for name in _COLUMNS:
        op.drop_column("calls", name)

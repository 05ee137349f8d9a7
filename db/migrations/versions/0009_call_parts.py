"""Who talked on a call and left it to others."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "call_parts",
        sa.Column("call_id", sa.Text(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_guest", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
    )
    op.create_index("ix_call_parts_user_id_arrived_at", "call_parts", ["user_id", "arrived_at"])


def downgrade() -> None:
    """Takes it away."""
    op.drop_table("call_parts")

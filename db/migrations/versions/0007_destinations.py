"""Whom users may call, and how much."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Makes the tables. Without rows, ordinary numbers of the own country may be called, as often as is usual."""
    op.create_table(
        "destination_rules",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("prefix", sa.Text(), nullable=False, unique=True),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
    )
    op.create_table(
        "dial_limits",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=True),
        sa.Column("a_minute", sa.Integer(), nullable=True),
        sa.Column("at_once", sa.Integer(), nullable=True),
    )
    everybody = sa.text("coalesce(user_id, '00000000-0000-0000-0000-000000000000'::uuid)")
    op.create_index("uq_dial_limits_user_id", "dial_limits", [everybody], unique=True)
    op.create_table(
        "outside_dials",
        sa.Column("call_id", sa.Text(), primary_key=True),
        sa.Column("attempt", sa.Integer(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_outside_dials_user_id_at", "outside_dials", ["user_id", "at"])


def downgrade() -> None:
    """Takes them away."""
    op.drop_table("outside_dials")
    op.drop_table("dial_limits")
    op.drop_table("destination_rules")

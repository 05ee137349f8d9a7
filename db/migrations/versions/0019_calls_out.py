"""How trunks are called out by and logged in by, what is on them, and which of our numbers are shown."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_NUMBERS = {"setup_seconds": "20", "ring_seconds": "30", "max_channels": "0"}
_FLAGS = ("limits_inbound", "anonymous", "srtp")
_ON_CALLS = ("trunk", "guest_trunk")


def upgrade() -> None:
    """Adds the columns, and the table of registrations."""
    for name, usual in _NUMBERS.items():
        op.add_column("trunks", sa.Column(name, sa.Integer(), server_default=usual, nullable=False))
    for name in _FLAGS:
        op.add_column("trunks", sa.Column(name, sa.Boolean(), server_default="false", nullable=False))
    op.add_column("trunks", sa.Column("allowed", sa.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.add_column("trunks", sa.Column("login_digest", sa.Text(), server_default="", nullable=False))
    for name in _ON_CALLS:
        op.add_column("calls", sa.Column(name, sa.Text(), nullable=True))
        op.create_index(op.f(f"ix_calls_{name}"), "calls", [name])
    for table in ("queues", "users"):
        op.add_column(table, sa.Column("shown_number", sa.Text(), nullable=True))
    op.create_table(
        "trunk_registrations",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("trunk", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("node", "trunk", name="pk_trunk_registrations"),
    )


def downgrade() -> None:
    """Takes them away."""
    op.drop_table("trunk_registrations")
    for table in ("users", "queues"):
        op.drop_column(table, "shown_number")
    for name in _ON_CALLS:
        op.drop_index(op.f(f"ix_calls_{name}"), table_name="calls")
        op.drop_column("calls", name)
    for name in ("login_digest", "allowed", *_FLAGS, *_NUMBERS):
        op.drop_column("trunks", name)

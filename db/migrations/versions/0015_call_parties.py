"""What became of a third party, to which stage an agent comes back, and who ended a call that is wrapped up."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_COLUMNS: tuple[sa.Column[Any], ...] = (
    sa.Column("guest_muted", sa.Boolean(), server_default="false", nullable=False),
    sa.Column("last_guest", JSONB(), nullable=True),
    sa.Column("returning_to", sa.Text(), nullable=True),
    sa.Column("owned_since", sa.DateTime(timezone=True), nullable=True),
    sa.Column("ended_by", sa.Text(), nullable=True),
)


def upgrade() -> None:
    """Adds the columns."""
    for column in _COLUMNS:
        op.add_column("calls", column)


def downgrade() -> None:
    """Takes them away."""
    for column in _COLUMNS:
        op.drop_column("calls", column.name)

"""Where the other nodes reach a node, to ring the phones that are registered there."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Adds the column."""
    op.add_column("nodes", sa.Column("sip_address", sa.Text()))


def downgrade() -> None:
    """Takes it away."""
    op.drop_column("nodes", "sip_address")

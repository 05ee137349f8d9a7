"""A node is alive as long as its lease, which it renews. Until it does so for the first time, it is not."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Adds the columns."""
    op.add_column("nodes", sa.Column("holder", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "nodes", sa.Column("lease_until", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)
    )


def downgrade() -> None:
    """Takes them away."""
    op.drop_column("nodes", "lease_until")
    op.drop_column("nodes", "holder")

"""Why a desk phone that dialled was last refused."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Adds the columns."""
    op.add_column("extensions", sa.Column("refused", sa.Text(), nullable=True))
    op.add_column("extensions", sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Takes them away."""
    op.drop_column("extensions", "refused_at")
    op.drop_column("extensions", "refused")

"""How much of a talk was that of the agent who had the call last, which its record tells beside the whole."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Adds the column; of older records it is not known."""
    op.add_column("cdrs", sa.Column("own_seconds", sa.Double(), nullable=True))


def downgrade() -> None:
    """Takes it away."""
    op.drop_column("cdrs", "own_seconds")

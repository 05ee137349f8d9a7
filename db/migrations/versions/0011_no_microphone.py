"""What a page says of its microphone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Adds the column: until a page says otherwise, its microphone is there."""
    op.add_column("extensions", sa.Column("no_microphone", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Takes it away."""
    op.drop_column("extensions", "no_microphone")

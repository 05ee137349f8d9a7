"""Users whose password was given to them by somebody else, who have to choose one of their own."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Adds the column."""
    op.add_column("users", sa.Column("password_is_given", sa.Boolean(), server_default="false", nullable=False))


def downgrade() -> None:
    """Takes it away."""
    op.drop_column("users", "password_is_given")

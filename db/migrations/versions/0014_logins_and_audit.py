"""Which log-ins have failed and which are being checked, and where from a change was made."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Adds the columns."""
    op.add_column("login_failures", sa.Column("failed", sa.Boolean(), nullable=False, server_default=sa.text("true")))
    op.add_column("audit_entries", sa.Column("origin", sa.Text()))


def downgrade() -> None:
    """Takes them away."""
    op.drop_column("audit_entries", "origin")
    op.drop_column("login_failures", "failed")

"""Since when a page has had no microphone: a headset that is plugged in again at once sends nobody away."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Adds the time in place of the flag."""
    op.add_column("extensions", sa.Column("microphone_lost_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE extensions SET microphone_lost_at = now() WHERE no_microphone")
    op.drop_column("extensions", "no_microphone")


def downgrade() -> None:
    """Keeps the flag only."""
    op.add_column("extensions", sa.Column("no_microphone", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE extensions SET no_microphone = microphone_lost_at IS NOT NULL")
    op.drop_column("extensions", "microphone_lost_at")

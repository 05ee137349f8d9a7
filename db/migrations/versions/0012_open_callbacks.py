"""The callbacks that are not over are found without those that are."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Makes the index."""
    op.create_index("ix_callbacks_open", "callbacks", ["queue_id"], postgresql_where=sa.text("closed_at IS NULL"))


def downgrade() -> None:
    """Takes it away."""
    op.drop_index("ix_callbacks_open", "callbacks")

"""An index from which an agent's answered and not answered calls are counted without reading the table."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Adds the index."""
    op.create_index(
        "ix_agent_changes_rung",
        "agent_changes",
        ["user_id", "at"],
        postgresql_include=["id", "state", "call_id"],
        postgresql_where=sa.text("state IN ('offered', 'on_call')"),
    )


def downgrade() -> None:
    """Takes it away."""
    op.drop_index("ix_agent_changes_rung", "agent_changes")

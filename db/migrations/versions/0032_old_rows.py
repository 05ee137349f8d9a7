"""Finds the rows that are older than they are to be kept, of tables that are not divided by month."""

from collections.abc import Sequence

from alembic import op

from db.core import online_index
from db.core.online_index import OnlineIndex

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_INDEXES = (
    OnlineIndex("ix_participants_arrived_at", "participants", "arrived_at", method="brin"),
    OnlineIndex("ix_call_quality_reported_at", "call_quality", "reported_at", method="brin"),
)


def upgrade() -> None:
    """Adds the indexes, while calls go on."""
    with op.get_context().autocommit_block():
        for index in _INDEXES:
            online_index.create(op.get_bind(), index)


def downgrade() -> None:
    """Takes them away."""
    for index in _INDEXES:
        op.drop_index(index.name, index.table)

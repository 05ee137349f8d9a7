"""Where a phone is registered becomes a row for each node, for a centre may have several."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Makes the table. Until now there was one node; it compares what it finds with its Asterisk when it connects."""
    op.create_table(
        "registrations",
        sa.Column("extension_id", sa.Uuid(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("extension_id", "node", name="pk_registrations"),
        sa.ForeignKeyConstraint(
            ["extension_id"], ["extensions.id"], name="fk_registrations_extension_id_extensions", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["node"], ["nodes.name"], name="fk_registrations_node_nodes", ondelete="CASCADE"),
    )
    op.create_index("ix_registrations_node", "registrations", ["node"])
    op.execute("""
        INSERT INTO registrations (extension_id, node, since)
        SELECT extensions.id, nodes.name, coalesce(registered_since, now())
        FROM extensions CROSS JOIN (SELECT name FROM nodes ORDER BY connected DESC, name LIMIT 1) AS nodes
        WHERE registered
    """)
    op.drop_column("extensions", "registered")


def downgrade() -> None:
    """Puts the column back."""
    op.add_column("extensions", sa.Column("registered", sa.Boolean(), server_default="false", nullable=False))
    op.execute("UPDATE extensions SET registered = true WHERE id IN (SELECT extension_id FROM registrations)")
    op.alter_column("extensions", "registered", server_default=None)
    op.drop_table("registrations")

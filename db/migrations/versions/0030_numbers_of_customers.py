"""Names the customer's number and ours for what they are, and says which way a call went.

`caller_number` was the number called in a call out, and `dialled` the number shown. An empty number becomes none: it
was withheld.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_CALLS = ("calls", "cdrs")


def upgrade() -> None:
    for table in (*_CALLS, "voicemails"):
        op.alter_column(table, "caller_number", new_column_name="customer_number", nullable=True)
        op.alter_column(table, "caller_name", new_column_name="customer_name")
        op.execute(f"UPDATE {table} SET customer_number = NULL WHERE customer_number IN ('', 'anonymous')")  # noqa: S608
    for table in _CALLS:
        op.alter_column(table, "dialled", new_column_name="our_number")
        op.add_column(table, sa.Column("received_number", sa.Text()))
        # With a default, rows that are there are not written anew.
        op.add_column(table, sa.Column("direction", sa.Text(), nullable=False, server_default="inbound"))
        op.execute(f"UPDATE {table} SET direction = 'outbound' WHERE type <> 'inbound'")  # noqa: S608
        op.alter_column(table, "direction", server_default=None)
        op.create_check_constraint(op.f(f"ck_{table}_direction"), table, "direction IN ('inbound', 'outbound')")
    op.execute("ALTER INDEX ix_cdrs_caller_number_arrived_at RENAME TO ix_cdrs_customer_number_arrived_at")


def downgrade() -> None:
    op.execute("ALTER INDEX ix_cdrs_customer_number_arrived_at RENAME TO ix_cdrs_caller_number_arrived_at")
    for table in _CALLS:
        op.drop_column(table, "direction")
        op.drop_column(table, "received_number")
        op.alter_column(table, "our_number", new_column_name="dialled")
    for table in (*_CALLS, "voicemails"):
        op.execute(f"UPDATE {table} SET customer_number = '' WHERE customer_number IS NULL")  # noqa: S608
        op.alter_column(table, "customer_number", new_column_name="caller_number", nullable=False)
        op.alter_column(table, "customer_name", new_column_name="caller_name")

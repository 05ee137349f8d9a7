"""Who is in a call becomes rows of their own."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_WORDS = {
    "role": "'customer', 'agent', 'third_party', 'listener', 'whisperer', 'barger'",
    "purpose": "'consult', 'transfer'",
    "outcome": "'declined', 'no_answer', 'busy', 'not_reached', 'left', 'cancelled', 'joined'",
    "failure": "'wrong_number', 'no_route', 'busy', 'declined', 'no_answer', 'carrier_down', 'no_channel',"
    " 'media_refused', 'not_allowed', 'system'",
}
_LEFT = "until IS NOT NULL AND joined_at IS NOT NULL AND wrap_up_seconds IS NULL AND user_id IS NOT NULL"
_MOVED = (
    *("user_id", "attempt", "muted", "owned_since", "last_guest", "exit", "wrap_up_code"),
    *("guest_id", "guest_number", "guest_purpose", "guest_attempt", "guest_since", "guest_muted", "guest_trunk"),
)


def upgrade() -> None:
    """Makes the table, moves who is in calls into it, and drops the columns that had it."""
    op.create_table(
        "participants",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("number", sa.Text()),
        sa.Column("leg", sa.Integer(), server_default="0", nullable=False),
        sa.Column("purpose", sa.Text()),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True)),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("away", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("muted", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("seconds", sa.Double()),
        sa.Column("trunk", sa.Text()),
        sa.Column("outcome", sa.Text()),
        sa.Column("failure", sa.Text()),
        sa.Column("wrap_up_code", sa.Text()),
        sa.Column("wrap_up_seconds", sa.Double()),
        sa.PrimaryKeyConstraint("id", name="pk_participants"),
        *(sa.CheckConstraint(f"{column} IN ({words})", name=column) for column, words in _WORDS.items()),
    )
    op.create_index("ix_participants_call_id", "participants", ["call_id"])
    op.create_index(
        "ix_participants_one",
        "participants",
        ["call_id", "role"],
        unique=True,
        postgresql_where=sa.text("until IS NULL AND role IN ('agent', 'third_party')"),
    )
    op.create_index(
        "ix_participants_trunk",
        "participants",
        ["trunk"],
        postgresql_where=sa.text("until IS NULL AND trunk IS NOT NULL"),
    )
    op.create_index("ix_participants_left", "participants", ["user_id", "arrived_at"], postgresql_where=sa.text(_LEFT))
    op.execute("""
        INSERT INTO participants (call_id, role, user_id, leg, arrived_at, since, joined_at, muted)
        SELECT id, 'agent', user_id, attempt, arrived_at, coalesce(offered_at, arrived_at),
            CASE WHEN answered_at IS NOT NULL THEN coalesce(owned_since, answered_at) END, muted
        FROM calls WHERE user_id IS NOT NULL
    """)
    op.execute("""
        INSERT INTO participants (call_id, role, user_id, number, leg, purpose, arrived_at, since, joined_at, away,
            muted, trunk)
        SELECT id, 'third_party', guest_id, guest_number, coalesce(guest_attempt, 0), guest_purpose, arrived_at,
            coalesce(guest_since, now()), CASE WHEN stage <> 'reaching' THEN guest_since END, guest_since IS NULL,
            guest_muted, guest_trunk
        FROM calls WHERE guest_purpose IS NOT NULL
    """)
    op.execute("""
        INSERT INTO participants (call_id, role, user_id, arrived_at, since, joined_at, until, seconds)
        SELECT call_id, CASE WHEN as_guest THEN 'third_party' ELSE 'agent' END, user_id, arrived_at, arrived_at,
            arrived_at, arrived_at + make_interval(secs => seconds), seconds
        FROM call_parts
    """)
    for column in _MOVED:
        op.drop_column("calls", column)
    op.drop_table("call_parts")


def downgrade() -> None:
    """There is no way back: what would be lost is who is in calls."""
    raise NotImplementedError

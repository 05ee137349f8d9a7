"""What carriers want of a trunk, and why calls of ours were not answered."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TEXTS = {
    "username": "",
    "password": "",
    "from_user": "",
    "from_domain": "",
    "proxy": "",
    "transport": "udp",
    "number_format": "plus",
    "caller_format": "plus",
    "shown": "",
    "codecs": "alaw,ulaw,g722,opus",
    "dtmf": "auto",
}


def upgrade() -> None:
    """Adds the columns. Trunks and phones are pushed to Asterisk anew: how they are known has changed."""
    for name, usual in _TEXTS.items():
        op.add_column("trunks", sa.Column(name, sa.Text(), server_default=usual, nullable=False))
    for name in ("registers", "trusted"):
        op.add_column("trunks", sa.Column(name, sa.Boolean(), server_default="false", nullable=False))
    op.add_column("trunks", sa.Column("position", sa.Integer(), server_default="50", nullable=False))
    op.add_column("trunks", sa.Column("prefixes", sa.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.add_column("calls", sa.Column("dials", sa.Integer(), server_default="0", nullable=False))
    op.add_column("cdrs", sa.Column("failure", sa.Text(), nullable=True))
    for table in ("trunks", "extensions"):
        op.execute(f"UPDATE {table} SET revision = nextval('provisioning_revision')")  # noqa: S608


def downgrade() -> None:
    """Takes them away."""
    op.drop_column("cdrs", "failure")
    op.drop_column("calls", "dials")
    for name in ("prefixes", "position", "trusted", "registers", *_TEXTS):
        op.drop_column("trunks", name)

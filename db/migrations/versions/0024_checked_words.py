"""Holds columns of enumerations to their words."""

from collections.abc import Sequence

from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAGES = (
    "arriving",
    "asking",
    "waiting",
    "offered",
    "dialling",
    "connected",
    "held",
    "reaching",
    "consulting",
    "conference",
    "returning",
    "leaving",
    "voicemail",
    "wrap_up",
    "closed",
)
_WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("agent_changes", "state"): (
        "offline",
        "idle",
        "paused",
        "offered",
        "on_call",
        "wrap_up",
    ),
    ("agents", "state"): (
        "offline",
        "idle",
        "paused",
        "offered",
        "on_call",
        "wrap_up",
    ),
    ("agents", "wanted"): (
        "offline",
        "idle",
        "paused",
        "offered",
        "on_call",
        "wrap_up",
    ),
    ("callbacks", "state"): ("waiting", "dialling", "done", "failed"),
    ("calls", "type"): ("inbound", "auto", "manual"),
    ("calls", "stage"): _STAGES,
    ("calls", "guest_purpose"): ("consult", "transfer"),
    ("calls", "returning_to"): _STAGES,
    ("calls", "ended_by"): ("customer", "agent", "system"),
    ("cdrs", "type"): ("inbound", "auto", "manual"),
    ("cdrs", "disposition"): ("answered", "abandoned", "unanswered", "busy", "failed"),
    ("cdrs", "ended_by"): ("customer", "agent", "system"),
    ("cdrs", "exit"): (
        "closed",
        "full",
        "max_wait",
        "no_agents",
        "voicemail",
        "callback",
        "served",
        "menu",
    ),
    ("cdrs", "failure"): (
        "wrong_number",
        "no_route",
        "busy",
        "declined",
        "no_answer",
        "carrier_down",
        "no_channel",
        "media_refused",
        "not_allowed",
        "system",
    ),
    ("extensions", "kind"): ("web", "sip"),
    ("queue_exits", "occasion"): ("closed", "full", "max_wait", "no_agents"),
    ("queue_exits", "action"): ("hang_up", "queue", "voicemail", "callback"),
    ("queue_visits", "outcome"): ("answered", "abandoned", "flowed_out"),
    ("queues", "strategy"): (
        "longest_idle",
        "fewest_calls",
        "round_robin",
        "ring_all",
        "linear",
        "random",
        "weighted",
    ),
    ("queues", "service_level_formula"): (
        "answered_in/answered",
        "(answered_in+abandoned_in)/(answered+abandoned)",
        "answered_in/(answered+abandoned-abandoned_in)",
        "answered_in/(answered+abandoned)",
    ),
    ("recordings", "status"): ("stored", "short", "failed", "removed"),
    ("sessions", "end_reason"): ("logged_out", "replaced", "expired", "disabled"),
    ("trunk_registrations", "state"): ("registered", "refused", "no_answer", "trying"),
    ("trunks", "transport"): ("udp", "tcp", "tls"),
    ("trunks", "number_format"): ("plus", "digits", "zeros", "national"),
    ("trunks", "caller_format"): ("plus", "digits", "zeros", "national"),
    ("trunks", "dtmf"): ("auto", "rfc4733", "info", "inband"),
    ("users", "role"): ("agent", "supervisor", "administrator"),
}


def upgrade() -> None:
    """Adds the constraints, and validates them while calls go on. Repeated, it does so again."""
    with op.get_context().autocommit_block():
        for (table, column), words in _WORDS.items():
            name = f"ck_{table}_{column}"
            listed = ", ".join(f"'{word}'" for word in words)
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IN ({listed})) NOT VALID")
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    """Removes the constraints."""
    for table, column in _WORDS:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{column}")

"""Queues by rules: strategies, skills, hours, menus, exits, callbacks; what agents did, and who changed what."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = (
    "pause_reasons",
    "schedules",
    "opening_hours",
    "holidays",
    "skills",
    "agent_skills",
    "queue_skills",
    "menus",
    "menu_options",
    "queue_exits",
    "agent_changes",
    "audit_entries",
    "queue_visits",
    "voicemails",
    "callbacks",
    "wrap_up_codes",
)
_NEW_COLUMNS = {
    "agents": ("attempt", "missed"),
    "calls": ("priority", "exit", "wrap_up_code"),
    "cdrs": ("exit", "wrap_up_code"),
    "numbers": ("menu_id", "priority"),
    "queue_members": ("penalty", "position", "paused_at", "paused_reason", "offered_at", "answered", "answered_on"),
    "queues": (
        "strategy",
        "weight",
        "no_answer_limit",
        "max_wait_seconds",
        "max_waiting",
        "aging_seconds",
        "skill_widening_seconds",
        "service_level_seconds",
        "service_level_formula",
        "short_abandon_seconds",
        "music",
        "wrap_up_code_required",
        "announce_seconds",
        "announce_position",
        "announce_wait",
        "callback_key",
        "callback_attempts",
        "callback_busy_seconds",
        "callback_no_answer_seconds",
        "schedule_id",
    ),
    "waiting_calls": ("priority", "not_before", "skills"),
}


def upgrade() -> None:
    _choices()
    _schedules()
    _skills()
    _menus()
    _history()
    _voicemails()
    _callbacks()
    _queues()
    _numbers()
    _calls()
    _triggers()


def downgrade() -> None:
    for name in _TRIGGERS:
        op.execute(f"DROP FUNCTION {name} CASCADE")
    op.execute(
        "ALTER TABLE waiting_calls ALTER offered_to DROP DEFAULT, ALTER offered_to DROP NOT NULL,"
        " ALTER offered_to TYPE uuid USING offered_to[1]"
    )
    op.drop_index(op.f("ix_cdrs_queue_id_arrived_at"), "cdrs")
    op.drop_constraint(op.f("ck_numbers_one_destination"), "numbers")
    op.execute("DELETE FROM numbers WHERE queue_id IS NULL")
    op.alter_column("numbers", "queue_id", existing_type=sa.Uuid(), nullable=False)
    for table, columns in _NEW_COLUMNS.items():
        for column in columns:
            op.drop_column(table, column)
    for table in reversed(_TABLES):
        op.drop_table(table)


def _choices() -> None:
    op.create_table(
        "pause_reasons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause_reasons")),
    )
    op.create_index("uq_pause_reasons_name", "pause_reasons", [sa.literal_column("lower(name)")], unique=True)
    op.create_table(
        "wrap_up_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("queue_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["queue_id"], ["queues.id"], name=op.f("fk_wrap_up_codes_queue_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrap_up_codes")),
    )
    op.create_index(
        "uq_wrap_up_codes_name",
        "wrap_up_codes",
        [
            sa.literal_column("lower(name)"),
            sa.literal_column("coalesce(queue_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
        ],
        unique=True,
    )


def _schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
    )
    op.create_index("uq_schedules_name", "schedules", [sa.literal_column("lower(name)")], unique=True)
    op.create_table(
        "holidays",
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.id"], name=op.f("fk_holidays_schedule_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("schedule_id", "day", name=op.f("pk_holidays")),
    )
    op.create_table(
        "opening_hours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.id"], name=op.f("fk_opening_hours_schedule_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_hours")),
    )
    op.create_index(op.f("ix_opening_hours_schedule_id"), "opening_hours", ["schedule_id"], unique=False)


def _skills() -> None:
    op.create_table(
        "skills",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skills")),
    )
    op.create_index("uq_skills_name", "skills", [sa.literal_column("lower(name)")], unique=True)
    op.create_table(
        "agent_skills",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["skill_id"], ["skills.id"], name=op.f("fk_agent_skills_skill_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_agent_skills_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "skill_id", name=op.f("pk_agent_skills")),
    )
    op.create_table(
        "queue_skills",
        sa.Column("queue_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_queue_skills_queue_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["skill_id"], ["skills.id"], name=op.f("fk_queue_skills_skill_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("queue_id", "skill_id", name=op.f("pk_queue_skills")),
    )


def _menus() -> None:
    op.create_table(
        "menus",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prompt", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("repeats", sa.Integer(), server_default="3", nullable=False),
        sa.Column("patience_seconds", sa.Integer(), server_default="6", nullable=False),
        sa.Column("otherwise_queue_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["otherwise_queue_id"], ["queues.id"], name=op.f("fk_menus_otherwise_queue_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menus")),
    )
    op.create_index("uq_menus_name", "menus", [sa.literal_column("lower(name)")], unique=True)
    op.create_table(
        "queue_exits",
        sa.Column("queue_id", sa.Uuid(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("target_queue_id", sa.Uuid(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_queue_exits_queue_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["target_queue_id"], ["queues.id"], name=op.f("fk_queue_exits_target_queue_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("queue_id", "occasion", name=op.f("pk_queue_exits")),
    )
    op.create_table(
        "menu_options",
        sa.Column("menu_id", sa.Uuid(), nullable=False),
        sa.Column("digit", sa.Text(), nullable=False),
        sa.Column("queue_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["menu_id"], ["menus.id"], name=op.f("fk_menu_options_menu_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_menu_options_queue_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("menu_id", "digit", name=op.f("pk_menu_options")),
    )


def _history() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_audit_entries_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_at"), "audit_entries", ["at"], unique=False)
    op.create_table(
        "agent_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("queue_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["queue_id"], ["queues.id"], name=op.f("fk_agent_changes_queue_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_agent_changes_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_changes")),
    )
    op.create_index(op.f("ix_agent_changes_at"), "agent_changes", ["at"], unique=False)
    op.create_index(op.f("ix_agent_changes_user_id_at"), "agent_changes", ["user_id", "at"], unique=False)
    op.create_table(
        "queue_visits",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("queue_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("wait_seconds", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_queue_visits_queue_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_visits")),
    )
    op.create_index(
        op.f("ix_queue_visits_call_id_queue_id_entered_at"),
        "queue_visits",
        ["call_id", "queue_id", "entered_at"],
        unique=True,
    )
    op.create_index(op.f("ix_queue_visits_queue_id_left_at"), "queue_visits", ["queue_id", "left_at"], unique=False)


def _voicemails() -> None:
    op.create_table(
        "voicemails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("queue_id", sa.Uuid(), nullable=False),
        sa.Column("caller_number", sa.Text(), nullable=False),
        sa.Column("caller_name", sa.Text(), nullable=False),
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["heard_by"], ["users.id"], name=op.f("fk_voicemails_heard_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_voicemails_queue_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voicemails")),
        sa.UniqueConstraint("call_id", name=op.f("uq_voicemails_call_id")),
    )
    op.create_index(op.f("ix_voicemails_queue_id_left_at"), "voicemails", ["queue_id", "left_at"], unique=False)


def _callbacks() -> None:
    op.create_table(
        "callbacks",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("asked_in_call_id", sa.Text(), nullable=False),
        sa.Column("queue_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_callbacks_queue_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_callbacks")),
        sa.UniqueConstraint("asked_in_call_id", name=op.f("uq_callbacks_asked_in_call_id")),
    )
    op.create_index(op.f("ix_callbacks_queue_id_state"), "callbacks", ["queue_id", "state"], unique=False)


def _queues() -> None:
    op.add_column("queues", sa.Column("strategy", sa.Text(), server_default="longest_idle", nullable=False))
    op.add_column("queues", sa.Column("weight", sa.Integer(), server_default="0", nullable=False))
    op.add_column("queues", sa.Column("no_answer_limit", sa.Integer(), server_default="3", nullable=True))
    op.add_column("queues", sa.Column("max_wait_seconds", sa.Integer(), nullable=True))
    op.add_column("queues", sa.Column("max_waiting", sa.Integer(), nullable=True))
    op.add_column("queues", sa.Column("aging_seconds", sa.Integer(), nullable=True))
    op.add_column("queues", sa.Column("skill_widening_seconds", sa.Integer(), nullable=True))
    op.add_column("queues", sa.Column("service_level_seconds", sa.Integer(), server_default="20", nullable=False))
    op.add_column(
        "queues",
        sa.Column(
            "service_level_formula", sa.Text(), server_default="answered_in/(answered+abandoned)", nullable=False
        ),
    )
    op.add_column("queues", sa.Column("short_abandon_seconds", sa.Integer(), server_default="5", nullable=False))
    op.add_column("queues", sa.Column("music", sa.Text(), server_default="default", nullable=False))
    op.add_column(
        "queues", sa.Column("wrap_up_code_required", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("queues", sa.Column("announce_seconds", sa.Integer(), nullable=True))
    op.add_column(
        "queues", sa.Column("announce_position", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.add_column("queues", sa.Column("announce_wait", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.add_column("queues", sa.Column("callback_key", sa.Text(), nullable=True))
    op.add_column("queues", sa.Column("callback_attempts", sa.Integer(), server_default="3", nullable=False))
    op.add_column("queues", sa.Column("callback_busy_seconds", sa.Integer(), server_default="300", nullable=False))
    op.add_column(
        "queues", sa.Column("callback_no_answer_seconds", sa.Integer(), server_default="1800", nullable=False)
    )
    op.add_column("queues", sa.Column("schedule_id", sa.Uuid(), nullable=True))
    op.add_column("queue_members", sa.Column("penalty", sa.Integer(), server_default="0", nullable=False))
    op.add_column("queue_members", sa.Column("position", sa.Integer(), server_default="0", nullable=False))
    op.add_column("queue_members", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("queue_members", sa.Column("paused_reason", sa.Text(), nullable=True))
    op.add_column("queue_members", sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("queue_members", sa.Column("answered", sa.Integer(), server_default="0", nullable=False))
    op.add_column("queue_members", sa.Column("answered_on", sa.Date(), nullable=True))
    op.create_foreign_key(
        op.f("fk_queues_schedule_id"), "queues", "schedules", ["schedule_id"], ["id"], ondelete="SET NULL"
    )


def _numbers() -> None:
    op.add_column("numbers", sa.Column("menu_id", sa.Uuid(), nullable=True))
    op.add_column("numbers", sa.Column("priority", sa.Integer(), server_default="50", nullable=False))
    op.alter_column("numbers", "queue_id", existing_type=sa.Uuid(), nullable=True)
    op.create_index(op.f("ix_numbers_menu_id"), "numbers", ["menu_id"], unique=False)
    op.create_foreign_key(op.f("fk_numbers_menu_id"), "numbers", "menus", ["menu_id"], ["id"])
    op.create_check_constraint(op.f("ck_numbers_one_destination"), "numbers", "num_nonnulls(queue_id, menu_id) = 1")


def _calls() -> None:
    op.add_column("agents", sa.Column("attempt", sa.Integer(), nullable=True))
    op.add_column("agents", sa.Column("missed", sa.Integer(), server_default="0", nullable=False))
    op.add_column("calls", sa.Column("priority", sa.Integer(), server_default="50", nullable=False))
    op.add_column("calls", sa.Column("exit", sa.Text(), nullable=True))
    op.add_column("calls", sa.Column("wrap_up_code", sa.Text(), nullable=True))
    op.add_column("cdrs", sa.Column("exit", sa.Text(), nullable=True))
    op.add_column("cdrs", sa.Column("wrap_up_code", sa.Text(), nullable=True))
    op.add_column("waiting_calls", sa.Column("priority", sa.Integer(), server_default="50", nullable=False))
    op.add_column("waiting_calls", sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "waiting_calls",
        sa.Column("skills", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
    )
    op.create_index(op.f("ix_cdrs_queue_id_arrived_at"), "cdrs", ["queue_id", "arrived_at"], unique=False)
    op.execute(
        "ALTER TABLE waiting_calls ALTER offered_to TYPE uuid[]"
        " USING CASE WHEN offered_to IS NULL THEN '{}'::uuid[] ELSE ARRAY[offered_to] END,"
        " ALTER offered_to SET DEFAULT '{}', ALTER offered_to SET NOT NULL"
    )


_TRIGGERS = {
    # A claim that ran out was never noticed: the agent has been idle since then.
    "note_agent_change": """
        CREATE FUNCTION note_agent_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND OLD.state = 'offered' AND OLD.until < NEW.since THEN
                INSERT INTO agent_changes (user_id, state, at) VALUES (NEW.user_id, 'idle', OLD.until);
            END IF;
            INSERT INTO agent_changes (user_id, state, reason, call_id, at)
            VALUES (NEW.user_id, NEW.state, NEW.reason, NEW.call_id, NEW.since);
            RETURN NULL;
        END $$
    """,
    "note_queue_pause": """
        CREATE FUNCTION note_queue_pause() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO agent_changes (user_id, queue_id, state, reason, at)
            VALUES (NEW.user_id, NEW.queue_id, CASE WHEN NEW.paused_at IS NULL THEN 'idle' ELSE 'paused' END,
                NEW.paused_reason, coalesce(NEW.paused_at, clock_timestamp()));
            RETURN NULL;
        END $$
    """,
}


def _triggers() -> None:
    for body in _TRIGGERS.values():
        op.execute(body)
    op.execute("CREATE TRIGGER note_new AFTER INSERT ON agents FOR EACH ROW EXECUTE FUNCTION note_agent_change()")
    op.execute("""
        CREATE TRIGGER note_change AFTER UPDATE OF state, reason, call_id ON agents FOR EACH ROW
        WHEN ((OLD.state, OLD.reason, OLD.call_id) IS DISTINCT FROM (NEW.state, NEW.reason, NEW.call_id))
        EXECUTE FUNCTION note_agent_change()
    """)
    op.execute("""
        CREATE TRIGGER note_pause AFTER UPDATE OF paused_at, paused_reason ON queue_members FOR EACH ROW
        WHEN ((OLD.paused_at IS NULL, OLD.paused_reason) IS DISTINCT FROM (NEW.paused_at IS NULL, NEW.paused_reason))
        EXECUTE FUNCTION note_queue_pause()
    """)

"""Who can be rung: computed from the facts at the moment of asking, so that nothing has to be tidied up."""

from datetime import timedelta

from sqlalchemy import Boolean, ColumnElement, text, type_coerce

PORTAL_SILENCE = timedelta(seconds=30)
"""A web agent whose page has been silent this long is not reachable."""

WRAP_UP_GRACE = timedelta(seconds=10)
"""A wrap-up that nobody ended is over this long after its time."""

IS_OVER = f"""(
    (agents.state = 'offered' AND agents.until < :now)
    OR (agents.state = 'wrap_up' AND agents.until + interval '{WRAP_UP_GRACE.seconds} seconds' < :now)
    OR (agents.state IN ('on_call', 'wrap_up') AND NOT EXISTS (
        SELECT FROM calls WHERE calls.id = agents.call_id AND agents.user_id IN (calls.user_id, calls.guest_id)))
)"""
"""Whether what an agent is doing outlived its time or its call, so that the agent counts as idle `:now`."""

IS_REACHABLE = f"""(
    extensions.registered AND extensions.removed_at IS NULL
    AND (extensions.kind = 'sip' OR agents.portal_seen_at + interval '{PORTAL_SILENCE.seconds} seconds' > :now)
)"""
"""Whether a user's phone, and for a Web extension the page, is there."""

IS_FREE = f"((agents.state = 'idle' OR {IS_OVER}) AND agents.wanted IS NULL)"
"""Whether a user has nothing to do `:now`, and is not about to leave."""

AVAILABLE = f"(queue_members.paused_at IS NULL AND {IS_REACHABLE} AND {IS_FREE})"
"""Whether a member of a queue can be rung for it `:now`: free, not about to leave, and the phone is there."""

OVER: ColumnElement[bool] = type_coerce(text(IS_OVER), Boolean)
"""IS_OVER as a part of other statements, which are told `now` when they run."""

REACHABLE: ColumnElement[bool] = type_coerce(text(IS_REACHABLE), Boolean)
"""IS_REACHABLE likewise."""

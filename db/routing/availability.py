"""Which agents can be rung: computed from the facts at the moment of asking, so that nothing has to be tidied up."""

from datetime import timedelta

from sqlalchemy import Boolean, ColumnElement, String, text, type_coerce

from db.models.participant import HOLDS_NOW
from db.nodes.leases import living
from domain.agents.agent import NotOffered

PORTAL_SILENCE = timedelta(seconds=30)
"""A web agent whose page has been silent this long is not reachable."""

WRAP_UP_GRACE = timedelta(seconds=10)
"""A wrap-up that nobody ended is over this long after its time."""

AWAY_FOR_A_MOMENT = timedelta(seconds=60)
"""An agent whose page is loaded anew, or whose headset is plugged in again, within this time has been there."""

IS_OVER = f"""(
    (agents.state = 'offered' AND agents.until < :now)
    OR (agents.state = 'wrap_up' AND agents.until + interval '{WRAP_UP_GRACE.seconds} seconds' < :now)
    OR (agents.state IN ('on_call', 'wrap_up') AND NOT EXISTS (
        SELECT FROM participants
        WHERE participants.call_id = agents.call_id AND participants.user_id = agents.user_id AND {HOLDS_NOW}))
)"""
"""Whether what an agent is doing outlived its time or its call, so that the agent counts as idle `:now`."""

_RECENTLY = f"(:now - interval '{AWAY_FOR_A_MOMENT.seconds} seconds')"


def _registered(now: str) -> str:
    return f"""EXISTS (
        SELECT FROM registrations
        WHERE registrations.extension_id = extensions.id AND registrations.node = ANY({living(now)})
    )"""


IS_REGISTERED = _registered(":now")
"""Whether a user's phone is registered with a node that is alive `:now`."""

IS_REACHABLE = f"""(
    {IS_REGISTERED} AND extensions.removed_at IS NULL
    AND (extensions.kind = 'sip' OR agents.portal_seen_at + interval '{PORTAL_SILENCE.seconds} seconds' > :now)
)"""
"""Whether a user's phone, and for a Web extension the page, is there."""

PHONE_NODE = f"""(
    SELECT registrations.node FROM registrations
    WHERE registrations.extension_id = extensions.id AND registrations.node = ANY({living(":now")})
    ORDER BY registrations.since DESC LIMIT 1
)"""  # noqa: S608 - made of constants
"""The node at which a user's phone is rung `:now`; NULL when it is at none that is alive."""

IS_FREE = f"((agents.state = 'idle' OR {IS_OVER}) AND agents.wanted IS NULL)"
"""Whether a user has nothing to do `:now`, and is not about to leave."""

HAS_MICROPHONE = "(extensions.kind = 'sip' OR extensions.microphone_lost_at IS NULL)"
"""Whether a caller could be heard: what the page has said of the browser's microphone."""

IS_THERE = f"""(
    agents.state <> 'offline' AND extensions.removed_at IS NULL
    AND ({_registered(_RECENTLY)} OR extensions.registered_since > {_RECENTLY})
    AND (extensions.kind = 'sip' OR (
        agents.portal_seen_at + interval '{PORTAL_SILENCE.seconds} seconds' > {_RECENTLY}
        AND coalesce(extensions.microphone_lost_at > {_RECENTLY}, true)))
)"""
"""Whether a user is logged in with a phone that hears, busy or paused or not, but for a moment at most."""

AVAILABLE = f"(queue_members.paused_at IS NULL AND {IS_REACHABLE} AND {HAS_MICROPHONE} AND {IS_FREE})"
"""Whether a member of a queue can be rung for it `:now`: free, not about to leave, with a phone that hears."""

NOT_OFFERED = f"""(CASE
    WHEN NOT {IS_FREE} THEN NULL
    WHEN NOT {IS_REACHABLE} THEN '{NotOffered.NO_PHONE}'
    WHEN NOT {HAS_MICROPHONE} THEN '{NotOffered.NO_MICROPHONE}'
    ELSE (SELECT CASE WHEN count(*) = 0 THEN '{NotOffered.NO_QUEUE}'
            WHEN bool_and(queue_members.paused_at IS NOT NULL) THEN '{NotOffered.PAUSED_EVERYWHERE}' END
        FROM queue_members WHERE queue_members.user_id = agents.user_id)
END)"""  # noqa: S608 - made of constants
"""Why an agent who is free gets no calls of queues; NULL for whoever gets them, or is not free."""

OVER: ColumnElement[bool] = type_coerce(text(IS_OVER), Boolean)
"""IS_OVER as a part of other statements, which are told `now` when they run."""

REGISTERED: ColumnElement[bool] = type_coerce(text(IS_REGISTERED), Boolean)
"""IS_REGISTERED likewise."""

REACHABLE: ColumnElement[bool] = type_coerce(text(IS_REACHABLE), Boolean)
"""IS_REACHABLE likewise."""

WHY_NOT_OFFERED: ColumnElement[str | None] = type_coerce(text(NOT_OFFERED), String)
"""NOT_OFFERED likewise."""

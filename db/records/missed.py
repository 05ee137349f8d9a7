"""Which calls an agent has missed, in the one way in which the list and the rate both count them."""

from datetime import timedelta

from db.core.partitions import LONGEST_CALL
from db.routing.claims import CLAIM_LASTS

SHORT = timedelta(seconds=10)
"""A ring, or a try, that somebody else gave up so soon says nothing about the agent: some three times it rang."""

# A call that rang the agent and was not taken, neither then nor later, while nobody else had it: a call that a
# colleague picked up first is nobody's miss, and what rings after the answer is a consultation, unless the call was in
# line again by then. A claim that ended by running out has rung no phone.
#
# It counts against the agent, unless the caller gave up before it had rung for long.
#
# `rung` is what the statement around it has of the index ix_agent_changes_rung. What is asked about each miss is asked
# about the few that are left by then: hence the materialized parts, which the planner would else join in an order of
# its own.
MISSED = f"""
    untaken AS MATERIALIZED (
        SELECT id, call_id, at FROM rung
        WHERE state = 'offered'
            AND NOT EXISTS (SELECT FROM rung AS taken WHERE taken.state = 'on_call' AND taken.call_id = rung.call_id)
    ),
    ended AS MATERIALIZED (
        SELECT call_id, at,
            (SELECT later.at FROM agent_changes AS later
                WHERE later.user_id = :user_id AND later.queue_id IS NULL AND later.at >= untaken.at
                    AND (later.at, later.id) > (untaken.at, untaken.id)
                ORDER BY later.at, later.id LIMIT 1) AS until,
            known.answered_at, known.type, known.given_up_at
        FROM untaken LEFT JOIN LATERAL (
            SELECT cdrs.answered_at, cdrs.type, CASE WHEN cdrs.disposition = 'abandoned' THEN cdrs.ended_at END
                AS given_up_at
            FROM cdrs WHERE cdrs.call_id = untaken.call_id
                AND cdrs.arrived_at BETWEEN untaken.at - interval '{LONGEST_CALL.days} days'
                    AND untaken.at + interval '1 hour'
            UNION ALL
            SELECT calls.answered_at, calls.type, NULL FROM calls WHERE calls.id = untaken.call_id
            LIMIT 1
        ) AS known ON true
    ),
    missed AS (
        SELECT call_id, at,
            NOT coalesce(until >= given_up_at AND until - at < interval '{SHORT.seconds} seconds', false) AS counts
        FROM ended
        WHERE until <> at + interval '{CLAIM_LASTS.seconds} seconds' AND type IS DISTINCT FROM 'manual'
            AND (answered_at IS NULL OR answered_at > until OR EXISTS (
                SELECT FROM queue_visits AS again
                WHERE again.call_id = ended.call_id AND again.entered_at > answered_at
                    AND ended.at BETWEEN again.entered_at AND again.left_at
                    AND (again.outcome <> 'answered' OR ended.until < again.left_at)))
    )
"""  # noqa: S608 - made of constants
DIALLED_IN_VAIN = f"""(
    cdrs.disposition IN ('unanswered', 'busy') AND cdrs.type <> 'inbound' AND cdrs.queued_at IS NOT NULL
    AND NOT (cdrs.ended_by = 'agent' AND cdrs.ended_at - cdrs.queued_at < interval '{SHORT.seconds} seconds')
)"""
"""Whether a customer whom we called, which `queued_at` tells, did not answer, and was not given up at once."""

"""The end of a call: its one CDR, its recordings, and the agent's way back to the line."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from db.agents import release
from db.core.engine import WriteSession
from db.core.notices import Notice, publish
from db.routing import claims
from domain.calls.call import Disposition, Party
from domain.events.notice import NoticeKind
from domain.routing.matching import Match

_END = text("""
    WITH call AS (
        UPDATE calls SET stage = 'wrap_up', ended_at = greatest(:ended_at, answered_at), ended_by = :ended_by
        WHERE id = :call_id RETURNING *
    ),
    -- The agent has the call until the wrap-up is over.
    over AS (
        UPDATE participants
        SET until = CASE WHEN role = 'agent' THEN until ELSE greatest(:ended_at, since) END,
            seconds = CASE WHEN joined_at IS NOT NULL
                THEN greatest(0, extract(epoch FROM coalesce(call.lost_at, call.ended_at) - joined_at)) END
        FROM call WHERE participants.call_id = call.id AND until IS NULL
    ),
    agent AS (
        SELECT user_id, CASE WHEN until IS NULL THEN joined_at END AS joined_at FROM participants
        WHERE call_id = :call_id AND role = 'agent' ORDER BY id DESC LIMIT 1
    ),
    in_line AS (
        DELETE FROM waiting_calls WHERE call_id = :call_id RETURNING queue_id, entered_at
    ),
    stay AS (
        SELECT in_line.queue_id, coalesce(queued_at, entered_at) AS begun,
            greatest(extract(epoch FROM ended_at - coalesce(queued_at, entered_at)), 0) AS seconds
        FROM call CROSS JOIN in_line
    ),
    visit AS (
        INSERT INTO queue_visits (call_id, queue_id, entered_at, left_at, outcome, wait_seconds)
        SELECT :call_id, queue_id, begun, greatest(:ended_at, begun),
            CASE WHEN :abandoned THEN 'abandoned' ELSE 'flowed_out' END, seconds
        FROM stay
        ON CONFLICT DO NOTHING
    ),
    times AS (
        SELECT
            coalesce((SELECT sum(wait_seconds) FROM queue_visits
                WHERE call_id = call.id AND entered_at > call.arrived_at - interval '1 hour'), 0)
                + coalesce((SELECT seconds FROM stay), 0) AS waited,
            talked + coalesce(greatest(extract(epoch FROM coalesce(lost_at, ended_at) - talk_since), 0), 0) AS talked,
            recording_paused_seconds
                + coalesce(greatest(extract(epoch FROM ended_at - recording_paused_at), 0), 0) AS paused
        FROM call
    ),
    record AS (
        INSERT INTO cdrs (call_id, type, direction, disposition, customer_number, received_number, customer_name,
            our_number, queue_id, queue_name, user_id, agent_name, arrived_at, queued_at, answered_at, ended_at,
            wait_seconds, talk_seconds, own_seconds, ended_by, cause, exit, failure, recording_due)
        SELECT call.id, call.type, call.direction, :disposition, customer_number, received_number, customer_name,
            our_number, call.queue_id, queues.name, users.id, users.name, arrived_at, queued_at, answered_at, ended_at,
            times.waited, times.talked,
            CASE WHEN answered_at IS NOT NULL THEN least(times.talked, greatest(0, extract(epoch FROM
                coalesce(lost_at, ended_at) - greatest(agent.joined_at, answered_at)))) END,
            :ended_by, :cause, :exit, :failure,
            CASE WHEN call.recorded THEN greatest(times.talked - times.paused, 0) END
        FROM call CROSS JOIN times
        LEFT JOIN queues ON queues.id = call.queue_id
        LEFT JOIN agent ON true
        -- An agent whose phone only rang has no part in an inbound call's record.
        LEFT JOIN users ON users.id = agent.user_id AND (answered_at IS NOT NULL OR call.type <> 'inbound')
        ON CONFLICT DO NOTHING
    ),
    wraps_up AS (
        UPDATE agents SET state = 'wrap_up', since = :ended_at, until = :until
        FROM call CROSS JOIN agent
        WHERE :wraps_up AND agents.user_id = agent.user_id AND agents.call_id = call.id AND agents.state = 'on_call'
    )
    SELECT agent.user_id, queue_id FROM call LEFT JOIN agent ON true
""")
_COMPLETE = text("""
    WITH call AS (
        DELETE FROM calls WHERE id = :call_id RETURNING id, arrived_at
    ),
    record AS (
        -- Who gave the call to somebody outside was its last agent, and may have coded the own part of it.
        UPDATE cdrs SET completed_at = :now, wrap_up_code = coalesce(:code, (
                SELECT wrap_up_code FROM participants
                WHERE call_id = :call_id AND role = 'agent' ORDER BY id DESC LIMIT 1)),
            wrap_up_seconds = greatest(extract(epoch FROM :now - ended_at), 0)
        FROM call
        WHERE cdrs.call_id = call.id AND cdrs.arrived_at = call.arrived_at AND completed_at IS NULL
    )
    UPDATE participants SET until = :now, wrap_up_code = :code,
        wrap_up_seconds = greatest(extract(epoch FROM :now - cdrs.ended_at), 0)
    FROM call JOIN cdrs ON cdrs.call_id = call.id AND cdrs.arrived_at = call.arrived_at
    WHERE participants.call_id = call.id AND participants.until IS NULL
""")


_EXTEND = text("""
    UPDATE agents SET until = :until WHERE user_id = :user_id AND call_id = :call_id AND state = 'wrap_up'
""")


@dataclass(frozen=True)
class Ending:
    """How a call ended. `cause` is the Q.850 cause that Asterisk gave; `exit` how it left its queue unserved.

    `failure` is why a call of ours was not answered.
    """

    call_id: str
    disposition: Disposition
    ended_by: Party
    cause: int
    ended_at: datetime
    exit: str | None = None
    failure: str | None = None


async def end(session: WriteSession, ending: Ending, wrap_up: timedelta) -> None:
    """The talk, or the wait, is over: the CDR is written, and the agent goes to wrap-up.

    A second time changes nothing.
    """
    values = {
        "call_id": ending.call_id,
        "disposition": ending.disposition.value,
        "ended_by": ending.ended_by.value,
        "cause": ending.cause,
        "exit": ending.exit,
        "failure": ending.failure,
        "abandoned": ending.disposition is Disposition.ABANDONED,
        "ended_at": ending.ended_at,
        "wraps_up": wrap_up > timedelta(0),
        "until": ending.ended_at + wrap_up,
    }
    if ending.disposition is not Disposition.ANSWERED:
        # The call may be in line: a claim for it holds this lock and then wants its rows.
        await claims.lock(session)
    row = (await session.execute(_END, values)).first()
    if row is not None:
        publish(session, Notice(NoticeKind.CALL_ENDED, row.user_id, row.queue_id, {"call_id": ending.call_id}))


async def extend_wrap_up(session: WriteSession, call_id: str, user_id: UUID, until: datetime) -> None:
    """The agent's wrap-up lasts until then."""
    await session.execute(_EXTEND, {"call_id": call_id, "user_id": user_id, "until": until})
    publish(session, Notice(NoticeKind.CALL_WRAP_UP_EXTENDED, user_id, None, {"call_id": call_id}))


async def complete(session: WriteSession, call_id: str, now: datetime, code: str | None = None) -> list[Match]:
    """The call's work is done: its CDR is completed, its row goes, its agent is matched with the line."""
    await session.execute(_COMPLETE, {"call_id": call_id, "now": now, "code": code})
    return (await release.release(session, call_id, now, told=NoticeKind.CALL_COMPLETED)).matches

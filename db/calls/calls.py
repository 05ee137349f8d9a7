"""Calls that are going on: each function is one step of a call's life, safe to repeat."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select, text, update

from db.agents import release
from db.agents.release import Parting
from db.calls import participants
from db.core.engine import TODAY, AnySession, WriteSession
from db.core.notices import Notice, publish
from db.models import Call, Participant, WaitingCall
from db.routing import claims
from db.routing.availability import IS_FREE
from db.routing.claims import Asker, Claim
from domain.calls.call import CallRole, CallStage
from domain.events.notice import NoticeKind
from domain.routing.matching import Match

ENOUGH_TO_CONNECT = timedelta(seconds=5)
"""A claim that lasts as long as this outlives the connection of its parties."""
HELD_TO_CONNECT = timedelta(seconds=15)
"""How long an agent who has picked up is held, if the claim would end sooner."""

_QUIET = {"synchronize_session": False}

_MISS = text("""
    UPDATE waiting_calls
    SET offered_to = ARRAY(SELECT unnest(offered_to) EXCEPT SELECT unnest(CAST(:users AS uuid[]))),
        missed_by = missed_by || ARRAY(SELECT unnest(CAST(:users AS uuid[])) EXCEPT SELECT unnest(missed_by))
    WHERE call_id = :call_id
    RETURNING offered_to = '{}' AS waits
""")
# A customer with whom an agent talks need not be called back: neither by this queue, nor after an agent has dialled.
# The other agents who were rung keep their idle time: they have not had a call.
_CONNECT = text(f"""
    WITH winner AS (
        UPDATE agents SET state = 'on_call', since = :now, until = NULL, missed = 0
        WHERE user_id = :user_id AND call_id = :call_id AND state IN ('offered', 'on_call')
        RETURNING attempt
    ),
    call AS (
        UPDATE calls
        -- What the agent before had paused is none of the next one's.
        SET stage = 'connected', answered_at = coalesce(answered_at, :now), recorded = :recorded,
            talk_since = coalesce(talk_since, :now), lost_at = NULL,
            recording_paused = false, recording_paused_at = NULL,
            recording_paused_seconds = recording_paused_seconds
                + coalesce(greatest(extract(epoch FROM :now - recording_paused_at), 0), 0),
            recording_failed = recording_failed OR :unrecorded,
            returning_to = NULL
        WHERE id = :call_id AND EXISTS (SELECT FROM winner)
        RETURNING id, queue_id, coalesce(queued_at, arrived_at) AS queued_at, customer_number, arrived_at, offered_at
    ),
    agent AS (
        INSERT INTO participants (call_id, role, user_id, leg, arrived_at, since, joined_at)
        SELECT id, 'agent', :user_id, coalesce(winner.attempt, 0), arrived_at, coalesce(offered_at, :now), :now
        FROM call CROSS JOIN winner
        ON CONFLICT (call_id, role) WHERE until IS NULL AND role IN ('agent', 'third_party') DO UPDATE
        SET user_id = excluded.user_id, leg = excluded.leg, muted = false, joined_at = CASE
            WHEN participants.user_id = excluded.user_id THEN coalesce(participants.joined_at, excluded.joined_at)
            ELSE excluded.joined_at END
    ),
    customer AS (
        INSERT INTO participants (call_id, role, number, arrived_at, since, joined_at)
        SELECT id, 'customer', customer_number, arrived_at, arrived_at, :now FROM call
        WHERE NOT EXISTS (SELECT FROM participants WHERE call_id = :call_id AND role = 'customer')
    ),
    served AS (
        UPDATE callbacks SET state = 'done', closed_at = :now, next_at = NULL FROM call
        WHERE callbacks.closed_at IS NULL AND callbacks.state = 'waiting' AND callbacks.call_id <> :call_id
            AND (call.queue_id IS NULL OR callbacks.queue_id = call.queue_id)
            AND (callbacks.number = call.customer_number OR EXISTS (
                SELECT FROM cdrs
                WHERE cdrs.call_id = callbacks.asked_in_call_id AND cdrs.customer_number = call.customer_number
                    AND cdrs.arrived_at BETWEEN callbacks.asked_at - interval '7 days' AND callbacks.asked_at))
        RETURNING callbacks.call_id
    ),
    withdrawn AS (
        DELETE FROM waiting_calls USING served WHERE waiting_calls.call_id = served.call_id
    ),
    in_line AS (
        DELETE FROM waiting_calls WHERE call_id = :call_id AND EXISTS (SELECT FROM winner) RETURNING call_id, queue_id
    ),
    visit AS (
        INSERT INTO queue_visits (call_id, queue_id, entered_at, left_at, outcome, wait_seconds)
        SELECT call_id, in_line.queue_id, queued_at, :now, 'answered',
            greatest(extract(epoch FROM :now - queued_at), 0)
        FROM in_line CROSS JOIN call
        ON CONFLICT DO NOTHING
    ),
    member AS (
        UPDATE queue_members
        SET answered = CASE WHEN answered_on = {TODAY} THEN answered + 1 ELSE 1 END, answered_on = {TODAY}
        FROM in_line JOIN queues ON queues.id = in_line.queue_id AND queues.strategy = 'fewest_calls'
        WHERE queue_members.queue_id = in_line.queue_id AND queue_members.user_id = :user_id
    )
    SELECT queue_id FROM call
""")  # noqa: S608 - made of constants
_IS_HELD = text("""
    SELECT FROM agents
    WHERE user_id = :user_id AND call_id = :call_id AND (state = 'on_call' OR state = 'offered' AND until > :at_least)
""")
# The agent stays claimed; only the end of the claim changes.
_HOLD = text(f"""
    WITH agent AS (
        UPDATE agents
        SET state = CASE WHEN call_id = :call_id AND state = 'on_call' THEN 'on_call' ELSE 'offered' END,
            until = CASE WHEN call_id = :call_id AND state = 'on_call' THEN until ELSE :until END,
            call_id = :call_id, attempt = :attempt
        WHERE user_id = :user_id
            AND (call_id = :call_id AND state IN ('offered', 'on_call') OR {IS_FREE})
            AND EXISTS (SELECT FROM calls WHERE id = :call_id AND ended_at IS NULL)
        RETURNING user_id
    ),
    line AS (
        UPDATE waiting_calls SET offered_to = offered_to || agent.user_id FROM agent
        WHERE waiting_calls.call_id = :call_id AND agent.user_id <> ALL(offered_to)
    )
    SELECT user_id FROM agent
""")  # noqa: S608 - made of constants


async def search(  # noqa: PLR0913, PLR0917 - each is a different fact of the search
    session: WriteSession,
    call_id: str,
    queue_id: UUID,
    attempt: int,
    now: datetime,
    ring: timedelta,
    *,
    is_new: bool = False,
) -> tuple[list[Claim], Sequence[Match]]:
    """The agents to be rung for a call in line, if there are any, and all matches made on the way.

    Claims that the call holds already are kept; those that ran out are given back. A new call holds none.
    """
    await claims.lock(session)
    asker = Asker(call_id, attempt, ring)
    held = [] if is_new else await claims.confirm(session, asker, now)
    return (held, []) if held else await claims.match_asker(session, asker, queue_id, now)


async def forgive(session: WriteSession, call_id: str) -> None:
    """Forgets which agents missed a call, so that they can be rung for it again."""
    # Before the call's row: a claim for this call holds the lock and then wants that row.
    await claims.lock(session)
    await session.execute(
        update(WaitingCall).where(WaitingCall.call_id == call_id).values(missed_by=[]).execution_options(**_QUIET),
    )


async def connect(  # noqa: PLR0913 - each is a different fact of the connection
    session: WriteSession,
    call_id: str,
    user_id: UUID,
    now: datetime,
    *,
    recorded: bool,
    since: datetime | None = None,
    others: bool = False,
    unrecorded: bool = False,
) -> list[Match] | None:
    """Notes that the customer and the agent talk, `since` then if that is not now.

    `others` who were rung too are free, and may find other calls.

    `unrecorded`: the talk is to be recorded, and that has failed.

    None when the agent is not held for the call any more: then nothing is changed.
    """
    if others:
        # Before any agent's row, as everywhere.
        await claims.lock(session)
    values = {"call_id": call_id, "user_id": user_id, "now": now}
    recording = {"recorded": recorded, "unrecorded": unrecorded}
    connected = (await session.execute(_CONNECT, {**values, **recording, "now": since or now})).first()
    if connected is None:
        return None
    queue_id = connected.queue_id
    publish(session, Notice(NoticeKind.CALL_CONNECTED, user_id, queue_id, {"call_id": call_id}))
    if not others:
        return []
    return (await release.release(session, call_id, now, but=[user_id], told=NoticeKind.CALL_TAKEN)).matches


async def is_held(session: AnySession, call_id: str, user_id: UUID, now: datetime) -> bool:
    """Whether an agent is the call's, and stays so for long enough to be connected."""
    about = {"call_id": call_id, "user_id": user_id, "at_least": now + ENOUGH_TO_CONNECT}
    return (await session.execute(_IS_HELD, about)).first() is not None


async def hold(session: WriteSession, call_id: str, user_id: UUID, attempt: int, now: datetime) -> bool:
    """Keeps an agent who has picked up for the call. False when the claim ran out and the agent has become another's.

    An agent who picks up late is claimed again while no other call has the agent.
    """
    await claims.lock(session)
    about = {"call_id": call_id, "user_id": user_id, "attempt": attempt, "now": now, "until": now + HELD_TO_CONNECT}
    return (await session.execute(_HOLD, about)).first() is not None


async def is_unanswered(session: AnySession, call_id: str, attempt: int) -> bool:
    """Whether a call goes on and the agent of this leg has not talked on it yet."""
    talks = Call.answered_at.is_not(None) & exists().where(*participants.is_agent(call_id), Participant.leg == attempt)
    found = await session.execute(select(Call.id).where(Call.id == call_id, ~talks))
    return found.first() is not None


async def missed(  # noqa: PLR0913 - each is a different fact of the miss
    session: WriteSession,
    call_id: str,
    user_ids: Collection[UUID],
    queue_id: UUID,
    now: datetime,
    *,
    no_answer: bool,
    limit: int | None,
) -> list[Match]:
    """Takes a call back from agents who did not take it; when nobody rings for it any more, it is in line again.

    An agent who has let `limit` calls in a row ring without an answer is paused.
    """
    await claims.lock(session)
    waits = await session.scalar(_MISS, {"call_id": call_id, "users": list(user_ids)})
    if waits:
        await session.execute(
            update(Call)
            .where(Call.id == call_id, Call.stage == CallStage.OFFERED)
            .values(stage=CallStage.WAITING, offered_at=None)
            .execution_options(**_QUIET),
        )
    for user_id in user_ids:
        publish(session, Notice(NoticeKind.CALL_MISSED, user_id, queue_id, {"call_id": call_id}))
    why = Parting.MISSED if no_answer else Parting.DECLINED
    # Before the call that went back looks for somebody: they may be due to an older call of another queue.
    released = await release.release(session, call_id, now, users=user_ids, why=why, limit=limit)
    return released.matches + await claims.match(session, [queue_id], now)


async def recording_failed(session: WriteSession, call_id: str) -> None:
    """Notes that a talk that is to be recorded is not, and tells the users in it."""
    await session.execute(
        update(Call).where(Call.id == call_id).values(recording_failed=True).execution_options(**_QUIET)
    )
    for user_id in await participants.users_in(session, call_id):
        publish(session, Notice(NoticeKind.CALL_RECORDING_FAILED, user_id, None, {"call_id": call_id}))


async def mute(session: WriteSession, call_id: str, *, muted: bool, guest: bool = False) -> None:
    """Notes whether the microphone of the agent, or of the third party, is off."""
    role = CallRole.THIRD_PARTY if guest else CallRole.AGENT
    found = await session.scalar(
        update(Participant)
        .where(*participants.is_in(call_id, role))
        .values(muted=muted)
        .returning(Participant.user_id)
        .execution_options(**_QUIET),
    )
    publish(session, Notice(NoticeKind.CALL_MUTED, found, None, {"call_id": call_id, "muted": muted}))

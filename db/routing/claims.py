"""Claims: under one lock, waiting calls and available agents are matched, so that no pair is missed or made twice."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from db.core.engine import WriteSession
from db.core.notices import Notice, publish
from db.routing import candidates
from db.routing.availability import IS_FREE, PHONE_NODE
from db.routing.candidates import Line
from domain.agents.agent import ExtensionKind
from domain.events.notice import NoticeKind
from domain.routing import matching

ROUTING_LOCK = 0x45564C52
CLAIM_LASTS = timedelta(seconds=5)
"""How long a claim holds an agent before the call's workflow has confirmed it by ringing."""

_CHANCE = Random()  # noqa: S311 - who is rung is no secret
_MOST_ROUNDS = 3
"""The calls that a freed agent is tried with one by one: the first is mostly the one. Then the whole lines are read."""

_HELD = "routing lock"
_LOCK = text(f"SELECT pg_advisory_xact_lock({ROUTING_LOCK})")
# An agent with an attempt is rung at once, by the call that asks. The others wait until their calls confirm.
# A late answer, after the claim has run out, takes no lock. So each row is looked at once more when it is written,
# and an agent who talks by then, or has become something else, is not claimed.
_CLAIM = text(f"""
    WITH made AS (
        SELECT *
        FROM unnest(CAST(:calls AS text[]), CAST(:users AS uuid[]), CAST(:queues AS uuid[]), CAST(:attempts AS int[]))
            AS made(call_id, user_id, queue_id, attempt)
    ),
    agent AS (
        UPDATE agents AS target
        SET state = 'offered', since = :now, reason = NULL, call_id = made.call_id, attempt = made.attempt,
            until = CASE WHEN made.attempt IS NULL THEN :until ELSE :ring_until END, wanted = NULL, wanted_reason = NULL
        FROM made JOIN agents ON agents.user_id = made.user_id
        WHERE target.user_id = made.user_id AND {IS_FREE} AND target.state = agents.state
            AND target.since = agents.since AND target.call_id IS NOT DISTINCT FROM agents.call_id
        RETURNING made.call_id, made.user_id, made.queue_id, made.attempt
    ),
    member AS (
        UPDATE queue_members SET offered_at = :now
        FROM agent JOIN queues ON queues.id = agent.queue_id AND queues.strategy = 'round_robin'
        WHERE queue_members.queue_id = agent.queue_id AND queue_members.user_id = agent.user_id
    ),
    line AS (
        UPDATE waiting_calls SET offered_to = chosen.users
        FROM (SELECT call_id, array_agg(user_id) AS users FROM agent GROUP BY call_id) AS chosen
        WHERE waiting_calls.call_id = chosen.call_id
    ),
    call AS (
        UPDATE calls SET stage = 'offered', offered_at = :now
        WHERE id IN (SELECT call_id FROM agent WHERE attempt IS NOT NULL)
    )
    SELECT agent.user_id, agent.attempt, extensions.number, extensions.kind, {PHONE_NODE} AS node
    FROM agent JOIN extensions ON extensions.user_id = agent.user_id
    ORDER BY agent.attempt
""")  # noqa: S608 - made of constants
# A call that holds nobody any more stands in line again.
_CONFIRM = text(f"""
    WITH held AS (
        SELECT agents.user_id, extensions.number, extensions.kind, {PHONE_NODE} AS node, coalesce(agents.attempt,
            CAST(:attempt AS int) - 1 + count(agents.attempt) OVER ()
                + row_number() OVER (PARTITION BY agents.attempt IS NULL ORDER BY agents.user_id)) AS attempt
        FROM agents JOIN extensions ON extensions.user_id = agents.user_id
        WHERE agents.call_id = :call_id AND agents.state = 'offered'
            AND EXISTS (SELECT FROM waiting_calls
                WHERE waiting_calls.call_id = :call_id AND agents.user_id = ANY(waiting_calls.offered_to))
    ),
    agent AS (
        UPDATE agents SET until = :until, attempt = held.attempt FROM held WHERE agents.user_id = held.user_id
    ),
    line AS (
        UPDATE waiting_calls SET offered_to = '{{}}'
        WHERE call_id = :call_id AND offered_to <> '{{}}' AND NOT EXISTS (SELECT FROM held)
    ),
    call AS (
        UPDATE calls SET stage = 'offered', offered_at = :now WHERE id = :call_id AND EXISTS (SELECT FROM held)
    )
    SELECT user_id, attempt, number, kind, node FROM held ORDER BY attempt
""")  # noqa: S608 - made of constants


@dataclass(frozen=True)
class Claim:
    """An agent held for a call, the number of the leg that rings the agent, and what is needed to do so."""

    call_id: str
    user_id: UUID
    attempt: int
    extension: str
    kind: ExtensionKind
    node: str | None = None
    """At which the phone is registered; None when it has just gone."""


@dataclass(frozen=True)
class Asker:
    """A call that rings its agents at once: on legs from `attempt` on, until `ring` has passed."""

    call_id: str
    attempt: int
    ring: timedelta


async def lock(session: WriteSession) -> None:
    """Waits for the routing lock, which the end of the transaction lets go. Once held, it costs nothing."""
    # Undoing a savepoint lets go of what was locked after it: there nothing can be remembered.
    if not session.info.get(_HELD):
        await session.execute(_LOCK)
        session.info[_HELD] = not session.in_nested_transaction()


async def match(session: WriteSession, queue_ids: Collection[UUID], now: datetime) -> list[matching.Match]:
    """Claims agents for every call of these queues that can have some. The caller holds the routing lock."""
    _, matches = await _serve(session, await candidates.of_queues(session, queue_ids, now), now)
    return matches


async def match_asker(
    session: WriteSession, asker: Asker, queue_id: UUID, now: datetime
) -> tuple[list[Claim], list[matching.Match]]:
    """As `match` for the queue in which a call asks; the asker's own claims are confirmed with it."""
    return await _serve(session, await candidates.of_queues(session, [queue_id], now), now, asker)


async def match_agents(session: WriteSession, user_ids: Collection[UUID], now: datetime) -> list[matching.Match]:
    """As `match`, for agents who have become available together. Takes the routing lock.

    One agent is tried with the first call that the agent may take, and, should that find somebody better, with the
    next. The lines of several are read once: as many statements for two hundred as for two.
    """
    await lock(session)
    made: list[matching.Match] = []
    if len(user_ids) == 1:
        [agent] = user_ids
        tried: list[str] = []
        while len(tried) < _MOST_ROUNDS:
            line = await candidates.first_for(session, agent, tried, now)
            if not line.calls:
                return made
            _, matches = await _serve(session, line, now)
            made += matches
            tried += [call.call_id for call in line.calls]
            if any(match.user_id == agent for match in matches):
                return made
    queue_ids = await candidates.queues_of(session, user_ids) if user_ids else []
    return made + await match(session, queue_ids, now) if queue_ids else made


async def confirm(session: WriteSession, asker: Asker, now: datetime) -> list[Claim]:
    """The agents whom a call holds, who are being rung for it from now on; when it holds nobody, it is in line."""
    values = {"call_id": asker.call_id, "attempt": asker.attempt, "now": now, "until": now + asker.ring}
    return _rung(session, asker.call_id, (await session.execute(_CONFIRM, values)).all())


async def _serve(
    session: WriteSession, line: Line, now: datetime, asker: Asker | None = None
) -> tuple[list[Claim], list[matching.Match]]:
    matches = matching.match(line.calls, line.candidates, line.rules, now, _CHANCE)
    if not matches:
        return [], []
    values = {
        "calls": [made.call_id for made in matches],
        "users": [made.user_id for made in matches],
        "queues": [made.queue_id for made in matches],
        "attempts": _attempts(matches, asker),
        "now": now,
        "until": now + CLAIM_LASTS,
        "ring_until": now + (asker.ring if asker else CLAIM_LASTS),
    }
    claimed = (await session.execute(_CLAIM, values)).all()
    got = {row.user_id for row in claimed}
    matches = [made for made in matches if made.user_id in got]
    for made in matches:
        publish(session, Notice(NoticeKind.AGENT_CLAIMED, made.user_id, made.queue_id, {"call_id": made.call_id}))
    own = [row for row in claimed if row.attempt is not None]
    return _rung(session, asker.call_id, own) if asker else [], matches


def _attempts(matches: Sequence[matching.Match], asker: Asker | None) -> list[int | None]:
    own = sorted(made.user_id for made in matches if asker and made.call_id == asker.call_id)
    first = asker.attempt if asker else 0
    return [first + own.index(made.user_id) if made.user_id in own else None for made in matches]


def _rung(session: WriteSession, call_id: str, rows: Sequence[Row[Any]]) -> list[Claim]:
    claims = []
    for row in rows:
        publish(session, Notice(NoticeKind.CALL_OFFERED, row.user_id, None, {"call_id": call_id}))
        claims.append(Claim(call_id, row.user_id, row.attempt, row.number, ExtensionKind(row.kind), row.node))
    return claims

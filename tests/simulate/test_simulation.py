"""The short form of `make simulate`: few calls, but each must wait to the moment as long as theory has it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from db.core.engine import Database
from db.routing import candidates
from simulate.__main__ import Outcome, simulate
from simulate.callers import Caller, Wait, ideal
from simulate.rows import ROWS, Row

CALLS = 600
MORE = 60_000


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=4)
    yield opened
    await opened.close()


async def run(db: Database, row: Row) -> Outcome:
    return await simulate(db, row, CALLS, seed=1, more=MORE)


@pytest.mark.parametrize("row", [ROWS[1], ROWS[3]])
async def test_every_caller_waits_as_theory_has_it(db: Database, row: Row) -> None:
    outcome = await run(db, row)
    assert outcome.unlike == 0
    # Five standard errors and more: 4 figures of 2 rows at 95 % would miss by chance.
    assert outcome.both.asa.mean == pytest.approx(outcome.wanted.asa, abs=2.5 * outcome.both.asa.margin)
    level = outcome.both.service_level
    assert level.mean == pytest.approx(outcome.wanted.service_level, abs=2.5 * level.margin)


async def test_a_claim_that_serves_the_last_in_line_first_is_found_out(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def newest_first(waiting: Any, *_: Any) -> Any:
        return sorted(waiting, key=lambda call: call.entered_at, reverse=True)

    async def whole_line(session: Any, user_id: Any, _but: Any, now: Any) -> Any:
        mine = text("SELECT queue_id FROM queue_members WHERE user_id = :user_id")
        queues = list(await session.scalars(mine, {"user_id": user_id}))
        return await candidates.of_queues(session, queues, now)

    monkeypatch.setattr("domain.routing.matching.in_order", newest_first)
    monkeypatch.setattr("db.routing.candidates.first_for", whole_line)
    assert (await run(db, ROWS[1])).unlike > 0


def test_the_ideal_path_is_the_first_in_line_for_the_first_who_is_free() -> None:
    people = [Caller(0, 10, 99), Caller(1, 10, 99), Caller(2, 5, 99), Caller(3, 5, 4), Caller(4, 5, 99)]
    found = list(ideal(2, people))
    # Agents are free at 10 and 11; the third waits 8 s, the fourth gives up after 4, the last waits from 4 to 11.
    assert found == [Wait(0, True), Wait(0, True), Wait(8, True), Wait(4, False), Wait(7, True)]

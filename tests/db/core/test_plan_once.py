import pytest
from sqlalchemy import text

from db.core.engine import Database


@pytest.mark.parametrize("plan_once", [True, False])
async def test_a_process_says_whether_its_statements_are_planned_once(database: str, plan_once: bool) -> None:
    db = Database(database, pool_size=1, plan_once=plan_once)
    async with db.read() as session:
        mode = await session.scalar(text("SHOW plan_cache_mode"))
    await db.close()
    assert mode == ("force_generic_plan" if plan_once else "auto")

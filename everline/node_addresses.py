"""Whether the nodes of a centre reach each other, for who starts one."""

from collections.abc import Sequence

from db.core.engine import Database
from db.nodes import reach


async def warnings(database_url: str, time_zone: str) -> Sequence[str]:
    """A sentence for each node whose phones the others cannot ring."""
    database = Database(database_url, pool_size=1, time_zone=time_zone)
    try:
        async with database.read() as session:
            found = await reach.listing(session)
    finally:
        await database.close()
    return [reach.warning(name) for name in reach.unreachable(found)]

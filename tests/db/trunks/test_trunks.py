"""Which trunk a number goes out by, and how it is written there."""

from collections.abc import AsyncIterator

import pytest

from db.core.clock import now
from db.core.engine import Database
from db.core.errors import AlreadyTakenError
from db.trunks import trunks
from db.trunks.trunks import TrunkLine
from domain.numbering.number_format import NumberFormat

_LINES = (
    TrunkLine("way-a", "192.0.2.1", "192.0.2.1", position=20),
    TrunkLine("way-b", "192.0.2.2", "192.0.2.2", position=10, number_format=NumberFormat.ZEROS),
    TrunkLine("way-c", "192.0.2.3", "192.0.2.3", position=90, prefixes=("+44",)),
    TrunkLine("way-d", "192.0.2.4", "192.0.2.4", position=95, prefixes=("+4420", "+33"), shown="+4930999"),
)


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=2)
    async with opened.write() as session:
        for line in _LINES:
            await trunks.add(session, line)
    yield opened
    async with opened.write() as session:
        for line in _LINES:
            await trunks.remove(session, line.name, now())
    await opened.close()


@pytest.mark.parametrize(
    ("number", "ways"),
    [
        ("+493012345", ["way-b", "way-a"]),
        ("+441132960000", ["way-c", "way-b", "way-a"]),
        ("+442079460123", ["way-d", "way-c", "way-b", "way-a"]),
    ],
)
async def test_the_longest_prefix_goes_first_and_then_the_order(db: Database, number: str, ways: list[str]) -> None:
    async with db.read() as session:
        found = await trunks.candidates(session, number, "+49301", "DE")
    assert [route.trunk for route in found if route.trunk.startswith("way-")] == ways


async def test_number_and_caller_are_written_as_the_trunk_wants_them(db: Database) -> None:
    async with db.read() as session:
        found = {route.trunk: route for route in await trunks.candidates(session, "+33145000000", "+49301", "DE")}
    assert (found["way-b"].number, found["way-b"].caller) == ("0033145000000", "+49301")
    assert (found["way-d"].number, found["way-d"].caller) == ("+33145000000", "+4930999")


@pytest.mark.parametrize("match", ["192.0.2.1", "192.0.2.1/32", "198.51.100.0/24,192.0.2.0/29", "0.0.0.0/0"])
async def test_no_address_is_two_trunks(db: Database, match: str) -> None:
    async with db.write() as session:
        with pytest.raises(AlreadyTakenError, match="are those of the trunk"):
            await trunks.add(session, TrunkLine("way-f", "192.0.2.6", match))
        await trunks.add(session, TrunkLine("way-f", "192.0.2.6", "192.0.2.6,2001:db8::/32"))
        with pytest.raises(AlreadyTakenError):
            await trunks.put(session, TrunkLine("way-f", "192.0.2.6", match))
        await trunks.put(session, TrunkLine("way-f", "192.0.2.6", "192.0.2.6"))
        await trunks.remove(session, "way-f", now())


async def test_trunks_that_log_in_share_what_they_like(db: Database) -> None:
    async with db.write() as session:
        for name in ("way-g", "way-h"):
            await trunks.add(session, TrunkLine(name, "192.0.2.7", "", login_digest="a" * 32))
        for name in ("way-g", "way-h"):
            await trunks.remove(session, name, now())


async def test_a_removed_trunk_keeps_no_password(db: Database) -> None:
    async with db.write() as session:
        await trunks.add(session, TrunkLine("way-e", "192.0.2.5", "192.0.2.5", username="u", password="se-cret"))
        await trunks.remove(session, "way-e", now())
        [gone] = [found.line for found in await trunks.changed_since(session, 0) if found.line.name == "way-e"]
    assert gone.password == ""

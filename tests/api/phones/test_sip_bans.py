"""Administrators see who is kept out for guessing phones' passwords, and let them in again."""

import pytest

from db.core.clock import now
from db.phones import sip_bans
from tests.api.admin import office
from tests.api.floor import Floor


@pytest.mark.parametrize("banned", ["192.0.2.71", "2001:db8:7:1::"])
async def test_a_ban_is_listed_and_lifted_by_whom_the_audit_names(floor: Floor, address: str, banned: str) -> None:
    async with floor.database.write() as session:
        until = await sip_bans.ban(session, banned, "1001", now())
    async with office(floor, address) as boss:
        [listed] = [one for one in (await boss.done("GET", "/sip-bans"))["items"] if one["address"] == banned]
        assert (listed["extension"], listed["times"]) == ("1001", 1)
        assert listed["until"].startswith(until.isoformat()[:19])
        await boss.done("DELETE", f"/sip-bans/{banned}")
        assert await boss.audited(banned) == [("sip_ban.lifted", {})]
        assert (await boss.refused("DELETE", f"/sip-bans/{banned}")) == (404, f"{banned} is not banned.")

from datetime import timedelta

from db.core.clock import now
from db.core.engine import Database
from db.phones import sip_bans
from tests.commands.conftest import Command


async def test_who_is_kept_out_is_listed_and_let_in_again(database: str, command: Command) -> None:
    store = Database(database)
    async with store.write() as session:
        await sip_bans.ban(session, "192.0.2.44", "1001", now())
        await sip_bans.note_place(session, "192.0.2.46", now())
    async with store.read() as session:
        [ban] = [ban for ban in await sip_bans.active(session, now()) if ban.address == "192.0.2.44"]
        assert ban.until - ban.banned_at == timedelta(minutes=1)
    async with store.write() as session:
        await sip_bans.forget(session, now() + timedelta(days=40))
        assert not await sip_bans.active(session, now())
        assert not await sip_bans.is_known(session, "192.0.2.46", now())
    await store.close()


def test_an_address_that_is_not_banned_is_told(command: Command) -> None:
    assert "Nobody is kept out" in command("ban", "list").text
    assert command("ban", "lift", "192.0.2.45").text == "192.0.2.45 is not banned."

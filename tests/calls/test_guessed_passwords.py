"""Who guesses SIP passwords is kept out, and nobody else."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from db.core.clock import now
from db.models import AuditEntry, SipBan, SipPlace
from db.phones import sip_bans
from everline.stack import Stack
from tests.support.centre import PHONE_ADDRESS, TRUNK_ADDRESS, Centre
from tests.support.guesser import Guesser
from tests.support.stack import killed_and_back

STRANGER, OTHER, THIRD, OFFICE, FOURTH = "127.0.0.50", "127.0.0.51", "127.0.0.53", "127.0.0.52", "127.0.0.54"
MANY = 15
KEPT_OUT, ASKED, LET_IN = 403, 401, 200


@pytest.fixture(autouse=True)
async def no_bans(centre: Centre) -> AsyncIterator[None]:
    """Nobody is banned before and after a test, and no place is known."""
    yield
    for address in await _bans(centre):
        await _lift(centre, address)
    async with centre.database.write() as session:
        await session.execute(delete(SipBan))
        await session.execute(delete(SipPlace).where(SipPlace.address != PHONE_ADDRESS))


async def _bans(centre: Centre) -> list[str]:
    async with centre.database.read() as session:
        return [ban.address for ban in await sip_bans.active(session, now())]


async def _until_banned(centre: Centre, address: str) -> None:
    async def so() -> bool:
        return address in await _bans(centre)

    await centre.until(so)


async def _lift(centre: Centre, address: str) -> None:
    async with centre.database.write() as session:
        await sip_bans.lift(session, address, None, now())


async def _noted(centre: Centre, action: str, address: str) -> bool:
    async with centre.database.read() as session:
        found = select(AuditEntry.id).where(AuditEntry.action == action, AuditEntry.subject == address)
        return (await session.scalars(found)).first() is not None


async def _guess(guesser: Guesser, extension: str) -> None:
    await guesser.challenge(extension)
    for n in range(MANY):
        await guesser.guess(extension, f"wrong {n}")


async def test_who_guesses_is_kept_out_even_with_the_right_password(centre: Centre, stack: Stack) -> None:
    agent = await centre.add_agent()
    secret = agent.sip_secret or ""
    async with Guesser.start(STRANGER, centre.sip_server) as guesser:
        await _guess(guesser, agent.extension)
        await _until_banned(centre, STRANGER)

        async def kept_out() -> bool:
            return await guesser.guess(agent.extension, secret) == KEPT_OUT

        async def asked_again() -> bool:
            return await guesser.challenge(agent.extension) == ASKED

        await centre.until(kept_out)
        assert await _noted(centre, "sip_ban.made", STRANGER)
        # Whoever is elsewhere is let in, and the ban outlives the processes that made it and that obey it.
        async with centre.desk_phone() as phone:
            await centre.register(phone, agent)
        for part in ("node", "asterisk"):
            await killed_and_back(stack, part)
            await centre.until(kept_out)
        await _lift(centre, STRANGER)
        await centre.until(asked_again)
        assert await guesser.guess(agent.extension, secret) == LET_IN


async def test_a_ban_ends_by_itself(centre: Centre) -> None:
    agent = await centre.add_agent()
    async with Guesser.start(OTHER, centre.sip_server) as guesser:
        await _guess(guesser, agent.extension)
        await _until_banned(centre, OTHER)

        async def is_status(status: int) -> bool:
            return await guesser.challenge(agent.extension) == status

        await centre.until(lambda: is_status(KEPT_OUT))
        async with centre.database.write() as session:
            ban = await session.get_one(SipBan, OTHER)
            ban.until = now()
        await centre.until(lambda: is_status(ASKED))


async def test_a_phone_that_was_let_in_is_not_kept_out_for_who_guesses_beside_it(centre: Centre) -> None:
    agent, colleague = await centre.add_agent(), await centre.add_agent()
    async with Guesser.start(OFFICE, centre.sip_server) as phone, Guesser.start(OFFICE, centre.sip_server) as guesser:
        await phone.challenge(agent.extension)
        assert await phone.guess(agent.extension, agent.sip_secret or "") == LET_IN
        await _guess(guesser, colleague.extension)

        async def told() -> bool:
            return await _noted(centre, "sip.guessed", OFFICE)

        await centre.until(told)
        assert await _bans(centre) == []
        assert await phone.challenge(agent.extension) == ASKED
        assert await phone.guess(agent.extension, agent.sip_secret or "") == LET_IN


async def test_a_trunk_and_the_browsers_address_are_never_kept_out(centre: Centre) -> None:
    agent = await centre.add_agent()
    for address in ("127.0.0.1", TRUNK_ADDRESS):
        async with Guesser.start(address, centre.sip_server) as guesser:
            await _guess(guesser, agent.extension)
    # What comes later has been looked at later.
    async with Guesser.start(THIRD, centre.sip_server) as guesser:
        await _guess(guesser, agent.extension)
    await _until_banned(centre, THIRD)
    assert await _bans(centre) == [THIRD]


async def test_a_ban_for_what_came_over_udp_stays_short_for_its_address_may_be_forged(centre: Centre) -> None:
    agent, moment = await centre.add_agent(), now()
    async with centre.database.write() as session:
        earlier = {"extension": agent.extension, "times": 10, "banned_at": moment - timedelta(hours=9)}
        session.add(SipBan(address=FOURTH, until=moment, **earlier))
    async with Guesser.start(FOURTH, centre.sip_server) as guesser:
        await _guess(guesser, agent.extension)
        await _until_banned(centre, FOURTH)
    async with centre.database.read() as session:
        ban = await session.get_one(SipBan, FOURTH)
    assert (ban.times, ban.until - ban.banned_at) == (11, timedelta(minutes=8))


async def test_a_ban_grows_with_each_and_lifting_it_forgets_them(centre: Centre) -> None:
    address, moment = "192.0.2.77", now()
    async with centre.database.write() as session:
        lengths = [((await sip_bans.ban(session, address, "1001", moment)) - moment).total_seconds() for _ in range(3)]
    assert lengths == [60, 120, 240]
    await _lift(centre, address)
    async with centre.database.write() as session:
        assert ((await sip_bans.ban(session, address, "1001", moment)) - moment).total_seconds() == 60

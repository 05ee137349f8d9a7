"""A phone that is registered with another node's Asterisk is rung, and talks, as if it were at this one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from domain.calls.causes import HangupCause
from everline.node.calls.hangups import Hangups, Why
from telephony.dialling import ANSWER_AT_ONCE, node_endpoint
from telephony.events import ChannelDestroyed, ChannelDialled, ChannelEnteredApp, ChannelHeld, HangupRequested
from telephony.peer import Peer, PeerLogin
from tests.phones.audio import tones_in
from tests.phones.raw_caller import RawCaller
from tests.phones.raw_phone import RawPhone
from tests.phones.soft_phone import SoftPhone
from tests.support.stack import temporary_home
from tests.telephony.conftest import PASSWORD, PHONE
from tests.telephony.node import CALLER_ADDRESS, PHONE_ADDRESS, TestNode, ha1, start_node
from tests.telephony.running import RunningAsterisk, make_site

SECRET = "the same at both nodes"


@dataclass(frozen=True)
class Two:
    """The node that has the calls, and the one that has the phone."""

    here: TestNode
    there: TestNode

    async def ring(self, leg: str, extension: str = PHONE, **options: object) -> None:
        await self.here.asterisk.originate(
            leg,
            endpoint=node_endpoint(extension, "t2"),
            app_args="agent,c1",
            caller_name="Zoë Müller",
            caller_number="+4930555",
            timeout=10,
            **options,  # type: ignore[arg-type]
        )

    async def why(self, leg: str) -> Why:
        """Why a leg has ended, as the node process takes it."""
        hangups = Hangups()
        hangups.requested(await self.here.heard.wait(HangupRequested, lambda event: event.channel.id == leg))
        return hangups.ended(await self.ended(leg))

    async def ended(self, leg: str) -> ChannelDestroyed:
        return await self.here.heard.wait(ChannelDestroyed, lambda event: event.channel.id == leg, seconds=15)


@pytest.fixture(scope="module")
async def two(node: TestNode) -> AsyncIterator[Two]:
    """Two real Asterisks that know each other; the phone PHONE is known to the second only."""
    with temporary_home() as home:
        asterisk = RunningAsterisk(replace(await make_site(home), node_name="t2"))
        async with AsyncExitStack() as stack:
            stack.push_async_callback(asterisk.stop)
            await asterisk.start()
            there = await stack.enter_async_context(start_node(asterisk.site))
            await node.provisioning.push_peer(PeerLogin("t1", SECRET), Peer("t2", there.sip))
            await there.provisioning.push_peer(PeerLogin("t2", SECRET), Peer("t1", node.sip))
            await there.provisioning.push_extension(PHONE, "sip", ha1(PHONE, PASSWORD))
            yield Two(node, there)


@pytest.fixture
async def far_phone(two: Two, tmp_path: Path) -> AsyncIterator[SoftPhone]:
    async with SoftPhone.start(bind=PHONE_ADDRESS, number=PHONE, tone_hz=600, record=tmp_path / "far.wav") as phone:
        await phone.register(two.there.sip, PHONE, PASSWORD)
        yield phone


async def test_it_rings_with_the_caller_and_both_hear_each_other(
    two: Two, far_phone: SoftPhone, tmp_path: Path
) -> None:
    heard = tmp_path / "customer.wav"
    async with SoftPhone.start(bind=CALLER_ADDRESS, tone_hz=900, record=heard) as customer:
        mark = two.here.heard.mark()
        call = await customer.dial(f"sip:5000@{two.here.sip}")
        entered = await two.here.heard.wait(ChannelEnteredApp, after=mark)
        await two.here.asterisk.answer(entered.channel.id)
        await two.ring("far-talk")
        ringing = await far_phone.next_call()
        assert (ringing.caller, ringing.caller_name) == ("+4930555", "Zoë Müller")
        await two.here.heard.wait(ChannelDialled, lambda event: event.channel.id == "far-talk" and event.rings)
        await ringing.answer()
        answered = await two.here.heard.wait(ChannelEnteredApp, lambda event: event.channel.id == "far-talk")
        assert not answered.channel.on_trunk
        await two.here.asterisk.create_bridge("far-b")
        await two.here.asterisk.add_to_bridge("far-b", [entered.channel.id, "far-talk"])
        await asyncio.sleep(3)  # The talk itself takes time; nothing is waited for.
        await ringing.hang_up()
        assert await two.why("far-talk") == Why()
        await call.hang_up()
    await two.here.asterisk.destroy_bridge("far-b")
    assert tones_in(heard, [600])[600].seconds > 1.0
    assert tones_in(tmp_path / "far.wav", [900])[900].seconds > 1.0


async def test_we_hang_up_and_the_phone_is_free(two: Two, far_phone: SoftPhone) -> None:
    await two.ring("far-bye")
    ringing = await far_phone.next_call()
    await ringing.answer()
    await two.here.heard.wait(ChannelEnteredApp, lambda event: event.channel.id == "far-bye")
    await two.here.asterisk.hang_up("far-bye")
    await ringing.wait_for_end()


async def test_ringing_stops_and_the_phone_lists_no_missed_call(two: Two, far_phone: SoftPhone) -> None:
    await two.ring("far-elsewhere")
    ringing = await far_phone.next_call()
    await two.here.asterisk.hang_up("far-elsewhere", HangupCause.ANSWERED_ELSEWHERE)
    await ringing.wait_for_end()


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (603, Why(declined=True)),
        (486, Why(declined=True)),
        (480, Why(declined=True)),
        (410, Why(moved=True)),
    ],
)
async def test_a_phone_that_declines_has_declined(two: Two, far_phone: SoftPhone, status: int, why: Why) -> None:
    leg = f"far-{status}"
    await two.ring(leg)
    await (await far_phone.next_call()).decline(status)
    assert await two.why(leg) == why


async def test_hold_by_the_phones_own_button_is_told(two: Two, far_phone: SoftPhone) -> None:
    await two.ring("far-hold")
    ringing = await far_phone.next_call()
    await ringing.answer()
    await two.here.heard.wait(ChannelEnteredApp, lambda event: event.channel.id == "far-hold")
    await ringing.hold()
    await two.here.heard.wait(ChannelHeld, lambda event: event.channel.id == "far-hold" and event.held)
    await ringing.resume()
    await two.here.heard.wait(ChannelHeld, lambda event: event.channel.id == "far-hold" and not event.held)
    await ringing.hang_up()
    await two.ended("far-hold")


async def test_a_page_is_told_to_answer_at_once(two: Two, far_phone: SoftPhone) -> None:
    await two.ring("far-once", variables=ANSWER_AT_ONCE)
    ringing = await far_phone.next_call()
    assert "X-Everline-Answer: yes" in ringing.invite
    await two.here.asterisk.hang_up("far-once")
    await ringing.wait_for_end()


async def test_an_ordinary_ring_has_no_such_header(two: Two, far_phone: SoftPhone) -> None:
    await two.ring("far-ordinary")
    ringing = await far_phone.next_call()
    assert "X-Everline-Answer" not in ringing.invite
    await two.here.asterisk.hang_up("far-ordinary")
    await ringing.wait_for_end()


async def test_a_phone_that_is_not_heard_any_more_is_lost_and_has_not_hung_up(two: Two) -> None:
    await two.there.provisioning.push_extension("202", "sip", ha1("202", PASSWORD))
    await two.there.provisioning._put("endpoint", "202", {"rtp_timeout": "1"})
    async with RawPhone.start(PHONE_ADDRESS) as phone:
        await phone.register(two.there.sip, "202", PASSWORD)
        await two.ring("far-lost", extension="202")
        await phone.rung()
        phone.answer()
        assert await two.why("far-lost") == Why(lost=True)


async def test_a_bye_with_the_cause_of_a_silent_phone_is_no_hang_up(two: Two) -> None:
    await two.there.provisioning.push_extension("204", "sip", ha1("204", PASSWORD))
    async with RawPhone.start(PHONE_ADDRESS) as phone:
        await phone.register(two.there.sip, "204", PASSWORD)
        await two.ring("far-reason", extension="204")
        await phone.rung()
        phone.answer()
        await two.here.heard.wait(ChannelEnteredApp, lambda event: event.channel.id == "far-reason")
        phone.hang_up(b"Reason: Q.850;cause=44")
        assert await two.why("far-reason") == Why(lost=True)


async def test_a_phone_that_is_not_there_ends_the_leg(two: Two) -> None:
    await two.ring("far-nobody", extension="203")
    assert (await two.ended("far-nobody")).cause is HangupCause.UNALLOCATED


async def test_somebody_without_the_secret_is_no_node(two: Two) -> None:
    async with RawCaller.start(CALLER_ADDRESS) as stranger:
        stranger.dial(two.there.sip, PHONE, b"<sip:from~t1@example.org>")
        assert await stranger.wait_for(300) == 401

"""A phone of ours dials: it enters our application under its own name, and hears why when nothing is dialled for it."""

import asyncio
from pathlib import Path

from domain.calls.causes import HangupCause
from domain.dialling_rules.refusal import DialRefusal
from telephony.events import ChannelDestroyed, ChannelEnteredApp
from tests.phones.phone_call import PhoneCall
from tests.phones.soft_phone import SoftPhone
from tests.support.sound import loudness
from tests.telephony.conftest import PASSWORD, PHONE
from tests.telephony.node import PHONE_ADDRESS, TestNode, ha1

STATUS = {
    DialRefusal.NUMBER: 403,
    DialRefusal.NOT_NOW: 480,
    DialRefusal.NOT_HERE: 403,
    DialRefusal.NO_LINE: 503,
}
LISTENER = "302"
SPEECH_DB = -40.0


async def test_what_a_phone_dials_comes_with_the_phones_own_name_and_ends_once(
    node: TestNode, phone: SoftPhone
) -> None:
    call = await phone.dial(f"sip:2025550147@{node.sip}")
    entered = await node.heard.wait(ChannelEnteredApp, lambda event: event.arguments[0] == "dialled")
    assert entered.arguments == ("dialled", "2025550147")
    assert (entered.channel.endpoint, entered.channel.way_in) == (PHONE, "dialled")
    await node.asterisk.ring(entered.channel.id)
    await call.wait_for("early")
    await call.hang_up()
    ended = await node.heard.wait(ChannelDestroyed, lambda event: event.channel.id == entered.channel.id)
    assert ended.cause is HangupCause.NORMAL


async def test_a_refusal_is_heard_and_then_shown_and_may_be_repeated(node: TestNode, tmp_path: Path) -> None:
    await node.provisioning.push_extension(LISTENER, "sip", ha1(LISTENER, PASSWORD))
    async with SoftPhone.start(bind=PHONE_ADDRESS, record=tmp_path / "heard.wav") as phone:
        await phone.register(node.sip, LISTENER, PASSWORD)
        refused: list[tuple[DialRefusal, PhoneCall, str]] = []
        for refusal in DialRefusal:
            mark = node.heard.mark()
            call = await phone.dial(f"sip:5{len(refused)}@{node.sip}")
            channel = (await node.heard.wait(ChannelEnteredApp, after=mark)).channel.id
            await node.asterisk.refuse(channel, refusal)
            await node.asterisk.refuse(channel, refusal)
            refused.append((refusal, call, channel))
        statuses = await asyncio.gather(*(call.wait_for_end(30) for _, call, _ in refused))
        assert dict(zip(DialRefusal, statuses, strict=True)) == STATUS
        for _, call, channel in refused:
            assert not call.answered
            assert call.recording is not None
            assert loudness(call.recording) > SPEECH_DB
            await node.asterisk.refuse(channel, DialRefusal.NUMBER)
    await node.provisioning.remove_extension(LISTENER)

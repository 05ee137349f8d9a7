import pytest

from domain.calls.causes import HangupCause
from telephony.dialling import extension_endpoint
from telephony.errors import BadRequest, Unreachable
from telephony.events import ChannelDestroyed, ChannelDialled, ChannelEnteredApp, PlaybackFinished
from tests.phones.soft_phone import SoftPhone
from tests.telephony.conftest import PHONE
from tests.telephony.node import TestNode

ENDPOINT = extension_endpoint(PHONE)


async def _ended(node: TestNode, leg: str) -> ChannelDestroyed:
    return await node.heard.wait(ChannelDestroyed, lambda event: event.channel.id == leg)


async def test_a_phone_rings_with_the_callers_name_and_our_header(node: TestNode, phone: SoftPhone) -> None:
    name, number = 'Eve "x\\" <666>', "+4930555"
    await node.asterisk.originate(
        "leg-ring",
        endpoint=ENDPOINT,
        app_args="agent,c1",
        caller_name=name,
        caller_number=number,
        timeout=10,
        variables={"PJSIP_HEADER(add,X-Everline-Call)": "c1"},
    )
    call = await phone.next_call()
    assert (call.caller, call.caller_name) == (number, name)
    assert "X-Everline-Call: c1" in call.invite
    await node.heard.wait(ChannelDialled, lambda event: event.channel.id == "leg-ring" and event.rings)
    await call.answer()
    entered = await node.heard.wait(ChannelEnteredApp, lambda event: event.channel.id == "leg-ring")
    assert entered.arguments == ("agent", "c1")
    assert (await node.asterisk.channel("leg-ring")).arguments == ("agent", "c1")
    await call.hang_up()
    assert (await _ended(node, "leg-ring")).cause in {HangupCause.UNKNOWN, HangupCause.NORMAL}


@pytest.mark.parametrize(
    ("status", "cause"),
    [(603, HangupCause.REJECTED), (486, HangupCause.BUSY), (480, HangupCause.NO_ANSWER)],
)
async def test_a_decline_tells_its_cause(node: TestNode, phone: SoftPhone, status: int, cause: HangupCause) -> None:
    leg = f"leg-{status}"
    await node.asterisk.originate(leg, endpoint=ENDPOINT, app_args="agent,c1", timeout=10)
    await (await phone.next_call()).decline(status)
    assert (await _ended(node, leg)).cause is cause


async def test_nobody_answers(node: TestNode, phone: SoftPhone) -> None:
    await node.asterisk.originate("leg-none", endpoint=ENDPOINT, app_args="agent,c1", timeout=1)
    call = await phone.next_call()
    assert (await _ended(node, "leg-none")).cause is HangupCause.NO_ANSWER
    await call.wait_for_end()


async def test_we_stop_the_ringing(node: TestNode, phone: SoftPhone) -> None:
    await node.asterisk.originate("leg-stop", endpoint=ENDPOINT, app_args="agent,c1", timeout=10)
    call = await phone.next_call()
    assert await node.asterisk.hang_up("leg-stop", HangupCause.ANSWERED_ELSEWHERE)
    await call.wait_for_end()
    assert (await _ended(node, "leg-stop")).cause is HangupCause.ANSWERED_ELSEWHERE


async def test_a_repeated_originate_dials_once(node: TestNode, phone: SoftPhone) -> None:
    assert await node.asterisk.originate("leg-twice", endpoint=ENDPOINT, app_args="agent,c1", timeout=10)
    assert not await node.asterisk.originate("leg-twice", endpoint=ENDPOINT, app_args="agent,c1", timeout=10)
    await phone.next_call()
    await node.asterisk.hang_up("leg-twice")
    await _ended(node, "leg-twice")
    assert len(phone.calls) == 1


async def test_an_absent_phone_is_unreachable_even_after_a_repetition(node: TestNode, phone: SoftPhone) -> None:
    await node.asterisk.originate("leg-before", endpoint=ENDPOINT, app_args="agent,c1", timeout=10)
    await node.asterisk.originate("leg-before", endpoint=ENDPOINT, app_args="agent,c1", timeout=10)
    await node.asterisk.hang_up("leg-before")
    for _ in range(2):
        with pytest.raises(Unreachable):
            await node.asterisk.originate("leg-absent", endpoint="PJSIP/999", app_args="agent,c1", timeout=10)


@pytest.mark.parametrize("extension", ["", "201&PJSIP/202", "201/sip:x@y", "a b", "201@trunk"])
def test_a_hostile_extension_is_not_dialled(extension: str) -> None:
    with pytest.raises(BadRequest):
        extension_endpoint(extension)


async def test_an_announcement_is_played_once(node: TestNode, phone: SoftPhone) -> None:
    await node.asterisk.originate("leg-play", endpoint=ENDPOINT, app_args="agent,c1", timeout=10)
    await (await phone.next_call()).answer()
    await node.heard.wait(ChannelEnteredApp, lambda event: event.channel.id == "leg-play")
    for _ in range(2):
        await node.asterisk.play("leg-play", "leg-play-p1", "sound:beep")
    assert (await node.heard.wait(PlaybackFinished)).playback == "leg-play-p1"
    await node.asterisk.stop_playing("leg-play-p1")
    await node.asterisk.hang_up("leg-play")
    await _ended(node, "leg-play")

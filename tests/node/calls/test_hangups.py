from dataclasses import replace

import pytest

from db.core.clock import now
from domain.calls.causes import HangupCause
from everline.node.calls.hangups import Hangups, Why
from telephony.events import ChannelDestroyed, HangupRequested
from telephony.model import Channel, ChannelState

LEG = Channel("t1-1.1-a1", "PJSIP/201-1", ChannelState.UP, "", "", "", now())
RINGING = replace(LEG, state=ChannelState.RINGING)


def ended(leg: Channel, cause: int, asked: tuple[bool, int] | None) -> Why:
    """`asked`: softly or not, and by which SIP status."""
    hangups = Hangups()
    if asked is not None:
        hangups.requested(HangupRequested(now(), leg, *asked))
    return hangups.ended(ChannelDestroyed(now(), leg, HangupCause.of(cause), cause))


# The causes and statuses are those that Asterisk 22.10 gives for a BYE with the Reason on the right.
@pytest.mark.parametrize(
    ("cause", "status"),
    [
        (0, 0),  # none
        (16, 0),  # Q.850;cause=16
        (31, 480),  # Q.850;cause=31
        (44, 0),  # Q.850;cause=44
        (127, 500),  # Q.850;cause=127, or SIP;cause=487
        (18, 408),  # SIP;cause=408
    ],
)
def test_a_bye_is_a_hang_up_whatever_its_reason_says(cause: int, status: int) -> None:
    assert ended(LEG, cause, (False, status)) == Why()


def test_a_phone_that_asterisk_gives_up_for_its_silence_is_lost() -> None:
    assert ended(LEG, 44, (True, 0)) == Why(lost=True)


def test_a_phone_that_knows_nothing_of_its_call_any_more_is_lost() -> None:
    assert ended(LEG, 127, (False, 481)) == Why(lost=True)


def test_a_phone_that_has_answered_without_sound_is_lost() -> None:
    assert ended(LEG, 127, (False, 406)) == Why(lost=True)


def test_a_leg_that_we_hang_up_is_not_lost() -> None:
    assert ended(LEG, 16, (True, 0)) == Why()


@pytest.mark.parametrize(("cause", "status"), [(19, 480), (17, 486), (21, 603), (17, 600)])
def test_a_phone_that_does_not_want_the_call_declines(cause: int, status: int) -> None:
    assert ended(RINGING, cause, (False, status)) == Why(declined=True)


@pytest.mark.parametrize("status", [404, 408, 488, 500, 503])
def test_a_phone_that_cannot_take_the_call_does_not_decline(status: int) -> None:
    assert ended(RINGING, 1, (False, status)) == Why()


def test_a_page_that_goes_while_it_rings_has_left_and_not_declined() -> None:
    assert ended(RINGING, 1, (False, 410)) == Why(moved=True)


def test_a_phone_that_rang_in_vain_does_not_decline() -> None:
    assert ended(RINGING, 19, None) == Why()


def test_what_was_asked_is_forgotten_with_the_channel() -> None:
    hangups = Hangups()
    hangups.requested(HangupRequested(now(), LEG, soft=True, status=0))
    silent = ChannelDestroyed(now(), LEG, HangupCause.NO_SOUND, 44)
    assert hangups.ended(silent) == Why(lost=True)
    assert hangups.ended(silent) == Why()


@pytest.mark.parametrize("status", [302, 487, 0])
def test_a_redirection_is_one_whatever_the_channel_ends_by(status: int) -> None:
    hangups = Hangups()
    hangups.requested(HangupRequested(now(), RINGING, soft=False, status=status))
    hangups.redirected(RINGING.id)
    end = ChannelDestroyed(now(), RINGING, HangupCause.NO_ANSWER, 19, status)
    assert hangups.ended(end) == Why(redirected=True)
    assert hangups.ended(end) == Why()


def test_the_oldest_is_forgotten_beyond_the_limit() -> None:
    hangups, other = Hangups(most=1), replace(LEG, id="t1-2.1-a1")
    for leg in (LEG, other):
        hangups.requested(HangupRequested(now(), leg, soft=True, status=0))
    ends = [hangups.ended(ChannelDestroyed(now(), leg, HangupCause.NO_SOUND, 44)) for leg in (LEG, other)]
    assert ends == [Why(), Why(lost=True)]

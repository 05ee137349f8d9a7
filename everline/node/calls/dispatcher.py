"""Turns Asterisk's events into signals of calls and into what the database knows of phones."""

from collections.abc import Awaitable, Callable

import structlog

from db.core.clock import by_database
from domain.calls import ids
from domain.calls.causes import HangupCause
from domain.calls.failure import Failure, failure_of
from everline.node.calls.admission import Admission
from everline.node.calls.answers import Answers
from everline.node.calls.closing import ClosingCalls
from everline.node.calls.hangups import Hangups, Why
from everline.node.calls.keys import Keys
from everline.node.calls.legs import arrival_of, leg_of
from everline.node.calls.serial import SerialExecutor
from everline.node.calls.signals import CallSignals
from everline.node.phones.moved import MovedPhones
from everline.node.phones.phones import Phones
from everline.node.recordings.recordings import Recordings
from telephony.asterisk import Asterisk
from telephony.contacts import leads_elsewhere
from telephony.events import (
    ChannelDestroyed,
    ChannelDialled,
    ChannelEnteredApp,
    ChannelHeld,
    ContactChanged,
    ContactStatus,
    DtmfReceived,
    EndpointChanged,
    Event,
    HangupRequested,
    PlaybackFinished,
    RecordingFailed,
    RecordingFinished,
)
from telephony.model import Channel

log = structlog.get_logger(__name__)

OURS = frozenset({"agent", "customer"})
"""The first argument of those whom we rang: agents, and customers who are called back."""
_LISTENS = "listener"
"""That of the channels by which we record."""


class EventDispatcher:
    """Holds no state of calls: a channel's id names its call, and the call's workflow knows the rest."""

    def __init__(  # noqa: PLR0913, PLR0917 - the parts of the node that events are for
        self,
        node: str,
        admission: Admission,
        signals: CallSignals,
        asterisk: Asterisk,
        phones: Phones,
        recordings: Recordings,
        closing: ClosingCalls,
    ) -> None:
        self._node = node
        self._admission = admission
        self._signals = signals
        self._phones = phones
        self._recordings = recordings
        self._asterisk = asterisk
        self._answers = Answers(signals, asterisk)
        self._closing = closing
        self._executor = SerialExecutor()
        self._hangups = Hangups()
        self._keys = Keys(signals)
        self._moved = MovedPhones(asterisk, self._hangups)

    async def take(self, event: Event) -> None:
        """Puts the event in the line of its call; returns at once, so that no call waits for another."""
        match event:
            case ChannelEnteredApp(channel=channel, at=at) if arrival := arrival_of(
                channel, self._node, by_database(at)
            ):
                self._executor.submit(arrival.call_id, lambda: self._admission.take(arrival))
            case ChannelEnteredApp(arguments=(kind, *_), channel=channel) if kind in OURS:
                self._submit(leg_of(channel), self._answers.take)
            case ChannelEnteredApp(arguments=arguments, channel=channel) if arguments[:1] != (_LISTENS,):
                # No call is behind it, so nobody would end it and nothing would be written of it.
                self._executor.submit(channel.id, lambda: self._refuse(channel))
            case HangupRequested():
                self._hangups.requested(event)
            case ChannelDestroyed(channel=channel) if not leg_of(channel).listens:
                self._admission.left(channel.id, by_database(event.at))
                self._gone(leg_of(channel), event, self._hangups.ended(event))
            case ChannelDialled(channel=channel, redirected=True):
                self._hangups.redirected(channel.id)
            case ChannelDialled(channel=channel, rings=True) if _is_outside(channel):
                self._submit(leg_of(channel), self._signals.rings)
            case DtmfReceived(channel=channel, digit=digit) if leg_of(channel).is_customer:
                self._keys.pressed(leg_of(channel).call_id, digit)
            case ChannelHeld(channel=channel, held=held) if leg_of(channel).attempt:
                self._submit(leg_of(channel), lambda leg: self._signals.held(leg, held=held))
            case _:
                self._take_of_sound(event)

    def _take_of_sound(self, event: Event) -> None:
        match event:
            case PlaybackFinished(playback=name) if played := ids.parse_announcement(name):
                self._executor.submit(played.call_id, lambda: self._signals.played(played.call_id, played.count))
            case RecordingFinished() | RecordingFailed():
                self._take_of_recording(event)
            case _:
                self._take_of_phone(event)

    def _take_of_recording(self, event: RecordingFinished | RecordingFailed) -> None:
        name = event.name
        if isinstance(event, RecordingFailed):
            log.error("recording failed", recording=name, reason=event.reason)
            self._executor.submit(f"recording {name}", lambda: self._recordings.failed(name))
        elif call_id := ids.parse_voicemail(name):
            self._executor.submit(call_id, lambda: self._signals.recorded(call_id))
        elif talk_of := ids.parse_recording(name):
            self._executor.submit(f"recording {name}", lambda: self._recordings.finished(talk_of))

    def _take_of_phone(self, event: Event) -> None:
        match event:
            case ContactChanged(endpoint=endpoint, address=address) if leads_elsewhere(address):
                self._executor.submit(f"phone {endpoint}", lambda: self._phones.turn_away(endpoint, address))
            case ContactChanged(endpoint=endpoint, status=status, address=address):
                if status is ContactStatus.REACHABLE:
                    self._executor.submit(f"moved {endpoint}", lambda: self._moved.check(endpoint, address))
                self._executor.submit(f"phone {endpoint}", lambda: self._phones.refresh(endpoint, status))
            case EndpointChanged(endpoint=endpoint):
                self._executor.submit(f"phone {endpoint}", lambda: self._phones.refresh(endpoint))
            case _:
                pass

    async def give_up(self, channel_id: str) -> None:
        """Hangs up a leg whose phone is lost: nobody has hung up, and its agent is rung again."""
        self._hangups.decided(channel_id, Why(lost=True))
        await self._asterisk.hang_up(channel_id)

    async def close(self) -> None:
        """Stops delivering."""
        await self._keys.close()
        await self._executor.close()

    async def _refuse(self, channel: Channel) -> None:
        log.warning("a channel that is in no call is hung up", channel=channel.id)
        await self._asterisk.hang_up(channel.id, HangupCause.REJECTED)

    def _submit(self, leg: ids.Leg, job: Callable[[ids.Leg], Awaitable[object]]) -> None:
        self._executor.submit(leg.call_id, lambda: job(leg))

    def _gone(self, leg: ids.Leg, event: ChannelDestroyed, why: Why) -> None:
        if leg.is_customer:
            self._keys.over(leg.call_id)
        self._submit(leg, lambda leg: self._ended(leg, event, why))

    async def _ended(self, leg: ids.Leg, event: ChannelDestroyed, why: Why) -> None:
        if leg.call_id not in self._closing:
            failure = _failure(event, why) if _is_outside(event.channel) else None
            # Asterisk gives no cause for an answered leg whose party hung up.
            await self._signals.ended(
                leg, event.cause_number or HangupCause.NORMAL, why, by_database(event.at), failure
            )


def _failure(event: ChannelDestroyed, why: Why) -> Failure:
    """Why somebody outside was not reached."""
    return Failure.NO_ROUTE if why.redirected else failure_of(event.status, event.cause_number)


def _is_outside(channel: Channel) -> bool:
    """Whether it is somebody outside whom we called: a customer, or a third party."""
    leg = leg_of(channel)
    return bool(leg.dial or (leg.attempt and channel.on_trunk))

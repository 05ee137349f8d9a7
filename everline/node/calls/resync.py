"""After every (re)connection: what Asterisk has is compared with the calls that should be there."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog

from db.core.clock import by_database, now
from db.core.engine import Database
from db.nodes import nodes
from db.nodes.nodes import LiveCall
from domain.calls import ids
from domain.calls.call import CallStage
from everline.node.calls.legs import arrival_of, leg_of
from everline.node.calls.signals import CallSignals
from everline.node.keeping import keep_looking
from telephony.asterisk import Asterisk
from telephony.model import Channel
from workflows.calls.updates import Reconnected

log = structlog.get_logger(__name__)

_BRIDGE_SUFFIX = ids.bridge("")

_EVERY = 60.0
"""Seconds between two looks for channels without a call."""
_YOUNG = timedelta(seconds=30)
"""How long a channel may be without a call: its event is on its way, or it waits to be admitted."""


class Resync:
    """Finds what happened while nobody listened, and tells it to the calls it happened to."""

    def __init__(
        self, node: str, asterisk: Asterisk, database: Database, signals: CallSignals, lost: Callable[[str], None]
    ) -> None:
        """`lost` is told of calls that should be there and have no workflow."""
        self._node = node
        self._asterisk = asterisk
        self._database = database
        self._signals = signals
        self._lost = lost
        self.last_sign: Callable[[], datetime | None] = lambda: None
        """When Asterisk was connected for the last time, by the database's clock."""
        self.listening_since = now()
        """When this process began: what an earlier one took with it had happened by then."""

    async def run(self) -> None:
        """Compares once. Asterisk is asked first, so that a leg rung meanwhile is not taken for a missing one."""
        channels = {channel.id: channel for channel in await self._asterisk.channels()}
        bridges = await self._asterisk.bridges()
        started_at = by_database((await self._asterisk.info()).started_at)
        async with self._database.read() as session:
            calls = {call.id: call for call in await nodes.live_calls(session, self._node)}
        doubtful = [call for call in calls.values() if not _as_expected(call, channels)]
        strangers = [channel for channel in channels.values() if leg_of(channel).call_id not in calls]
        orphans = [b.id for b in bridges if b.id.endswith(_BRIDGE_SUFFIX) and _call_of(b.id) not in calls]
        log.info("resync", calls=len(calls), doubtful=len(doubtful), strangers=len(strangers), bridges=len(orphans))
        await asyncio.gather(
            *(self._tell(call.id, self._times(call, started_at)) for call in doubtful),
            *(self._adopt(channel) for channel in _ours(strangers)),
            *(self._asterisk.destroy_bridge(bridge) for bridge in orphans),
        )

    async def _tell(self, call_id: str, told: Reconnected) -> None:
        if not await self._signals.reconnected(call_id, told):
            self._lost(call_id)

    def _times(self, call: LiveCall, started_at: datetime) -> Reconnected:
        """When the legs of a call ended that an earlier Asterisk had: at its last sign of life, so far as it is known.

        An Asterisk that runs on tells of what ended meanwhile itself, with the time; what it told an earlier process
        just before that died is known to nobody.
        """
        if started_at <= call.arrived_at:
            return Reconnected(None, self.listening_since if self.listening_since > call.arrived_at else None)
        last = self.last_sign()
        return Reconnected(last if last is not None and call.arrived_at < last < started_at else started_at)

    async def keep(self) -> None:
        """Looks for channels without a call again and again: an event that was lost must not leave one for ever."""
        await keep_looking(self.look, _EVERY, "no look at the channels")

    async def look(self) -> None:
        """Gives up, or adopts, what has been there for a while and belongs to no call."""
        before = now() - _YOUNG
        channels = [channel for channel in await self._asterisk.channels() if by_database(channel.created_at) < before]
        async with self._database.read() as session:
            calls = {call.id for call in await nodes.live_calls(session, self._node)}
        strangers = [channel for channel in channels if leg_of(channel).call_id not in calls]
        await asyncio.gather(*(self._adopt(channel) for channel in _ours(strangers)))

    async def _adopt(self, channel: Channel) -> None:
        """Gives a caller, or an agent who dials on the phone, the call that is missing; hangs up what has none."""
        arrival = arrival_of(channel, self._node, by_database(channel.created_at))
        if arrival and (await self._signals.start(arrival) or await self._signals.reconnected(arrival.call_id)):
            return
        log.warning("orphan channel hung up", channel=channel.id)
        await self._asterisk.hang_up(channel.id)


def _as_expected(call: LiveCall, channels: dict[str, Channel]) -> bool:
    match call.stage:
        case CallStage.OFFERED | CallStage.DIALLING:
            # Which phones ring, only the call knows.
            return False
        case CallStage.CONNECTED:
            agent = ids.agent_leg(call.id, call.agent_leg or 0)
            return agent in channels and any(ids.parse_leg(name).is_customer_of(call.id) for name in channels)
        case CallStage.WAITING if ids.is_callback(call.id):
            return True
        case _:
            return call.id in channels


def _ours(channels: Iterable[Channel]) -> Iterable[Channel]:
    """The channels in our application and those that we rang, not those that Asterisk handles by itself.

    Of what it cannot describe, it tells only those that are in our application.
    """
    return (
        channel
        for channel in channels
        if channel.arguments or not channel.described or not ids.parse_leg(channel.id).is_customer
    )


def _call_of(bridge_id: str) -> str:
    return bridge_id.removesuffix(_BRIDGE_SUFFIX)

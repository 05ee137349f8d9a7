import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import cast

import pytest

from db.calls import arrivals
from db.core import clock
from db.core.clock import now
from db.core.engine import Database
from domain.calls.arrival import Arrival
from everline.node.calls.resync import Resync
from everline.node.calls.signals import CallSignals
from telephony.asterisk import Asterisk
from telephony.model import AsteriskInfo, Bridge, Channel, ChannelState
from workflows.calls.updates import Reconnected

NODE = "lonely"
"""No call of this node is in the database."""


def channel(channel_id: str, *arguments: str) -> Channel:
    return Channel(channel_id, "PJSIP/x-1", ChannelState.UP, "Caller", "555", "100", now(), arguments)


@dataclass
class FoundAsterisk:
    """An Asterisk in which these things are found; it notes what is taken away."""

    there: list[Channel]
    hung_up: list[str] = field(default_factory=list)
    destroyed: list[str] = field(default_factory=list)
    started_at: datetime = field(default_factory=now)

    async def channels(self) -> list[Channel]:
        return self.there

    async def bridges(self) -> list[Bridge]:
        return [Bridge("lonely-1.9-b", (), self.started_at), Bridge("not-ours", (), self.started_at)]

    async def info(self) -> AsteriskInfo:
        return AsteriskInfo("22.10.1", self.started_at)

    async def hang_up(self, channel_id: str) -> bool:
        self.hung_up.append(channel_id)
        return True

    async def destroy_bridge(self, bridge_id: str) -> bool:
        self.destroyed.append(bridge_id)
        return True


@dataclass
class NotedSignals:
    """Calls that can be started, but for those that are `over`."""

    over: set[str] = field(default_factory=set)
    started: list[Arrival] = field(default_factory=list)

    async def start(self, arrival: Arrival) -> bool:
        if arrival.call_id not in self.over:
            self.started.append(arrival)
        return arrival.call_id not in self.over

    told: dict[str, Reconnected | None] = field(default_factory=dict)

    async def reconnected(self, call_id: str, told: Reconnected | None = None) -> bool:
        self.told[call_id] = told
        return call_id not in self.over


async def compare(database: str, asterisk: FoundAsterisk, signals: NotedSignals) -> None:
    opened, lost = Database(database, pool_size=1), list[str]()
    await Resync(NODE, cast("Asterisk", asterisk), opened, cast("CallSignals", signals), lost.append).run()
    await opened.close()


async def test_an_inbound_caller_without_a_call_gets_one(database: str) -> None:
    asterisk, signals = FoundAsterisk([channel("lonely-1.1", "inbound", "5000")]), NotedSignals()
    await compare(database, asterisk, signals)
    assert [(arrival.call_id, arrival.our_number) for arrival in signals.started] == [("lonely-1.1", "5000")]
    assert asterisk.hung_up == []


async def test_an_agent_who_dials_on_the_phone_without_a_call_gets_one(database: str) -> None:
    there = [channel("lonely-1.4", "dialled", "2025550147"), channel("lonely-1.5", "dialled", "2025550148")]
    asterisk, signals = FoundAsterisk(there), NotedSignals(over={"lonely-1.5-d"})
    await compare(database, asterisk, signals)
    [arrival] = signals.started
    assert (arrival.call_id, arrival.dialled_on, arrival.customer_number) == ("lonely-1.4-d", "x", "2025550147")
    assert asterisk.hung_up == ["lonely-1.5"]


async def test_what_belongs_to_no_call_is_cleared_away_and_what_is_not_ours_is_left(database: str) -> None:
    over = channel("lonely-1.2", "inbound", "5000")
    ringing, listener, foreign = channel("lonely-1.3-a1"), channel("lonely-1.3-s1", "listener"), channel("demo-1")
    asterisk, signals = FoundAsterisk([over, ringing, listener, foreign]), NotedSignals(over={"lonely-1.2"})
    await compare(database, asterisk, signals)
    assert asterisk.hung_up == ["lonely-1.2", "lonely-1.3-a1", "lonely-1.3-s1"]
    assert asterisk.destroyed == ["lonely-1.9-b"]


async def test_a_channel_that_cannot_be_described_is_given_up(database: str) -> None:
    broken = Channel("lonely-1.6", "", ChannelState.OTHER, "", "", "", now())
    asterisk, signals = FoundAsterisk([broken]), NotedSignals()
    await compare(database, asterisk, signals)
    assert asterisk.hung_up == ["lonely-1.6"]


async def test_a_channel_whose_event_was_lost_is_found_after_a_while(database: str) -> None:
    old = replace(channel("lonely-1.7", "inbound", "5000"), created_at=now() - timedelta(minutes=1))
    young, left = channel("lonely-1.8", "inbound", "5000"), replace(old, id="lonely-1.9-a1", arguments=("agent", "x"))
    asterisk, signals = FoundAsterisk([old, young, left]), NotedSignals()
    opened = Database(database, pool_size=1)
    await Resync(NODE, cast("Asterisk", asterisk), opened, cast("CallSignals", signals), lambda _: None).look()
    await opened.close()
    assert [arrival.call_id for arrival in signals.started] == ["lonely-1.7"]
    assert asterisk.hung_up == ["lonely-1.9-a1"]


@pytest.mark.parametrize("ahead", [-60, 0, 60])
async def test_a_wrong_clock_of_this_machine_makes_no_other_asterisk_of_the_one_that_runs(
    database: str, ahead: float
) -> None:
    """Asterisk's times are of this machine's clock, a call's are of the database's."""
    moment, machine = now(), timedelta(seconds=ahead)
    opened, node = Database(database, pool_size=1), f"clock_{secrets.token_hex(4)}"
    call_id, signals = f"{node}-1.1", NotedSignals()
    async with opened.write() as session:
        came = Arrival(call_id, node, "5000", "555", "Caller", moment - timedelta(seconds=20))
        await arrivals.enter(session, came, None, came.arrived_at)
    asterisk = FoundAsterisk([], started_at=moment - timedelta(seconds=40) + machine)
    clock.set_ahead(machine)
    try:
        await Resync(node, cast("Asterisk", asterisk), opened, cast("CallSignals", signals), lambda _: None).run()
    finally:
        clock.set_ahead(timedelta(0))
    told = signals.told[call_id]
    assert told is not None
    assert told.gone_at is None
    await opened.close()

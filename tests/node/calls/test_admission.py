"""What becomes of a call that never begins: a clear answer to its carrier, and a record."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from db.core.clock import now
from db.core.engine import Database, WriteSession
from db.models import Cdr
from domain.calls import ids
from domain.calls.arrival import Arrival
from domain.calls.causes import HangupCause
from everline.node.calls.admission import Admission
from everline.node.calls.admission_control import AdmissionControl
from everline.node.calls.signals import CallSignals
from telephony.asterisk import Asterisk


class NotedAsterisk:
    """Notes who is hung up on, and why."""

    def __init__(self) -> None:
        self.hung_up: list[tuple[str, int | None]] = []

    async def hang_up(self, channel_id: str, cause: int | None = None) -> bool:
        self.hung_up.append((channel_id, cause))
        return True


class NotedSignals:
    """Calls that can be started, but for those that are known already."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.known: set[str] = set()

    async def start(self, arrival: Arrival) -> bool:
        self.started.append(arrival.call_id)
        return arrival.call_id not in self.known


@dataclass(frozen=True)
class Parts:
    """An admission that lets one call in at a time, and what it works with."""

    admission: Admission
    control: AdmissionControl
    signals: NotedSignals
    asterisk: NotedAsterisk


def parts(db: Database, patience: float = 2.0) -> Parts:
    control, signals, asterisk = AdmissionControl(at_once=1, patience=patience), NotedSignals(), NotedAsterisk()
    admission = Admission(control, cast("CallSignals", signals), cast("Asterisk", asterisk), db, "US")
    return Parts(admission, control, signals, asterisk)


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database, pool_size=4)
    yield opened
    await opened.close()


def arrival() -> Arrival:
    return Arrival(str(ids.uuid7()), "test", "5000", None, "Zoë", now(), received_number="004930901820")


async def record(db: Database, call_id: str) -> Cdr | None:
    async with db.read() as session:
        return await session.scalar(select(Cdr).where(Cdr.call_id == call_id))


async def in_line(admission: Admission, call: Arrival) -> "asyncio.Task[None]":
    """Has a call wait for its turn."""
    waiting = asyncio.create_task(admission.take(call))
    await asyncio.sleep(0.01)
    return waiting


async def test_a_call_that_is_refused_may_be_tried_another_way_and_has_a_record(db: Database) -> None:
    found = parts(db, patience=0)
    inside, first, refused = arrival(), arrival(), arrival()
    await found.admission.take(inside)
    waiting = [await in_line(found.admission, first), await in_line(found.admission, arrival())]
    found.control.admitted(inside.call_id)
    await waiting[0]
    await found.admission.take(refused)
    assert found.signals.started == [inside.call_id, first.call_id]
    assert found.asterisk.hung_up == [(refused.call_id, HangupCause.CONGESTION)]
    cdr = await record(db, refused.call_id)
    assert cdr is not None
    assert (cdr.disposition, cdr.ended_by, cdr.cause) == ("failed", "system", HangupCause.CONGESTION)
    assert (cdr.customer_number, cdr.customer_name, cdr.our_number) == ("+4930901820", "Zoë", "5000")
    assert cdr.completed_at is not None
    assert await record(db, first.call_id) is None
    waiting[1].cancel()


async def test_a_centre_that_is_about_to_stop_lets_nobody_in(db: Database) -> None:
    found = parts(db)
    admission = replace(found.admission, closed=lambda: True)
    caller = arrival()
    at_a_desk = Arrival(ids.dialled_on("phone.7"), "test", "", "+12025550147", "", now(), dialled_on="1001")
    await admission.take(caller)
    await admission.take(at_a_desk)
    assert found.signals.started == []
    refused = [(caller.call_id, HangupCause.CONGESTION), ("phone.7", HangupCause.CONGESTION)]
    assert found.asterisk.hung_up == refused
    cdr = await record(db, caller.call_id)
    assert cdr is not None
    assert cdr.disposition == "failed"
    # Nobody was called.
    assert await record(db, at_a_desk.call_id) is None


async def test_a_caller_who_hangs_up_before_being_admitted_has_a_record_and_no_call(db: Database) -> None:
    found = parts(db)
    inside, caller = arrival(), arrival()
    await found.admission.take(inside)
    waiting = await in_line(found.admission, caller)
    # It is told late: the caller has been gone for a while.
    gone_at = caller.arrived_at + timedelta(seconds=3)
    found.admission.left(caller.call_id, gone_at)
    await waiting
    assert found.asterisk.hung_up == []
    assert found.signals.started == [inside.call_id]
    cdr = await record(db, caller.call_id)
    assert cdr is not None
    assert (cdr.disposition, cdr.ended_by, cdr.queue_id) == ("abandoned", "customer", None)
    assert cdr.ended_at == gone_at


async def test_a_call_that_is_told_of_twice_takes_nobodys_turn(db: Database) -> None:
    found = parts(db)
    twice, other = arrival(), arrival()
    await found.admission.take(twice)
    found.control.admitted(twice.call_id)
    found.signals.known.add(twice.call_id)
    await found.admission.take(twice)
    async with asyncio.timeout(1):
        await found.admission.take(other)
    assert found.signals.started == [twice.call_id, twice.call_id, other.call_id]


class FailingDatabase:
    """A database that is away for the first transactions."""

    def __init__(self, db: Database, failures: int) -> None:
        self._db = db
        self.left = failures

    def write(self) -> AbstractAsyncContextManager[WriteSession]:
        if self.left:
            self.left -= 1
            raise OperationalError("INSERT", {}, Exception("the server closed the connection"))
        return self._db.write()


async def test_the_record_of_a_refused_call_outlives_a_database_that_is_away(db: Database) -> None:
    found, away = parts(db), FailingDatabase(db, 2)
    caller = arrival()
    admission = replace(found.admission, database=cast("Database", away), closed=lambda: True)
    await admission.take(caller)
    assert await record(db, caller.call_id) is not None
    assert away.left == 0

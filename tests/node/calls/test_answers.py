"""A customer whom we called has picked up, and Temporal is away: music is heard until the call goes on."""

import asyncio
from dataclasses import dataclass, field
from typing import cast

import pytest

from domain.calls import ids
from everline.node.calls.answers import Answers
from everline.node.calls.signals import CallSignals
from telephony.asterisk import Asterisk

CUSTOMER, AGENT = ids.Leg("n-1", 0, dial=1), ids.Leg("n-1", 1)


@dataclass
class SlowSignals:
    """A Temporal that takes nothing until it is back."""

    is_wanted: bool = True
    back: asyncio.Event = field(default_factory=asyncio.Event)

    async def answered(self, leg: ids.Leg) -> bool:  # noqa: ARG002 - as CallSignals
        await self.back.wait()
        return self.is_wanted


@dataclass
class NotingAsterisk:
    """Notes what it is asked."""

    asked: list[str] = field(default_factory=list)
    plays: asyncio.Event = field(default_factory=asyncio.Event)

    async def start_music(self, channel: str) -> None:
        self.asked.append(f"music {channel}")
        self.plays.set()

    async def stop_music(self, channel: str) -> None:
        self.asked.append(f"no music {channel}")

    async def hang_up(self, channel: str) -> None:
        self.asked.append(f"hang up {channel}")


def answers(signals: SlowSignals, asterisk: NotingAsterisk) -> Answers:
    return Answers(cast("CallSignals", signals), cast("Asterisk", asterisk), 0.01)


@pytest.mark.parametrize("is_wanted", [True, False])
async def test_a_customer_whose_call_cannot_be_told_hears_music_until_it_is(is_wanted: bool) -> None:
    signals, asterisk = SlowSignals(is_wanted), NotingAsterisk()
    taking = asyncio.create_task(answers(signals, asterisk).take(CUSTOMER))
    async with asyncio.timeout(10):
        await asterisk.plays.wait()
    signals.back.set()
    await taking
    assert asterisk.asked == ["music n-1-c1", "no music n-1-c1", *([] if is_wanted else ["hang up n-1-c1"])]


async def test_a_call_that_is_told_at_once_is_left_alone() -> None:
    signals, asterisk = SlowSignals(), NotingAsterisk()
    signals.back.set()
    await answers(signals, asterisk).take(CUSTOMER)
    assert asterisk.asked == []


async def test_an_agent_whose_call_cannot_be_told_hears_no_music() -> None:
    signals, asterisk = SlowSignals(is_wanted=False), NotingAsterisk()
    taking = asyncio.create_task(answers(signals, asterisk).take(AGENT))
    await asyncio.sleep(0.03)
    signals.back.set()
    await taking
    assert asterisk.asked == ["hang up n-1-a1"]

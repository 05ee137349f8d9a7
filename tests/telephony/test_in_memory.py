"""The Asterisk in memory by which calls are proven, against the real one: the same is asked of both."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import pytest

from telephony.asterisk import Asterisk
from telephony.dialling import extension_endpoint
from telephony.errors import Conflict, NotFound, TelephonyError
from telephony.events import ChannelDestroyed, ChannelEnteredApp, PlaybackFinished, RecordingFinished
from telephony.model import Bridge, Channel, ChannelState, Recording
from tests.model import legs
from tests.model.ari import MemoryAri
from tests.phones.raw_caller import RawCaller
from tests.phones.soft_phone import SoftPhone
from tests.telephony.conftest import PHONE
from tests.telephony.node import CALLER_ADDRESS, SENDER, TestNode

_names = itertools.count(1)


class State(StrEnum):
    """How a channel is when it is asked for something."""

    CALLS = "calls"
    CALLS_ANSWERED = "calls, answered"
    RINGS = "rings"
    PICKED_UP = "picked up"
    IN_BRIDGE = "in a bridge"
    GONE = "gone"


class Far(Protocol):
    """An Asterisk with a caller and a phone."""

    asterisk: Asterisk

    async def call_in(self) -> str: ...
    async def ring(self) -> str: ...
    async def pick_up(self, leg: str) -> None: ...
    async def until_gone(self, leg: str) -> None: ...
    async def until_told(self, what: str) -> None: ...


@dataclass
class Real:
    """The real one."""

    node: TestNode
    phone: SoftPhone
    stack: AsyncExitStack
    asterisk: Asterisk = field(init=False)

    def __post_init__(self) -> None:
        self.asterisk = self.node.asterisk

    async def call_in(self) -> str:
        caller = await self.stack.enter_async_context(RawCaller.start(CALLER_ADDRESS))
        mark = self.node.heard.mark()
        caller.dial(self.node.sip, "5000", SENDER)
        return (await self.node.heard.wait(ChannelEnteredApp, after=mark)).channel.id

    async def ring(self) -> str:
        leg = f"memory-{next(_names)}"
        await self.asterisk.originate(leg, endpoint=extension_endpoint(PHONE), app_args="agent,x", timeout=20)
        self.call = await self.phone.next_call()
        async with asyncio.timeout(10):
            while (await self.asterisk.channel(leg)).state is not ChannelState.RINGING:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return leg

    async def pick_up(self, leg: str) -> None:
        await self.call.answer()
        await self.node.heard.wait(ChannelEnteredApp, lambda event: event.channel.id == leg)

    async def until_gone(self, leg: str) -> None:
        await self.node.heard.wait(ChannelDestroyed, lambda event: event.channel.id == leg)
        # Its end is told a moment before requests no longer find it.
        async with asyncio.timeout(5):
            while await self.asterisk.exists(leg):  # noqa: ASYNC110 - it is in Asterisk
                await asyncio.sleep(0.05)

    async def until_told(self, what: str) -> None:
        if what.startswith("play"):
            await self.node.heard.wait(PlaybackFinished, lambda event: event.playback == what)
        else:
            await self.node.heard.wait(RecordingFinished, lambda event: event.name == what)


@dataclass
class InMemory:
    """The one in memory."""

    ari: MemoryAri
    asterisk: Asterisk

    async def call_in(self) -> str:
        leg = f"memory-{next(_names)}"
        self.ari.call_in(leg, "inbound,5000,allowed_not_screened")
        return leg

    async def ring(self) -> str:
        leg = f"memory-{next(_names)}"
        await self.asterisk.originate(leg, endpoint=extension_endpoint(PHONE), app_args="agent,x", timeout=20)
        return leg

    async def pick_up(self, leg: str) -> None:
        self.ari.answer(leg)
        assert legs.Answered(leg) in self.ari.events

    async def until_gone(self, leg: str) -> None:
        assert any(isinstance(event, legs.Gone) and event.channel == leg for event in self.ari.events)

    async def until_told(self, what: str) -> None:
        assert {legs.Played(what), legs.Recorded(what)} & set(self.ari.events)


@pytest.fixture
def in_memory(tmp_path: Path) -> InMemory:
    folder = tmp_path / "recordings"
    folder.mkdir()
    ari = MemoryAri(folder, lambda: datetime.now(UTC))
    return InMemory(ari, Asterisk(ari, folder))


async def _channel(far: Far, state: State) -> str:
    if state is State.GONE:
        leg = await far.call_in()
        await far.asterisk.hang_up(leg)
        await far.until_gone(leg)
        return leg
    if state in {State.RINGS, State.PICKED_UP}:
        leg = await far.ring()
        if state is State.PICKED_UP:
            await far.pick_up(leg)
        return leg
    leg = await far.call_in()
    if state is not State.CALLS:
        await far.asterisk.answer(leg)
    if state is State.IN_BRIDGE:
        await far.asterisk.create_bridge(f"{leg}-b")
        await far.asterisk.add_to_bridge(f"{leg}-b", [leg])
    return leg


async def _outcome(asked: Awaitable[object], leg: str) -> object:
    """What came of it, told so that both can be compared."""
    try:
        found = await asked
    except (NotFound, Conflict):
        # Which of the two Asterisk says of a channel on its way out is a matter of moments.
        return "not there"
    except TelephonyError as error:
        return type(error).__name__
    match found:
        case Channel():
            return found.state, found.arguments
        case Bridge():
            is_new = abs(found.created_at - datetime.now(UTC)) < timedelta(minutes=5)
            return [member.replace(leg, "leg") for member in found.channels], is_new
        case Recording():
            return "recorded"
    return found


Command = Callable[[Asterisk, str], Awaitable[object]]
COMMANDS: dict[str, Sequence[Command]] = {
    "answer": [lambda asterisk, leg: asterisk.answer(leg), lambda asterisk, leg: asterisk.channel(leg)],
    "ring": [lambda asterisk, leg: asterisk.ring(leg)],
    "hang up": [lambda asterisk, leg: asterisk.hang_up(leg)],
    "music": [
        lambda asterisk, leg: asterisk.start_music(leg),
        lambda asterisk, leg: asterisk.start_music(leg),
        lambda asterisk, leg: asterisk.stop_music(leg),
    ],
    "mute": [lambda asterisk, leg: asterisk.mute(leg), lambda asterisk, leg: asterisk.unmute(leg)],
    "play": [
        lambda asterisk, leg: asterisk.speak(leg, f"play-{leg}", ["vm-intro"]),
        lambda asterisk, leg: asterisk.speak(leg, f"play-{leg}", ["vm-intro"]),
        lambda asterisk, leg: asterisk.stop_playing(f"play-{leg}"),
    ],
    "ask": [lambda asterisk, leg: asterisk.ask(leg)],
    "look": [lambda asterisk, leg: asterisk.exists(leg), lambda asterisk, leg: asterisk.channel(leg)],
    "put into a bridge": [
        lambda asterisk, leg: asterisk.create_bridge(f"{leg}-b"),
        lambda asterisk, leg: asterisk.add_to_bridge(f"{leg}-b", [leg]),
        lambda asterisk, leg: asterisk.add_to_bridge(f"{leg}-b", [leg]),
        lambda asterisk, leg: asterisk.bridge(f"{leg}-b"),
        lambda asterisk, leg: asterisk.remove_from_bridge(f"{leg}-b", leg),
        lambda asterisk, leg: asterisk.bridge(f"{leg}-b"),
    ],
    "put with nobody into a bridge": [
        lambda asterisk, leg: asterisk.create_bridge(f"{leg}-o"),
        lambda asterisk, leg: asterisk.add_to_bridge(f"{leg}-o", [leg, "nobody"]),
        lambda asterisk, leg: asterisk.bridge(f"{leg}-o"),
        lambda asterisk, leg: asterisk.destroy_bridge(f"{leg}-o"),
    ],
    "move to another bridge": [
        lambda asterisk, leg: asterisk.create_bridge(f"{leg}-m"),
        lambda asterisk, leg: asterisk.add_to_bridge(f"{leg}-m", [leg]),
        lambda asterisk, leg: asterisk.bridge(f"{leg}-m"),
        lambda asterisk, leg: asterisk.destroy_bridge(f"{leg}-m"),
        lambda asterisk, leg: asterisk.exists(leg),
    ],
    "record": [
        lambda asterisk, leg: asterisk.start_recording(leg, f"{leg}-r1", f"{leg}-s1"),
        lambda asterisk, leg: asterisk.start_recording(leg, f"{leg}-r1", f"{leg}-s1"),
        lambda asterisk, leg: asterisk.pause_recording(f"{leg}-r1"),
        lambda asterisk, leg: asterisk.resume_recording(f"{leg}-r1"),
        lambda asterisk, leg: asterisk.stop_recording(f"{leg}-r1"),
        lambda asterisk, leg: asterisk.pause_recording(f"{leg}-r1"),
        lambda asterisk, leg: asterisk.start_recording(leg, f"{leg}-r1", f"{leg}-s1"),
    ],
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("state", State)
async def test_both_answer_the_same(
    node: TestNode, phone: SoftPhone, in_memory: InMemory, state: State, name: str
) -> None:
    async with AsyncExitStack() as stack:
        told = []
        for far in (Real(node, phone, stack), in_memory):
            leg = await _channel(far, state)
            told.append([await _outcome(command(far.asterisk, leg), leg) for command in COMMANDS[name]])
            await far.asterisk.hang_up(leg)
            for bridge in "bom":
                await far.asterisk.destroy_bridge(f"{leg}-{bridge}")
            await far.until_gone(leg)
        assert told[0] == told[1]


@pytest.mark.parametrize("state", [State.CALLS_ANSWERED, State.PICKED_UP])
async def test_both_tell_the_end_of_what_depends_on_a_channel(
    node: TestNode, phone: SoftPhone, in_memory: InMemory, state: State
) -> None:
    told: list[list[bool]] = []
    async with AsyncExitStack() as stack:
        for far in (Real(node, phone, stack), in_memory):
            leg = await _channel(far, state)
            await far.asterisk.start_recording(leg, f"{leg}-r1", f"{leg}-s1")
            await far.asterisk.speak(leg, f"play-{leg}", ["vm-intro"])
            await far.asterisk.record_message(leg, f"{leg}-v1", 10)
            await far.asterisk.hang_up(leg)
            await far.until_gone(leg)
            told.append(
                [
                    await _is_told(far.until_gone(f"{leg}-s1")),
                    await _is_told(far.until_told(f"play-{leg}")),
                    await _is_told(far.until_told(f"{leg}-r1")),
                ]
            )
    assert told[0] == told[1]


async def _is_told(what: Awaitable[None]) -> bool:
    try:
        async with asyncio.timeout(3):
            await what
    except (TimeoutError, AssertionError):
        return False
    return True

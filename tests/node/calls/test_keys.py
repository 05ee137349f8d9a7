import asyncio
from dataclasses import dataclass, field
from typing import cast

from everline.node.calls import keys
from everline.node.calls.keys import Keys
from everline.node.calls.signals import CallSignals

CALL = "t1-1.1"


@dataclass
class AskedSignals:
    """Calls that want these keys; it notes what they are told."""

    wanted: str
    told: list[str] = field(default_factory=list)
    asked: int = 0

    async def wanted_keys(self, call_id: str) -> str:
        assert call_id == CALL
        self.asked += 1
        return self.wanted

    async def pressed(self, call_id: str, digit: str) -> bool:
        assert call_id == CALL
        self.told.append(digit)
        return True


def keys_of(signals: AskedSignals, time: list[float]) -> Keys:
    return Keys(cast("CallSignals", signals), lambda: time[0])


async def pressed(pad: Keys, digits: str, time: list[float] | None = None, step: float = 0.0) -> None:
    for digit in digits:
        pad.pressed(CALL, digit)
        for _ in range(10):
            await asyncio.sleep(0)
        if time is not None:
            time[0] += step


async def test_keys_that_are_asked_for_are_told_in_their_order() -> None:
    signals = AskedSignals("0123456789*#")
    await pressed(keys_of(signals, [0.0]), "030231#")
    assert signals.told == list("030231#")


async def test_a_card_number_that_nobody_asks_for_stays_here() -> None:
    signals, time = AskedSignals(""), [0.0]
    await pressed(keys_of(signals, time), "4111222233334444", time, 0.1)
    assert signals.told == []
    assert signals.asked < 8


async def test_only_the_key_that_means_something_is_told() -> None:
    signals, time = AskedSignals("5"), [0.0]
    await pressed(keys_of(signals, time), "1254", time, 1.0)
    assert signals.told == ["5"]


async def test_a_call_asks_again_after_a_moment() -> None:
    signals, time = AskedSignals(""), [0.0]
    pad = keys_of(signals, time)
    await pressed(pad, "1")
    signals.wanted = "12"
    await pressed(pad, "1")
    time[0] += keys.FRESH
    await pressed(pad, "2")
    assert signals.told == ["2"]


async def test_however_many_keys_there_are_a_call_is_told_few() -> None:
    signals = AskedSignals("1")
    pad = keys_of(signals, [0.0])
    for _ in range(100):
        pad.pressed(CALL, "1")
    for _ in range(100):
        await asyncio.sleep(0)
    assert len(signals.told) == keys.MOST_WAITING
    await pressed(pad, "1" * (keys.MOST + 10))
    assert len(signals.told) == keys.MOST

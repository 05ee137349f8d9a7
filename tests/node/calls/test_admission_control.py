"""New calls that wait to begin. Its times are real, but short."""

import asyncio
from collections.abc import Sequence

import pytest

from everline.node.calls.admission_control import AdmissionControl, Turn

PATIENCE = 0.05


def come(control: AdmissionControl, names: str) -> list["asyncio.Task[Turn]"]:
    return [asyncio.create_task(control.turn(name), name=name) for name in names]


async def settled(tasks: Sequence["asyncio.Task[Turn]"]) -> dict[str, Turn]:
    """What has been decided by now."""
    await asyncio.sleep(0.001)
    return {task.get_name(): task.result() for task in tasks if task.done()}


async def test_so_many_come_at_once_and_the_others_in_their_order() -> None:
    control = AdmissionControl(at_once=2)
    calls = come(control, "abcd")
    assert await settled(calls) == {"a": Turn.COME, "b": Turn.COME}
    control.admitted("b")
    assert await settled(calls) == dict.fromkeys("abc", Turn.COME)
    control.admitted("b")
    assert "d" not in await settled(calls)
    control.admitted("a")
    assert await settled(calls) == dict.fromkeys("abcd", Turn.COME)


async def test_nobody_overtakes_the_line() -> None:
    control = AdmissionControl(at_once=1)
    calls = come(control, "ab")
    await settled(calls)
    control.admitted("a")
    # There is room for a moment only: it is the first in line's.
    calls += come(control, "c")
    assert await settled(calls) == dict.fromkeys("ab", Turn.COME)


async def test_who_hangs_up_in_line_is_passed_over() -> None:
    control = AdmissionControl(at_once=1)
    calls = come(control, "abc")
    await settled(calls)
    control.hung_up("b")
    control.hung_up("a")
    control.hung_up("unknown")
    assert await settled(calls) == {"a": Turn.COME, "b": Turn.LEFT}
    control.admitted("a")
    assert await settled(calls) == {"a": Turn.COME, "b": Turn.LEFT, "c": Turn.COME}


async def test_who_comes_while_the_first_has_waited_for_too_long_is_refused() -> None:
    control = AdmissionControl(at_once=1, patience=PATIENCE)
    calls = come(control, "abc")
    await settled(calls)
    control.admitted("a")
    calls += come(control, "d")
    await asyncio.sleep(2 * PATIENCE)
    calls += come(control, "e")
    assert await settled(calls) == {"a": Turn.COME, "b": Turn.COME, "e": Turn.REFUSED}
    # Whoever waits already is never sent away.
    control.admitted("b")
    control.admitted("c")
    assert await settled(calls) == {**dict.fromkeys("abcd", Turn.COME), "e": Turn.REFUSED}


async def test_nobody_is_refused_while_nothing_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("everline.node.calls.admission_control._STANDSTILL", PATIENCE)
    control = AdmissionControl(at_once=1, patience=PATIENCE)
    calls = come(control, "abc")
    await settled(calls)
    control.admitted("a")
    await asyncio.sleep(2 * PATIENCE)
    calls += come(control, "d")
    assert await settled(calls) == dict.fromkeys("ab", Turn.COME)


async def test_a_call_of_which_nothing_is_heard_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("everline.node.calls.admission_control._GIVEN_UP", PATIENCE)
    control = AdmissionControl(at_once=1)
    calls = come(control, "ab")
    assert await settled(calls) == {"a": Turn.COME}
    await asyncio.sleep(2 * PATIENCE)
    assert await settled(calls) == dict.fromkeys("ab", Turn.COME)


async def test_a_line_that_is_given_up_at_the_end_leaves_nothing_behind() -> None:
    control = AdmissionControl(at_once=1)
    calls = come(control, "abc")
    await settled(calls)
    calls[1].cancel()
    await asyncio.gather(calls[1], return_exceptions=True)
    control.admitted("a")
    assert await settled([calls[0], calls[2]]) == {"a": Turn.COME, "c": Turn.COME}

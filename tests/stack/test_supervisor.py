import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from everline.stack.errors import PartFailed
from everline.stack.supervisor import Notice, PartState, Supervisor
from tests.support.parts import DEAF, PARENT, STEADY, Dummy
from tests.support.stack import runs, until

Make = Callable[[str], Supervisor]


@pytest.fixture
def notices() -> list[Notice]:
    return []


@pytest.fixture
async def make(tmp_path: Path, notices: list[Notice]) -> AsyncIterator[Make]:
    async with AsyncExitStack() as cleanup:

        def supervisor(program: str) -> Supervisor:
            made = Supervisor(Dummy(tmp_path / "mark", program), tmp_path, notices.append)
            cleanup.push_async_callback(made.stop)
            return made

        yield supervisor


async def test_a_part_that_is_killed_is_back_at_once(make: Make, notices: list[Notice]) -> None:
    supervisor = make(STEADY)
    await supervisor.start()
    first = supervisor.pid
    os.kill(first, signal.SIGKILL)
    second = await supervisor.until_ready(first)
    assert second != first
    assert supervisor.restarts == 1
    states = [notice.state for notice in notices]
    assert states == [PartState.STARTING, PartState.READY, PartState.RESTARTING, PartState.READY]
    assert "SIGKILL" in notices[2].detail


async def test_a_part_that_ends_while_starting_is_told_with_its_last_words(make: Make, tmp_path: Path) -> None:
    with pytest.raises(PartFailed) as caught:
        await make("print('the disk of answers is empty'); raise SystemExit(3)").start()
    assert "Dummy did not start: it ended with code 3 (the disk of answers is empty)" in str(caught.value)
    assert str(tmp_path / "log/dummy.out") in str(caught.value)


async def test_the_last_words_of_an_earlier_run_are_not_repeated(make: Make) -> None:
    for words in ("print('earlier')", "pass"):
        with pytest.raises(PartFailed) as caught:
            await make(f"{words}; raise SystemExit(3)").start()
    assert "earlier" not in str(caught.value)


async def test_a_part_that_never_gets_ready_is_told_and_ended(make: Make) -> None:
    supervisor = make("import signal; signal.pause()")
    supervisor.part.start_timeout = 0.5
    with pytest.raises(PartFailed, match="was not ready after"):
        await supervisor.start()
    pid = supervisor.pid
    await supervisor.stop()
    assert not runs(pid)


async def test_a_part_that_ends_again_and_again_is_started_less_and_less_often(make: Make, tmp_path: Path) -> None:
    supervisor = make(STEADY)
    await supervisor.start()
    assert isinstance(supervisor.part, Dummy)
    supervisor.part.program = "raise SystemExit(1)"
    os.kill(supervisor.pid, signal.SIGKILL)
    await until(lambda: supervisor.restarts >= 3)
    supervisor.part.program = STEADY
    assert await supervisor.until_ready()


async def test_a_part_is_asked_to_end_and_not_waited_for_longer_than_its_time(make: Make) -> None:
    supervisor = make(DEAF)
    supervisor.part.stop_timeout = 0.2
    await supervisor.start()
    pid = supervisor.pid
    await supervisor.stop()
    assert not runs(pid)


async def test_a_part_that_was_put_to_sleep_still_stops(make: Make) -> None:
    supervisor = make(STEADY)
    await supervisor.start()
    pid = supervisor.pid
    os.kill(pid, signal.SIGSTOP)
    await supervisor.stop()
    assert not runs(pid)


async def test_what_a_part_started_ends_with_it(make: Make) -> None:
    supervisor = make(PARENT)
    await supervisor.start()
    assert isinstance(supervisor.part, Dummy)
    mark = supervisor.part.mark
    await until(lambda: mark.read_text() != "")
    grandchild = int(mark.read_text())
    os.kill(supervisor.pid, signal.SIGKILL)
    await until(lambda: not runs(grandchild))


async def test_the_one_that_waits_takes_over_and_another_waits(make: Make) -> None:
    supervisor = make(STEADY)
    supervisor.part.has_standby = True
    await supervisor.start()
    await supervisor.keep_standby()
    assert supervisor.standby is not None
    first, waiting = supervisor.pid, supervisor.standby
    os.kill(first, signal.SIGKILL)
    assert await supervisor.until_ready(first) == waiting
    await until(lambda: supervisor.standby not in {None, waiting})
    last = supervisor.standby
    assert last is not None
    await supervisor.stop()
    assert not runs(last)


async def test_one_that_died_while_waiting_is_no_obstacle(make: Make) -> None:
    supervisor = make(STEADY)
    supervisor.part.has_standby = True
    await supervisor.start()
    await supervisor.keep_standby()
    assert supervisor.standby is not None
    first, waiting = supervisor.pid, supervisor.standby
    os.kill(waiting, signal.SIGKILL)
    await until(lambda: supervisor.standby is None)
    os.kill(first, signal.SIGKILL)
    assert await supervisor.until_ready(first) != waiting


async def test_stopping_twice_is_harmless(make: Make) -> None:
    supervisor = make(STEADY)
    await supervisor.start()
    await supervisor.stop()
    await supervisor.stop()
    with pytest.raises(LookupError):
        _ = supervisor.pid

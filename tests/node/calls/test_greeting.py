import asyncio

import pytest

from everline.node.provisioning.greeting import Greeting


async def test_a_job_that_fails_is_repeated_and_keeps_neither_the_others_nor_the_events_waiting() -> None:
    done: list[str] = []
    mended = asyncio.Event()

    async def listen() -> None:
        done.append("listen")

    async def broken() -> None:
        if not mended.is_set():
            raise ValueError("not now")
        done.append("broken")

    async def good() -> None:
        done.append("good")

    greeting = Greeting(listen, {"broken": broken, "good": good}, patience=0.05)
    async with asyncio.timeout(5):
        await greeting.greet()
        assert done == ["listen", "good"]
        mended.set()
        while "broken" not in done:  # noqa: ASYNC110  # The repetition sets no event.
            await asyncio.sleep(0.01)
    await greeting.close()


async def test_a_job_that_hangs_lets_events_come_and_is_dropped_at_the_next_connection() -> None:
    begun, going_on = 0, 0

    async def listen() -> None:
        pass

    async def hangs() -> None:
        nonlocal begun, going_on
        begun, going_on = begun + 1, going_on + 1
        try:
            await asyncio.Event().wait()
        finally:
            going_on -= 1

    greeting = Greeting(listen, {"hangs": hangs}, patience=0.01)
    async with asyncio.timeout(5):
        await greeting.greet()
        await greeting.greet()
    assert (begun, going_on) == (2, 1)
    await greeting.close()
    assert going_on == 0


async def test_without_listening_nothing_is_done() -> None:
    async def listen() -> None:
        raise ValueError("not now")

    async def job() -> None:
        raise AssertionError

    with pytest.raises(ValueError, match="not now"):
        await Greeting(listen, {"job": job}).greet()

"""A look that fails ends no loop."""

import asyncio

from everline.node.keeping import keep_looking


async def test_a_look_that_fails_is_followed_by_the_next() -> None:
    looks, looked_thrice = 0, asyncio.Event()

    async def look() -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            looked_thrice.set()
        raise OSError("the database is away")

    loop = asyncio.create_task(keep_looking(look, 0.0, "not looked at"))
    async with asyncio.timeout(10):
        await looked_thrice.wait()
    assert not loop.done()
    loop.cancel()

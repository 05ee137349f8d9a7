"""The supervised centre heals: each of our own processes, killed, is back and ready."""

import os
import signal

import pytest

from everline.stack import Stack


@pytest.mark.parametrize("name", ["node", "worker", "api"])
async def test_one_of_our_processes_that_is_killed_is_back(stack: Stack, name: str) -> None:
    before = stack.process(name)
    os.kill(before, signal.SIGKILL)
    assert await stack.until_ready(name, other_than=before) != before

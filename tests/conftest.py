from collections.abc import AsyncIterator

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from db.users import passwords
from everline.stack import Stack
from tests.phones.audio import write_tone
from tests.support.centre import OWN_MUSIC, OWN_MUSIC_HZ, Centre
from tests.support.stack import stack_settings, temporary_home

# A hash as for users takes 0.2 s of processor time, and tests make thousands. test_hashes.py looks at the real one.
passwords._HASHER = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


@pytest.fixture(scope="session")
async def database() -> AsyncIterator[str]:
    """URL of a real PostgreSQL with our tables, shared by the run: use names and ids of your own."""
    with temporary_home() as home:
        async with Stack(stack_settings(home), parts=["postgres"]) as stack:
            yield stack.settings.database


@pytest.fixture(scope="session")
async def stack() -> AsyncIterator[Stack]:
    """The whole centre on free ports, shared by the run."""
    with temporary_home() as home:
        own = home / "music" / OWN_MUSIC
        own.mkdir(parents=True)
        write_tone(own / "tone.wav", OWN_MUSIC_HZ, seconds=20, rate=8000)
        async with Stack(stack_settings(home)) as stack:
            yield stack


@pytest.fixture(scope="session")
async def centre(stack: Stack) -> AsyncIterator[Centre]:
    """The shared centre, with a trunk that customers call by. Agents and queues are each test's own."""
    centre = Centre(stack)
    await centre.add_trunk()
    yield centre
    await centre.close()

from collections.abc import AsyncIterator

import pytest

from telephony.trunk import Trunk
from tests.phones.raw_caller import RawCaller
from tests.phones.soft_phone import SoftPhone
from tests.support.stack import temporary_home
from tests.telephony.heard import Heard
from tests.telephony.node import CALLER_ADDRESS, PHONE_ADDRESS, TestNode, ha1, start_node
from tests.telephony.running import RunningAsterisk, make_site

PHONE = "201"
PASSWORD = "correct horse"


@pytest.fixture(scope="session")
async def running() -> AsyncIterator[RunningAsterisk]:
    """A real Asterisk, shared by the run."""
    with temporary_home() as home:
        asterisk = RunningAsterisk(await make_site(home))
        try:
            await asterisk.start()
            yield asterisk
        finally:
            await asterisk.stop()


_SHARED: list[Heard] = []
"""Where the events of all tests come in, of whatever file."""


@pytest.fixture(autouse=True)
def own_events() -> None:
    """A test takes no event of an earlier one for its own, in whatever order they run."""
    for heard in _SHARED:
        heard.begin()


@pytest.fixture(scope="session")
async def node(running: RunningAsterisk) -> AsyncIterator[TestNode]:
    """The far end of that Asterisk's websocket; callers come in from CALLER_ADDRESS."""
    async with start_node(running.site) as node:
        _SHARED.append(node.heard)
        await node.provisioning.push_trunk(Trunk("line", f"{CALLER_ADDRESS}:9", [CALLER_ADDRESS]))
        yield node


@pytest.fixture
async def caller() -> AsyncIterator[RawCaller]:
    async with RawCaller.start(CALLER_ADDRESS) as caller:
        yield caller


@pytest.fixture
async def phone(node: TestNode) -> AsyncIterator[SoftPhone]:
    """A phone that is registered as PHONE and rings."""
    await node.provisioning.push_extension(PHONE, "sip", ha1(PHONE, PASSWORD))
    async with SoftPhone.start(bind=PHONE_ADDRESS, number=PHONE) as phone:
        await phone.register(node.sip, PHONE, PASSWORD)
        yield phone
    await node.provisioning.remove_extension(PHONE)


@pytest.fixture
async def own_asterisk() -> AsyncIterator[RunningAsterisk]:
    """An Asterisk of a test's own, not yet started, that may be killed."""
    with temporary_home() as home:
        asterisk = RunningAsterisk(await make_site(home))
        try:
            yield asterisk
        finally:
            await asterisk.kill()

import sysconfig
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from tests.support.fixed_keys import FixedKeys
from workflows.core.data_converter import encrypting


@pytest.fixture(scope="package")
async def client() -> AsyncIterator[Client]:
    """A Temporal of the tests' own."""
    program = Path(sysconfig.get_path("scripts")) / "temporal"
    environment = await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(program), data_converter=encrypting(FixedKeys())
    )
    yield environment.client
    await environment.shutdown()

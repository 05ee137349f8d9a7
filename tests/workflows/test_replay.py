from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from domain.calls import ids
from workflows.calls.workflow import CallWorkflow
from workflows.core.data_converter import DATA_CONVERTER

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))


def test_there_are_saved_histories() -> None:
    assert {path.stem for path in HISTORIES} >= {
        "answered",
        "abandoned",
        "declined-then-answered",
        "unknown-number",
        "rang-all",
        "voicemail",
        "asked-to-be-called-back",
        "called-back",
        "dialled-on-the-phone",
        "controlled",
        "transferred",
        "cut-off-and-back",
    }


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
async def test_a_saved_call_replays_in_the_sandbox(path: Path) -> None:
    history = WorkflowHistory.from_json(ids.workflow(path.stem), path.read_text())  # noqa: ASYNC240  # A small file.
    # The ordinary runner is the sandboxed one: what is not deterministic fails here.
    await Replayer(workflows=[CallWorkflow], data_converter=DATA_CONVERTER).replay_workflow(history)

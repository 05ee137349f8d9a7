"""Calls that earlier versions began go on: what was saved of such calls is replayed by this one."""

import re
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from domain.calls import ids
from domain.calls.transitions import TRANSITIONS
from tests.workflows.saved import DIGESTS, Transition, digest, replayed, saved
from workflows.calls.workflow import CallWorkflow
from workflows.core.data_converter import DATA_CONVERTER

WALKED_BY_NONE: set[Transition] = set()
"""Transitions of which no history is saved. It only ever becomes smaller."""


@pytest.mark.parametrize("path", saved(), ids=lambda path: path.stem)
async def test_a_saved_call_replays_in_the_sandbox(path: Path) -> None:
    history = WorkflowHistory.from_json(ids.workflow(path.stem), path.read_text())  # noqa: ASYNC240  # A small file.
    # The ordinary runner is the sandboxed one: what is not deterministic fails here.
    await Replayer(workflows=[CallWorkflow], data_converter=DATA_CONVERTER).replay_workflow(history)


def test_no_saved_history_was_changed_or_removed() -> None:
    listed = {name: told for told, name in (line.split() for line in DIGESTS.read_text().splitlines())}
    there = {path.name: digest(path.read_text()) for path in saved()}
    assert there == listed, "Saved histories are only added (docs/workflow-changes.md): git restore tests/workflows."


async def test_every_transition_of_a_call_is_in_a_saved_history() -> None:
    missing = set(TRANSITIONS)
    for path in saved():
        missing -= await replayed(path)
    assert missing == WALKED_BY_NONE, "python -m tests.workflows.record_transitions saves what is missing."


def test_only_one_module_asks_for_patches() -> None:
    asking = [
        path.name
        for path in (Path(__file__).parents[2] / "workflows").rglob("*.py")
        if "workflow.patched(" in path.read_text()
    ]
    assert asking == ["patches.py"]


def test_no_history_names_a_place_on_the_machine_that_recorded_it() -> None:
    named = [path.name for path in saved() if re.search(r'File \\"/', path.read_text())]
    assert named == []

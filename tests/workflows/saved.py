"""Histories that were saved, by which each later version of the call's workflow is judged: none is ever changed."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.converter import PayloadCodec
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from domain.calls import ids
from domain.calls.call import CallStage, EventKind
from domain.calls.transitions import CallAction, action_for
from workflows.calls import workflow as call_workflow
from workflows.core.data_converter import DATA_CONVERTER
from workflows.core.readable_history import make_readable

FOLDER = Path(__file__).parent / "histories"
DIGESTS = FOLDER / "SHA256SUMS"
"""What each file was when it was saved, as `sha256sum` writes it."""

Transition = tuple[CallStage, EventKind]


async def told(handle: WorkflowHandle[Any, Any], codec: PayloadCodec) -> str:
    """What Temporal has kept of a call, readably."""
    history = await handle.fetch_history()
    for event in history.events:
        await make_readable(event, codec)
    return history.to_json() + "\n"


def keep(text: str, name: str) -> None:
    """Adds a history to those that are saved. Raises FileExistsError: what is saved stays as it is."""
    with (FOLDER / f"{name}.json").open("x") as file:
        file.write(text)
    with DIGESTS.open("a") as digests:
        digests.write(f"{digest(text)}  {name}.json\n")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def saved() -> list[Path]:
    return sorted(FOLDER.glob("*.json"))


async def replayed(path: Path) -> set[Transition]:
    """Replays a history, outside of the sandbox. Returns the transitions of the call's table that it walks."""
    with _noting() as walked:
        history = WorkflowHistory.from_json(ids.workflow(path.stem), path.read_text())  # noqa: ASYNC240  # A small file.
        replayer = Replayer(
            workflows=[call_workflow.CallWorkflow],
            data_converter=DATA_CONVERTER,
            workflow_runner=UnsandboxedWorkflowRunner(),
        )
        await replayer.replay_workflow(history)
    return walked


@contextmanager
def _noting() -> Iterator[set[Transition]]:
    walked: set[Transition] = set()

    def noting(stage: CallStage, event: EventKind) -> CallAction | None:
        step = action_for(stage, event)
        if step is not None:
            walked.add((stage, event))
        return step

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(call_workflow, "action_for", noting)
        yield walked

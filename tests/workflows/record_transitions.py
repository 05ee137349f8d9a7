"""Saves a few of the calls that tests of the workflow make, so that every transition of the call's table is walked.

python -m tests.workflows.record_transitions [TEST…]
"""

import asyncio
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from domain.calls.transitions import TRANSITIONS
from tests.workflows.running import SAVE_TO
from tests.workflows.saved import Transition, keep, replayed, saved


async def choose(made: list[Path]) -> None:
    """Saves the calls that walk what no saved one does, as few as that takes; prints what none walks."""
    missing = set(TRANSITIONS)
    for path in saved():
        missing -= await replayed(path)
    walks: dict[Path, set[Transition]] = {}
    for path in made:
        try:
            walks[path] = await replayed(path)
        except Exception as error:  # noqa: BLE001  # A test has changed the workflow while it ran, or was cut off.
            print(f"not replayed: {path.stem}: {type(error).__name__}")  # noqa: T201
    while missing:
        best = max(walks, key=lambda path: (len(walks[path] & missing), -path.stat().st_size))
        if not walks[best] & missing:
            break
        missing -= walks[best]
        keep(best.read_text(), best.stem)
    for stage, event in sorted(missing):
        print(f"walked by none: {stage}, {event}")  # noqa: T201


def main() -> None:
    """Runs the tests of the workflow, and chooses among their calls."""
    with TemporaryDirectory() as folder:
        os.environ[SAVE_TO] = folder
        tests = sys.argv[1:] or [str(Path(__file__).parent)]
        pytest.main(["-q", "-p", "no:cacheprovider", *tests])
        asyncio.run(choose(sorted(Path(folder).glob("*.json"))))
    sys.stdout.flush()
    os._exit(0)  # The SDK's threads can crash an ordinary exit of a short program.


if __name__ == "__main__":
    main()

"""The long form: python -m tests.model [RUNS]. Anything happens to calls, then each planted fault is to be found."""

import argparse
import asyncio
import logging
import sys
import tempfile
from pathlib import Path

import structlog
from hypothesis import settings

from tests.model import running
from tests.model.machine import Ground
from tests.model.plants import PLANTS

_RUNS_FOR_A_PLANT = 150


def main() -> None:
    """Says what was found; ends with 1 when a call came to harm or a planted fault stayed hidden."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="?", type=int, default=2000, help="how often, 40 events each")
    parser.add_argument("--plants-only", action="store_true", help="only look for what is planted")
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    with asyncio.Runner() as runner, tempfile.TemporaryDirectory() as folder:
        database = running.own_database()
        url = runner.run(database.__aenter__())
        try:
            hidden = _run(url, Path(folder), 0 if asked.plants_only else asked.runs)
        finally:
            runner.run(database.__aexit__(None, None, None))
    sys.exit(1 if hidden else 0)


def _run(url: str, folder: Path, runs: int) -> list[str]:
    ground = Ground(url, folder)
    try:
        if runs:
            running.run(ground, settings(running.SHORT, max_examples=runs, derandomize=False))
            print(f"{runs} runs, no call came to harm. Steps done: {dict(sorted(ground.told.items()))}")  # noqa: T201
        hidden = []
        for plant in PLANTS:
            found = running.finds(ground, plant, _RUNS_FOR_A_PLANT)
            print(f"{'found' if found else 'NOT FOUND'}: {plant}", flush=True)  # noqa: T201
            hidden += [] if found else [plant.name]
        return hidden
    finally:
        ground.close()


if __name__ == "__main__":
    main()

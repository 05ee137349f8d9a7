from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from everline.cli import app
from everline.errors import EverlineError


@dataclass(frozen=True)
class Told:
    """What a command told, and whether it did what it was asked."""

    done: bool
    text: str


Command = Callable[..., Told]


@pytest.fixture
def command(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `everline …` on the run's database, from a home of its own."""
    monkeypatch.setenv("EVERLINE_DATABASE_URL", database)
    monkeypatch.setenv("EVERLINE_HOME", str(tmp_path))

    def run(*words: str, typed: str | None = None) -> Told:
        result = CliRunner().invoke(app, words, input=typed)
        if isinstance(result.exception, EverlineError):
            return Told(done=False, text=str(result.exception))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Told(result.exit_code == 0, result.output)

    return run

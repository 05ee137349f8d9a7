import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from pydantic import BaseModel, ValidationError

from everline import logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.basicConfig(handlers=handlers, level=level, force=True)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def _lines(home: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home / "log/node.log").read_text().splitlines()]


def test_an_event_is_one_json_line_with_its_fields(tmp_path: Path) -> None:
    logs.configure("node", tmp_path, "info", terminal=False)
    structlog.get_logger("test").info("call_queued", call="node1-1.2")
    (line,) = _lines(tmp_path)
    assert line["event"] == "call_queued"
    assert line["call"] == "node1-1.2"
    assert line["process"] == "node"
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")


def test_what_libraries_log_is_in_the_same_form(tmp_path: Path) -> None:
    logs.configure("node", tmp_path, "info", terminal=False)
    logging.getLogger("library").warning("slow by %d ms", 5)
    (line,) = _lines(tmp_path)
    assert (line["event"], line["logger"]) == ("slow by 5 ms", "library")


def test_a_traceback_carries_no_local_variables(tmp_path: Path) -> None:
    logs.configure("node", tmp_path, "info", terminal=False)
    number = "+4930123456"
    try:
        _ = [][len(number)]
    except IndexError:
        structlog.get_logger("test").exception("step_failed")
    text = (tmp_path / "log/node.log").read_text()
    assert "IndexError" in text
    assert number not in text


def test_a_line_below_the_level_is_not_written(tmp_path: Path) -> None:
    logs.configure("node", tmp_path, "warning", terminal=False)
    structlog.get_logger("test").info("call_queued")
    logging.getLogger("library").info("hello")
    assert _lines(tmp_path) == []


def test_a_terminal_shows_the_event_readably(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("node", tmp_path, "info", terminal=True)
    structlog.get_logger("test").info("call_queued", call="node1-1.2")
    assert "call_queued" in capsys.readouterr().err


class _Customer(BaseModel):
    age: int


def test_an_error_of_a_library_does_not_tell_what_it_could_not_read(tmp_path: Path) -> None:
    logs.configure("node", tmp_path, "info", terminal=False)
    told = {"age": "Cleo"}
    try:
        _Customer.model_validate(told)
    except ValidationError:
        structlog.get_logger("test").exception("not read")
    text = (tmp_path / "log/node.log").read_text()
    assert "valid integer" in text
    assert "Cleo" not in text


def test_a_number_in_the_words_of_an_error_is_masked_and_an_id_is_not(tmp_path: Path) -> None:
    logs.configure("node", tmp_path, "info", terminal=False)
    words = "no {} at PJSIP/{}@trunk for node1-1795860000.12 and 01a2219d-3465-7dfd-8f66-124030912345"
    number = "+4930123456"

    def fail() -> None:
        raise LookupError(words.format(number, number))

    try:
        fail()
    except LookupError:
        structlog.get_logger("test").exception("not found")
    [line] = _lines(tmp_path)
    assert line["exception"][0]["exc_value"] == words.format("…", "…")


def test_a_terminal_shows_no_local_variables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("node", tmp_path, "info", terminal=True)
    number = "+49" + "30123456"
    try:
        _ = [][len(number)]
    except IndexError:
        structlog.get_logger("test").exception("step_failed")
    shown = capsys.readouterr().err
    assert "IndexError" in shown
    assert number not in shown

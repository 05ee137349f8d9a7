"""Logs: events with fields, one JSON line each in <home>/log/<process>.log, and readable on a terminal."""

import logging
import logging.handlers
import re
import sys
from pathlib import Path

import structlog

from everline.settings import HOME_MODE

_FILE_BYTES = 10_000_000
_FILES_KEPT = 5
_INPUT = re.compile(r"input_value=.*?(?=, input_type=)", re.DOTALL)
"""What pydantic shows of a value that does not fit."""
_NUMBER = re.compile(r"(?<![\w-])\+?\d{7,}(?![\w.-])")
"""A number of a telephone; not a part of an id of ours."""
# Libraries whose chatter hides our own events.
_QUIET = ("asyncio", "alembic", "aiohttp.access", "httpx", "sqlalchemy.engine", "uvicorn.access")


def configure(process: str, home: Path, level: str, *, terminal: bool | None = None) -> None:
    """Send every log of this process, ours and the libraries', to its file, and to stderr where that is a terminal."""
    folder = home / "log"
    home.mkdir(mode=HOME_MODE, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    file = logging.handlers.RotatingFileHandler(
        folder / f"{process}.log", maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT, encoding="utf-8"
    )
    handlers: list[logging.Handler] = [file]
    file.setFormatter(_formatter(_to_json()))
    if sys.stderr.isatty() if terminal is None else terminal:
        console = logging.StreamHandler(sys.stderr)
        console.setFormatter(_formatter([_readable()]))
        handlers.append(console)
    logging.basicConfig(level=level.upper(), handlers=handlers, force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)


def _shared() -> list[structlog.typing.Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _readable() -> structlog.typing.Processor:
    traces = structlog.dev.RichTracebackFormatter(show_locals=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=traces)


def _to_json() -> list[structlog.typing.Processor]:
    # Local variables stay out of the log: they may hold a customer's number.
    traces = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
    return [traces, _mask_errors, structlog.processors.JSONRenderer(default=str)]


def _mask_errors(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Errors of libraries tell what they could not read, which may be a customer's."""
    traces = event.get("exception")
    for trace in traces if isinstance(traces, list) else []:
        trace["exc_value"] = _NUMBER.sub("…", _INPUT.sub("input_value=…", trace["exc_value"]))
    return event


def _formatter(renderers: list[structlog.typing.Processor]) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
    )

"""Logs: events with fields, one JSON line each in <home>/log/<process>.log, and readable on a terminal."""

import logging
import logging.handlers
import sys
from pathlib import Path

import structlog

from everline.settings import HOME_MODE

_FILE_BYTES = 10_000_000
_FILES_KEPT = 5
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
        console.setFormatter(_formatter([structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]))
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


def _to_json() -> list[structlog.typing.Processor]:
    # Local variables stay out of the log: they may hold a customer's number.
    traces = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
    return [traces, structlog.processors.JSONRenderer(default=str)]


def _formatter(renderers: list[structlog.typing.Processor]) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
    )

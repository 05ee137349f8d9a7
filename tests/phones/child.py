"""The phone's process: commands on standard input, events on standard output, until the input ends."""

import ctypes
import os
import select
import signal
from collections.abc import Callable
from typing import NoReturn

import pjsua2 as pj

from tests.phones.engine import Engine
from tests.phones.messages import Done, Event, PhoneSetup, Ready, command_adapter

_TURN_MILLISECONDS = 10
_PR_SET_PDEATHSIG = 1


def _private_output() -> int:
    """A descriptor for events alone; whatever the library prints goes to standard error."""
    events = os.dup(1)
    os.dup2(2, 1)
    return events


def die_with_parent() -> None:
    """A phone must not outlive its test, whichever way the test ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def run(setup: str) -> NoReturn:
    """Is a phone until its input ends; then the process ends."""
    die_with_parent()
    events = _private_output()

    def report(event: Event) -> None:
        os.write(events, event.model_dump_json().encode() + b"\n")

    engine = Engine(PhoneSetup.model_validate_json(setup), report)
    report(Ready(port=engine.port))
    pending = b""
    while True:
        engine.turn(_TURN_MILLISECONDS)
        while select.select([0], [], [], 0)[0]:
            arrived = os.read(0, 65536)
            if not arrived:
                os._exit(0)
            *lines, pending = (pending + arrived).split(b"\n")
            for line in lines:
                _carry_out(engine, line, report)


def _carry_out(engine: Engine, line: bytes, report: Callable[[Event], None]) -> None:
    command = command_adapter.validate_json(line)
    try:
        engine.carry_out(command)
    except pj.Error as problem:
        error: str | None = problem.info()
    except KeyError:
        error = "no such call"
    else:
        error = None
    report(Done(request=command.request, error=error))

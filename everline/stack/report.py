"""What the user sees: one line a part while it starts, then the addresses and what to try."""

import os
import shutil
import sysconfig
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from everline.settings import Settings
from everline.stack.certificate import own_fingerprint
from everline.stack.part import Part
from everline.stack.program import portal_address
from everline.stack.supervisor import Notice, PartState

if TYPE_CHECKING:
    from everline.accounts import FirstLogin

_SIGNS = {
    PartState.READY: ("✓", "green"),
    PartState.FAILED: ("✗", "red"),
    PartState.STOPPED: ("·", "dim"),
}
_QUIET_AFTER_START = {PartState.STARTING, PartState.STOPPING}


@dataclass
class _Line:
    label: str
    address: str
    state: PartState | None = None
    seconds: float = 0.0
    detail: str = ""


class Progress:
    """One line a part: a living table on a terminal, plain lines in a file or a pipe."""

    def __init__(self, console: Console, *, plain: bool) -> None:
        self._console = console
        self._lines: dict[str, _Line] = {}
        self._started = False
        live = console.is_terminal and not plain
        self._live = Live(get_renderable=self._table, console=console, refresh_per_second=8) if live else None

    def expect(self, parts: Sequence[Part]) -> None:
        """Say which parts will be started."""
        self._lines = {part.name: _Line(part.label, part.address) for part in parts}

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.finish()

    def finish(self) -> None:
        """The start is over: what changes from now on gets a line of its own."""
        if not self._started and self._live is not None:
            self._live.stop()
        self._started = True

    def show(self, notice: Notice) -> None:
        """Take in a change of a part."""
        if not self._started and any(line.state is PartState.FAILED for line in self._lines.values()):
            # The others are being stopped on its account; what stays to be read is which one failed.
            return
        line = self._lines[notice.name]
        line.state, line.seconds, line.detail = notice.state, notice.seconds, notice.detail
        if self._started:
            self._print_later(line)
        elif self._live is None and notice.state in {PartState.READY, PartState.FAILED}:
            self._console.print(_sentence(line))

    def _print_later(self, line: _Line) -> None:
        if line.state in _QUIET_AFTER_START:
            return
        clock = time.strftime("%H:%M:%S")
        if line.state is PartState.RESTARTING:
            self._console.print(Text(f"{clock}  {line.label}: {line.detail}; starting it again.", style="yellow"))
        else:
            self._console.print(Text.assemble((f"{clock}  ", "dim"), _sentence(line)))

    def _table(self) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        for line in self._lines.values():
            sign: RenderableType = Text(" ")
            if line.state in _SIGNS:
                sign = Text(*_SIGNS[line.state])
            elif line.state is not None:
                sign = Spinner("dots", style="cyan")
            took = f"{line.seconds:.1f} s" if line.state is PartState.READY else ""
            state = Text(line.state or "waiting", style="" if line.state else "dim")
            where = f"{line.address}  {line.detail}" if line.state is PartState.READY and line.detail else line.address
            table.add_row(sign, Text(line.label), state, Text(took, style="dim"), Text(where, style="dim"))
        return table


def _program() -> str:
    """How the user calls our program from this folder."""
    ours = Path(sysconfig.get_path("scripts")) / "everline"
    on_path = shutil.which("everline")
    if on_path is not None and ours.exists() and Path(on_path).samefile(ours):
        return "everline"
    return os.path.relpath(ours)


def _sentence(line: _Line) -> Text:
    sign, style = _SIGNS.get(line.state or PartState.STARTING, (" ", ""))
    took = f" after {line.seconds:.1f} s" if line.state is PartState.READY else ""
    address = f"  {line.address}" if line.address and line.state is PartState.READY else ""
    detail = f", {line.detail}" if line.detail and line.state is PartState.READY else ""
    return Text.assemble((f"{sign} ", style), f"{line.label} {line.state}{took}{detail}", (address, "dim"))


def _certificate(settings: Settings) -> list[tuple[str, str]]:
    fingerprint = own_fingerprint(settings)
    if fingerprint is None:
        return []
    return [
        ("Certificate", "its own, about which each browser asks once; accept only the one whose SHA-256 is"),
        ("", fingerprint),
    ]


def print_welcome(console: Console, settings: Settings, login: "FirstLogin | None", seconds: float) -> None:
    """Where everything is, who may log in, and what to try."""
    program = _program()
    rows = [
        ("Portal", portal_address(settings)),
        *_certificate(settings),
        ("SIP phones", f"{settings.sip_address}:{settings.sip_port} (UDP, TCP)"),
        ("Data and logs", str(settings.home)),
    ]
    if login is not None:
        rows.append(("First log-in", f"{login.name} (or agent id {login.agent_id}), password {login.password}"))
        rows.append(("", f"shown only now; `{program} user reset-password NAME` sets another"))
    else:
        rows.append(("Log-in", f"as before; `{program} user reset-password NAME` sets another"))
    table = Table.grid(padding=(0, 3))
    for name, value in rows:
        table.add_row(Text(name, style="bold"), Text(value))
    console.print()
    console.print(Text(f"Everline is ready after {seconds:.1f} s.", style="bold green"))
    console.print(table)
    console.print()
    console.print("To try it, in another terminal:", style="bold")
    console.print(f"  {program} demo        makes two agents, a supervisor, a queue and a number", highlight=False)
    console.print(f"  {program} demo call   places a call to that number, with a voice in it", highlight=False)
    console.print("Ctrl-C stops everything.", style="dim")

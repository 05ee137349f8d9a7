"""Parts of a stack that need nothing installed: small Python programs."""

import sys
from pathlib import Path

from everline.stack.part import Launch, Part


class Dummy(Part):
    """Runs a few lines of Python, as a stand-by after a line on its input; ready once its mark exists."""

    name = "dummy"
    label = "Dummy"
    stop_timeout = 5.0

    def __init__(self, mark: Path, program: str) -> None:
        self.mark = mark
        self.program = program

    async def prepare(self) -> Launch:
        self.mark.unlink(missing_ok=True)
        program = f"import sys\nif sys.argv[2:] and not sys.stdin.readline(): sys.exit()\n{self.program}"
        return Launch((sys.executable, "-c", program, str(self.mark)))

    async def ready(self) -> bool:
        return self.mark.exists()


STEADY = """
import pathlib, signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_DFL)
pathlib.Path(sys.argv[1]).touch()
while True: time.sleep(0.1)
"""
"""Gets ready and does what signals say, also where whoever runs the tests has turned SIGINT off. It looks again and
again: a signal that came just before a wait must not be lost."""

DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + STEADY
"""Gets ready and does not end when asked to."""

PARENT = """
import pathlib, signal, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
signal.pause()
"""
"""Starts another process and notes its id in the mark."""

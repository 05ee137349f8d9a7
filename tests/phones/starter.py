"""A process that has the SIP library loaded, and forks a phone whenever it is asked for one.

To load the library and our messages takes a phone's process five times as long as all the rest of its start.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from tests.phones import child

_ROOT = Path(__file__).resolve().parents[2]
_MOST_BYTES = 65536
_lock = threading.Lock()
_starter: socket.socket | None = None


def start(setup: str, line: socket.socket, errors: Path) -> int:
    """Starts a phone that talks by `line`. Returns its process id. It dies with this process."""
    with _lock, errors.open("wb") as file:
        starter = _running()
        socket.send_fds(starter, [setup.encode()], [line.fileno(), file.fileno()])
        return int(starter.recv(_MOST_BYTES))


def _running() -> socket.socket:
    """The line to this process's starter, which ends when the line does."""
    global _starter  # noqa: PLW0603 - one a process
    if _starter is None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            subprocess.Popen([sys.executable, "-m", "tests.phones.starter"], cwd=_ROOT, stdin=theirs.fileno())
        _starter = ours
    return _starter


def main() -> None:
    child.die_with_parent()
    # Nobody waits for a phone's process: its line ends with it.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    requests = socket.socket(fileno=0)
    while True:
        setup, files, *_ = socket.recv_fds(requests, _MOST_BYTES, 2)
        if not setup:
            return
        pid = os.fork()
        if pid == 0:
            line, errors = files
            requests.detach()
            for target, source in ((0, line), (1, line), (2, errors)):
                os.dup2(source, target)
            child.run(setup.decode())
        for file in files:
            os.close(file)
        requests.send(str(pid).encode())


if __name__ == "__main__":
    main()

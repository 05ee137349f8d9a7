"""The account that everything runs as which root has started."""

import os
import pwd
import stat
import subprocess
from collections.abc import Iterable
from pathlib import Path

from everline.stack.errors import MissingPrivilege
from everline.stack.part import Privileges

NAME = "everline"
_CAPABILITIES = (("dac_read_search", 2), ("dac_override", 1))  # names for setpriv, numbers of capabilities(7)
NO_CAPABILITIES = ("--inh-caps", "-all", "--ambient-caps", "-all")
"""Options of setpriv for a program that needs none of the capabilities that we may have been left."""


def unprivileged(paths: Iterable[Path]) -> Privileges | None:
    """An account other than root that can reach those paths; None where we are not root ourselves.

    What lies below a closed folder such as /root is reached by the one capability to pass closed folders, which
    is less than opening /root to everybody. Raises MissingPrivilege where a container withholds it.
    """
    if os.geteuid() != 0:
        return None
    account = _account()
    closed = closed_folder(paths, account.pw_uid, account.pw_gid)
    if closed is None:
        return Privileges(account.pw_uid, account.pw_gid)
    allowed = _capability_set("CapBnd")
    for name, number in _CAPABILITIES:
        if allowed >> number & 1:
            return Privileges(account.pw_uid, account.pw_gid, (name,))
    raise MissingPrivilege(
        f"Everline runs as the account {NAME}, which may not enter {closed}. "
        f"Run `chmod o+x {closed}`, or use a folder elsewhere."
    )


def closed_folder(paths: Iterable[Path], uid: int, gid: int) -> Path | None:
    """The first folder on the way to one of those paths that this account may not pass; links are followed."""
    found = {folder for path in paths for way in (path.absolute(), path.resolve()) for folder in way.parents}
    return next((folder for folder in sorted(found) if folder.exists() and not _open_to(folder, uid, gid)), None)


def has_capabilities() -> bool:
    """Whether what we start would inherit a capability of ours."""
    return _capability_set("CapAmb") != 0


def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        pass
    useradd = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        made = subprocess.run(  # noqa: S603
            [*useradd, "--shell", "/usr/sbin/nologin", NAME], stderr=subprocess.PIPE, text=True, check=False
        )
        # Two first starts at once may both try; what counts is that the account is there.
        return pwd.getpwnam(NAME)
    except (KeyError, OSError) as error:
        why = made.stderr.strip() if isinstance(error, KeyError) else str(error)
        raise MissingPrivilege(f"The system account {NAME}, which Everline runs as, cannot be made: {why}.") from None


def _open_to(folder: Path, uid: int, gid: int) -> bool:
    found = folder.stat()
    if found.st_uid == uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _capability_set(name: str) -> int:
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith(f"{name}:")), 16)

"""The account that PostgreSQL runs as when everything else runs as root, which PostgreSQL refuses to."""

import asyncio
import os
import pwd
import stat
from collections.abc import Iterable
from pathlib import Path

from everline.stack.errors import MissingPrivilege
from everline.stack.part import Privileges

_NAME = "everline"
_CAPABILITIES = (("dac_read_search", 2), ("dac_override", 1))  # names for setpriv, numbers of capabilities(7)


async def unprivileged(paths: Iterable[Path]) -> Privileges | None:
    """An account other than root that can reach those paths; None where we are not root ourselves.

    A home below a closed folder such as /root is reached by the one capability to pass closed folders, which
    is less than opening /root to everybody. Raises MissingPrivilege where a container withholds it.
    """
    if os.geteuid() != 0:
        return None
    account = await _account()
    closed = next(
        (folder for path in paths for folder in path.resolve().parents if not _open_to(folder, account)), None
    )
    if closed is None:
        return Privileges(account.pw_uid, account.pw_gid)
    allowed = _bounding_set()
    for name, number in _CAPABILITIES:
        if allowed >> number & 1:
            return Privileges(account.pw_uid, account.pw_gid, (name,))
    raise MissingPrivilege(
        f"PostgreSQL runs as the account {_NAME}, which may not enter {closed}. "
        f"Run `chmod o+x {closed}`, or use a folder elsewhere."
    )


async def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(_NAME)
    except KeyError:
        pass
    useradd = await asyncio.create_subprocess_exec(
        "useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", _NAME,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, words = await useradd.communicate()
    try:
        # Two first starts at once may both try; what counts is that the account is there.
        return pwd.getpwnam(_NAME)
    except KeyError:
        why = words.decode(errors="replace").strip()
        raise MissingPrivilege(f"The system account {_NAME}, which PostgreSQL needs, cannot be made: {why}.") from None


def _open_to(folder: Path, account: pwd.struct_passwd) -> bool:
    found = folder.stat()
    if found.st_uid == account.pw_uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.pw_gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _bounding_set() -> int:
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("CapBnd:")), 16)

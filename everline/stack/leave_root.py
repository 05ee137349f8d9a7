"""What root starts goes on as the account `everline`: a hole in any part must not be root's."""

import compileall
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import temporalio

import everline
from everline.settings import HOME_MODE, PREFIX, Settings
from everline.stack.account import NAME, closed_folder, unprivileged
from everline.stack.errors import MissingPrivilege
from everline.stack.part import Privileges

_ROOT = Path(everline.__file__).parents[1]
_PACKAGES = ("activities", "api", "db", "domain", "everline", "telephony", "workflows")
FOLDERS = ("asterisk", "log", "postgres", "run", "secrets", "temporal", "tls")
"""The folders of a home that belong to who runs it."""
_LARGE = frozenset({"asterisk", "temporal", "postgres"})
"""Those that are only walked through where their owner is another."""
_MUSIC = "music"
_PRIVILEGED_PORTS = 1024


def leave_root(settings: Settings) -> None:
    """Starts this program anew as the account `everline` where it is root's. Does not return then.

    Raises MissingPrivilege with words for the user.
    """
    if os.geteuid() != 0:
        return
    if settings.as_root:
        _take_back(settings.home)
        _say("everything runs as root, as EVERLINE_AS_ROOT wants it: a hole in any part is root's.")
        return
    needed = [settings.home / "run", Path(sys.executable)]
    account = unprivileged(needed)
    assert account is not None
    _check_programs(account)
    try:
        given = _prepare_home(settings, account)
    except OSError as error:
        raise MissingPrivilege(f"The folder {settings.home} cannot be made ready: {error.strerror}.") from None
    _warn(needed, account)
    # The account may not write beside our programs; without this, each start would compile them anew.
    for package in _PACKAGES:
        compileall.compile_dir(_ROOT / package, quiet=2)
    capabilities = list(account.capabilities)
    if min(settings.portal_port, settings.sip_port, settings.sip_tls_port) < _PRIVILEGED_PORTS:
        capabilities.append("net_bind_service")
    dropped = Privileges(account.uid, account.gid, tuple(capabilities))
    words = ["setpriv", *dropped.options(), "--no-new-privs", "--", sys.executable, *_ourselves()]
    os.execvpe(words[0], words, {**os.environ, **given, "HOME": str(settings.home), "USER": NAME, "LOGNAME": NAME})  # noqa: S606


def _check_programs(account: Privileges) -> None:
    """PostgreSQL finds its programs only where every folder is open, whatever rights it has."""
    closed = closed_folder([_ROOT / "api/static", Path(temporalio.__file__)], account.uid, account.gid)
    if closed is not None:
        raise MissingPrivilege(
            f"Everline runs as the account {NAME}, which may not enter {closed}, where its programs are. Run "
            f"`chmod o+x {closed}`, or move Everline to a folder such as /opt and run the same command there."
        )


def _ourselves() -> list[str]:
    """How this program was called, for Python."""
    script = Path(sys.argv[0])
    called = [str(script)] if script.name != "__main__.py" else ["-m", "everline"]
    return [*called, *sys.argv[1:]]


def _prepare_home(settings: Settings, account: Privileges) -> dict[str, str]:
    """The home's folders, owned by the account. Returns the settings by which the account finds its way."""
    home = settings.home
    if not home.exists():
        home.mkdir(mode=HOME_MODE, parents=True)
    if home.stat().st_uid == 0 and {path.name for path in home.iterdir()} <= {*FOLDERS, _MUSIC}:
        os.chown(home, account.uid, account.gid)
    for name in FOLDERS:
        folder = home / name
        folder.mkdir(mode=0o700, exist_ok=True)
        if name not in _LARGE or folder.stat().st_uid != account.uid:
            _give(folder, account)
    found = {f"{PREFIX}HOME": str(home), f"{PREFIX}CACHE": str(settings.cache)}
    files = {
        "CERTIFICATE": settings.certificate,
        "KEY": settings.key,
        "TEMPORAL_CA": settings.temporal_ca,
        "TEMPORAL_CERTIFICATE": settings.temporal_certificate,
        "TEMPORAL_KEY": settings.temporal_key,
    }
    for name, file in files.items():
        if file is not None and file.is_file():
            copy = home / "tls" / f"given-{name.lower()}.pem"
            _copy_for(account, file, copy)
            found[PREFIX + name] = str(copy)
    return found


def _take_back(home: Path) -> None:
    """Marks what root is going to write into, so that a later start as the account walks through it."""
    for name in ("asterisk", "temporal"):
        if (home / name).exists():
            os.chown(home / name, 0, 0)


def _give(folder: Path, account: Privileges) -> None:
    """The folder and all in it becomes the account's; never anything that also has a name elsewhere."""
    for here, folders, files in os.walk(folder):
        os.chown(here, account.uid, account.gid, follow_symlinks=False)
        for name in (*folders, *files):
            path = Path(here, name)
            found = path.lstat()
            if path.is_dir() or found.st_nlink == 1:
                os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _copy_for(account: Privileges, file: Path, copy: Path) -> None:
    """A file that perhaps only root can read, for the account. Made anew at each start."""
    copy.unlink(missing_ok=True)
    descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target, file.open("rb") as source:
        shutil.copyfileobj(source, target)
        os.fchown(target.fileno(), account.uid, account.gid)


def _warn(paths: Iterable[Path], account: Privileges) -> None:
    closed = closed_folder(paths, account.uid, account.gid)
    if closed is not None:
        _say(
            f"{closed} is closed to the account {NAME}, so our own processes get the right to pass closed folders. "
            f"Without it they are safer: run `chmod o+x {closed}`, or install Everline and its Python elsewhere."
        )


def _say(words: str) -> None:
    print(f"everline: {words}", file=sys.stderr)  # noqa: T201  # Before there is a console.

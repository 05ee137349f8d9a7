"""`everline stop`: ends the centre that runs in this home, from another terminal or a service manager."""

import asyncio
import os
import select
import signal

from everline.settings import Settings
from everline.stack.errors import MissingPrivilege, StackError
from everline.stack.leftovers import end_leftovers, living
from everline.stack.lock import HomeLock

AT_ONCE = signal.SIGUSR1
"""What tells `everline up` to stop without waiting for calls."""


def stop(settings: Settings, *, at_once: bool) -> str:
    """Waits until it has stopped. Returns what was done; raises EverlineError with words for the user."""
    holder = HomeLock(settings.home).holder()
    if holder is None:
        return _end_left(settings, at_once=at_once)
    try:
        watched = os.pidfd_open(holder)
        os.kill(holder, AT_ONCE if at_once else signal.SIGTERM)
    except PermissionError:
        raise MissingPrivilege(
            f"Process {holder} belongs to another account: stop it as that account or root."
        ) from None
    except ProcessLookupError:
        return "Everline has stopped."
    select.select([watched], [], [])
    return "Everline has stopped."


def _end_left(settings: Settings, *, at_once: bool) -> str:
    if living(settings.home / "run/asterisk.pid") is None:
        raise StackError(f"Everline does not run in {settings.home}.")
    if not at_once:
        raise StackError(
            f"Everline does not run in {settings.home}, but its Asterisk does, perhaps with calls in it. "
            "`everline up` takes it over; `everline stop --now` ends it."
        )
    asyncio.run(end_leftovers(settings.home / "run"))
    return "The Asterisk that was left has stopped."

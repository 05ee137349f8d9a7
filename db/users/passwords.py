"""Passwords: argon2 hashes, and the digests by which SIP phones prove that they know a secret."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from pwdlib import PasswordHash

from db.core.errors import UnusableValueError
from db.users.common_passwords import is_common
from domain.phones.realm import REALM

SHORTEST = 10
SHORTEST_SIP_SECRET = 12
"""A phone's secret is asked for by machines only, and with it a phone calls out without a page."""
LONGEST = 128

_HASHER = PasswordHash.recommended()
# Each verification takes 64 MiB for a few hundredths of a second; a flood of log-ins must not take it all.
_AT_ONCE = 2


class Verifier:
    """Checks passwords beside the event loop, a few at a time; those from known browsers wait for no others."""

    def __init__(self) -> None:
        self._turns = {is_known: asyncio.Semaphore(_AT_ONCE) for is_known in (True, False)}
        # An unknown name costs as much time as a wrong password, so the answer's delay tells nothing.
        self._nobody = _HASHER.hash(secrets.token_urlsafe(16))

    async def verify(self, password: str, password_hash: str | None, *, is_known: bool = False) -> bool:
        """Whether the password is the hash's. Takes as long when there is no hash."""
        async with self._turns[is_known]:
            matches = await asyncio.to_thread(_HASHER.verify, password[: LONGEST + 1], password_hash or self._nobody)
        return matches and password_hash is not None


def hash_password(password: str, own: Sequence[str] = ()) -> str:
    """The hash that is stored. `own` are words that are known of its user.

    Raises UnusableValueError for one that is too short, too long, or among the first that are tried.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise UnusableValueError(
            f"A password needs {SHORTEST} to {LONGEST} characters; this one has {len(password)}.", field="password"
        )
    if is_common(password, own):
        raise UnusableValueError(
            "This password is among those that are tried first. Take several words, or a new one.", field="password"
        )
    return _HASHER.hash(password)


def browser_proof(password_hash: str, browser: str) -> str:
    """What a browser keeps to show that this user has logged in with it. A new password makes all of them void."""
    return hmac.new(password_hash.encode(), browser.encode(), hashlib.sha256).hexdigest()


def new_password() -> str:
    """A password that nobody can guess and that can be read out: four groups of four."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def sip_digest(number: str, secret: str) -> str:
    """What is kept of a phone's secret: HA1 of RFC 7616 with MD5, which Asterisk and the browser phone both take."""
    return hashlib.md5(f"{number}:{REALM}:{secret}".encode(), usedforsecurity=False).hexdigest()


def random_digest() -> str:
    """A digest whose secret nobody knows. The digest itself is enough to register with."""
    return secrets.token_hex(16)

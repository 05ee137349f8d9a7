"""Secrets of one installation: made once, kept in <home>/secrets, readable by their owner only."""

import os
import secrets
from enum import StrEnum
from pathlib import Path

from everline.errors import EverlineError


class SecretMissing(EverlineError):
    """A process was started before the stack had made its secrets."""


class Secret(StrEnum):
    """The names of the secret files."""

    POSTGRES = "postgres"
    """Password of the embedded PostgreSQL's superuser, used at its start only."""
    DATABASE = "database"
    """Password of the account with which Everline uses the embedded PostgreSQL."""
    ARI = "ari"
    """Password with which Asterisk's websocket logs in at the node, and a request at Asterisk."""
    SESSION = "session"
    """Key for what the portal signs."""
    HISTORY = "history"
    """By which the keys of Temporal's histories are encrypted in the database."""


def ensure_secrets(home: Path, postgres_port: int) -> None:
    """Make the secrets that do not exist yet, and libpq's password file for the embedded database."""
    folder = home / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in Secret:
        if not (folder / name).exists():
            _write(folder / name, secrets.token_urlsafe(32))
    _write(folder / "pgpass", f"127.0.0.1:{postgres_port}:*:everline:{read_secret(home, Secret.DATABASE)}\n")


def read_secret(home: Path, name: Secret) -> str:
    """The secret's text. Raises SecretMissing where `everline up` never ran in this home."""
    try:
        return (home / "secrets" / name).read_text().strip()
    except FileNotFoundError:
        raise SecretMissing(f"There is no secret in {home}/secrets/{name} yet: run `everline up` once.") from None


def _write(path: Path, text: str) -> None:
    # Written whole under another name first: a crash must not leave an empty secret behind.
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    temporary.replace(path)

"""Encrypts the keys of histories by a secret that is not in the database, so that a stolen copy of it opens nothing."""

import os
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12


class CannotUnwrap(Exception):
    """The key was wrapped by another secret, or is not what was wrapped."""


@dataclass(frozen=True)
class Wrapping:
    """Wraps keys by what is derived from a secret (AES-256-GCM, HKDF-SHA256), each for its own id only."""

    secret: str = field(repr=False)

    @property
    def name(self) -> str:
        """Tells one secret from another."""
        return self._derived(b"name of the secret", 8).hex()

    def wrap(self, key_id: UUID, material: bytes) -> bytes:
        """The key as it may lie in the database."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher().encrypt(nonce, material, key_id.bytes)

    def unwrap(self, key_id: UUID, wrapped: bytes) -> bytes:
        """The key itself. Raises CannotUnwrap."""
        try:
            return self._cipher().decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], key_id.bytes)
        except InvalidTag:
            raise CannotUnwrap(f"The key {key_id} was not wrapped by this secret.") from None

    def _cipher(self) -> AESGCM:
        return AESGCM(self._derived(b"wrapping of history keys", KEY_BYTES))

    def _derived(self, purpose: bytes, length: int) -> bytes:
        return HKDF(SHA256(), length, salt=None, info=b"everline: " + purpose).derive(self.secret.encode())

"""Encrypts what Temporal keeps of calls: it holds names, numbers and digits, and Temporal's store is not ours alone.

What was written before there was encryption is read as it is.
"""

import os
from collections.abc import Sequence
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

ENCODING = b"binary/encrypted"
_NULL = b"binary/null"
_KEY = "everline-key"
_NONCE_BYTES = 12
"""Of chance, which is safe for 2^32 payloads of one key (NIST SP 800-38D): a day has some ten millions at most."""


class PayloadDamaged(Exception):
    """What Temporal has kept is not what we gave it."""


class HistoryKey(Protocol):
    """A key by which payloads are encrypted (AES-256-GCM)."""

    @property
    def id(self) -> bytes:
        """What names it beside what it has encrypted."""
        ...

    @property
    def cipher(self) -> AESGCM:
        """The key itself."""
        ...


class HistoryKeys(Protocol):
    """Where keys come from; each raises an error that says in words why there is none."""

    async def for_writing(self) -> HistoryKey:
        """The key for what is written now."""
        ...

    async def by_id(self, key_id: bytes) -> HistoryKey:
        """The key that has encrypted something."""
        ...


class EncryptingCodec(PayloadCodec):
    """Encrypts by the key of the day, and decrypts by the key that the payload names."""

    def __init__(self, keys: HistoryKeys) -> None:
        self._keys = keys

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """As Temporal gets them. What is nothing stays so: most steps answer nothing, and nothing is no secret."""
        key = await self._keys.for_writing()
        return [one if one.metadata["encoding"] == _NULL else _encrypted(one, key) for one in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """As we gave them. Raises PayloadDamaged, and what the keys raise."""
        return [await self._decrypted(one) if one.metadata["encoding"] == ENCODING else one for one in payloads]

    async def _decrypted(self, payload: Payload) -> Payload:
        key = await self._keys.by_id(payload.metadata[_KEY])
        sealed = payload.data
        try:
            plain = key.cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], key.id)
        except InvalidTag:
            raise PayloadDamaged("A part of a call's history was changed or damaged in Temporal's store.") from None
        return Payload.FromString(plain)


def _encrypted(payload: Payload, key: HistoryKey) -> Payload:
    nonce = os.urandom(_NONCE_BYTES)
    sealed = key.cipher.encrypt(nonce, payload.SerializeToString(), key.id)
    return Payload(metadata={"encoding": ENCODING, _KEY: key.id}, data=nonce + sealed)

"""What must be read back is kept encrypted: security codes, keys of authenticator apps, letters not yet sent.

AES-256-GCM; the keys are apart from the database. The associated data is `what it belongs to | key version`, so
that neither a row nor a key version can be swapped.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
_KEY_BYTES = 32


class VaultError(Exception):
    """What is kept can't be opened: its key is missing, or it is not what was sealed."""


@dataclass(frozen=True)
class Sealed:
    """Encrypted bytes with the version of the key that opens them."""

    content: bytes
    key_version: int


class Vault:
    """Seals by the newest key, opens by any."""

    def __init__(self, keys: dict[int, bytes], again: Callable[[], dict[int, bytes]] | None = None) -> None:
        """again: the keys of now, where they may change meanwhile; ValueError when there are none."""
        if not keys or any(version < 1 or len(key) != _KEY_BYTES for version, key in keys.items()):
            raise ValueError("a vault needs keys of 32 bytes under versions from 1")
        self._again = again
        self._given, self._keys = keys, _ciphers(keys)

    @property
    def newest(self) -> int:
        """The number of the key that seals now."""
        self._look_again()
        return max(self._keys)

    def _look_again(self) -> None:
        try:
            keys = self._given if self._again is None else self._again()
        except ValueError:
            return  # it is being written: what was good is good still
        if keys != self._given:
            self._given, self._keys = keys, _ciphers(keys)

    def seal(self, text: str, belongs_to: str) -> Sealed:
        # never from the random source of a test: a nonce used twice gives the key away
        nonce = os.urandom(_NONCE_BYTES)
        newest = self.newest
        about = _about(belongs_to, newest)
        return Sealed(nonce + self._keys[newest].encrypt(nonce, text.encode(), about), newest)

    def open(self, sealed: Sealed, belongs_to: str) -> str:
        """VaultError when it can't be opened, or belongs to something else."""
        if sealed.key_version not in self._keys:
            self._look_again()
        key = self._keys.get(sealed.key_version)
        if key is None:
            raise VaultError(f"key {sealed.key_version} is not among PORTAL_CODE_KEYS")
        nonce, content = sealed.content[:_NONCE_BYTES], sealed.content[_NONCE_BYTES:]
        try:
            return key.decrypt(nonce, content, _about(belongs_to, sealed.key_version)).decode()
        except InvalidTag:
            raise VaultError("this was not sealed here") from None


def keys_from(text: str) -> dict[int, bytes]:
    """Keys written as `1:base64,2:base64` (PORTAL_CODE_KEYS). ValueError, without the keys, when they are not."""
    keys: dict[int, bytes] = {}
    for part in text.split(","):
        version, _, encoded = part.strip().partition(":")
        try:
            keys[int(version)] = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error):
            raise ValueError("keys are written as 1:base64,2:base64") from None
    if any(version < 1 or len(key) != _KEY_BYTES for version, key in keys.items()):
        raise ValueError("each key is 32 bytes in base64, its version a number from 1")
    return keys


def new_key() -> str:
    """A key as `keys_from` reads it, without its version."""
    return base64.b64encode(os.urandom(_KEY_BYTES)).decode()


def _ciphers(keys: dict[int, bytes]) -> dict[int, AESGCM]:
    return {version: AESGCM(key) for version, key in keys.items()}


def _about(belongs_to: str, version: int) -> bytes:
    return f"{belongs_to}|{version}".encode()

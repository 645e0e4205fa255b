"""Who asks says so in a way that others can check: the asker signs each request, services know its public key.

What is signed: the asker's name, the method, the request's own id, the time, and the digest of the body, whose first
argument is the caller. So nobody else can ask in the portal's name, and no request can be changed or sent to another
method; one that is sent again is refused as well.

    RPC_SIGNING_KEY    the asker's own: ``portal:`` and 32 bytes in base64; its process alone has it
    RPC_TRUSTED_KEYS   of services: ``portal:`` and the public key in base64, and others after commas, two of one
                       asker while its key is changed; ``none`` where nobody is checked, for trying out and tests alone

Each may be in a file instead, whose name RPC_SIGNING_KEY_FILE or RPC_TRUSTED_KEYS_FILE gives, and which may be written
anew while the process runs.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from libs.common.errors import ConfigError
from libs.common.process.given import WatchedFile, given, watched
from libs.common.process.strictness import HOW_TO_MAKE, TRYING_OUT, is_trying_out, require_secret

Made = TypeVar("Made")

FORM: Final = "caretally-rpc-1"
NOBODY_CHECKED: Final = "none"
PUBLISHED_KEY: Final = "cx8Wu9h0m1qD460PmRMC5gF7X6s4aBES3xB0pzZUOBA="
"""The public one of `deploy/trying-out`."""
WINDOW_SECONDS: Final = 30
"""So old a request may be, or so much the clocks of two machines differ; it expires after five seconds anyway."""
MOST_SEEN: Final = 200_000
"""Requests that are remembered for that long."""
PORTAL: Final = "portal"
COMMAND_LINE: Final = "command"
ROLES: Final[Mapping[str, frozenset[str]]] = {
    PORTAL: frozenset(("council", "provider", "system")),
    COMMAND_LINE: frozenset(("system",)),
}
"""In which roles of callers an asker may speak."""


class NotTrusted(Exception):
    """The request is not from whom it says; str() says why, without data."""


class Signer:
    """An asker with its own key."""

    def __init__(self, read: Callable[[], str]) -> None:
        """read: says the key, another one once it is changed. Raises ConfigError for one that can't be used."""
        self._key: _Changing[tuple[str, Ed25519PrivateKey]] = _Changing(read, _private_key)

    def headers(self, method: str, request_id: str, body: bytes) -> dict[str, Any]:
        """What goes with a request to this method, such as ``payments.debts``."""
        name, key = self._key.now()
        at = int(time.time() * 1000)
        signature = key.sign(_signed(name, method, request_id, at, body))
        return {"signed_by": name, "signed_at": at, "signature": base64.b64encode(signature).decode()}


class Trust:
    """Whom a service trusts: public keys by the names of askers, several of one while its key is changed."""

    def __init__(self, read: Callable[[], str]) -> None:
        """read: says the public keys, others once they are changed. Raises ConfigError for those that can't be used."""
        self._keys: _Changing[dict[str, list[Ed25519PublicKey]]] = _Changing(read, _public_keys)
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def check(
        self,
        method: str,
        request_id: str,
        body: bytes,
        headers: Mapping[str, Any],
        *,
        is_again: bool = False,
        may_wait: bool = False,
    ) -> str:
        """The asker's name. Raises NotTrusted.

        is_again: the broker says that it gave this request out before, to a process that ended.
        may_wait: it is no question but what waits in a queue, for days if need be, and counts once however often it comes.
        """
        name, at, signature = (headers.get(part) for part in ("signed_by", "signed_at", "signature"))
        if not (isinstance(name, str) and isinstance(at, int) and isinstance(signature, str)):
            raise NotTrusted("it is not signed")
        keys = self._keys.now().get(name)
        if keys is None:
            raise NotTrusted("it is signed by nobody who is known here")
        if not may_wait and abs(time.time() - at / 1000) > WINDOW_SECONDS:
            raise NotTrusted("it was signed too long ago, or the clocks of two machines differ")
        signed = _signed(name, method, request_id, at, body)
        if not any(_is_right(key, signature, signed) for key in keys):
            raise NotTrusted("its signature is not right")
        if not may_wait and self._was_seen(signature) and not is_again:
            raise NotTrusted("it was asked before")
        return name

    def _was_seen(self, signature: str) -> bool:
        """Whether it was; from now on it was."""
        now = time.monotonic()
        with self._lock:
            while self._seen and (
                len(self._seen) > MOST_SEEN or next(iter(self._seen.values())) < now - 2 * WINDOW_SECONDS
            ):
                self._seen.popitem(last=False)
            if signature in self._seen:
                return True
            self._seen[signature] = now
            return False


def check_role(asker: str, caller: Any) -> None:
    """That this asker may speak for a caller of this role. Raises NotTrusted."""
    if not isinstance(caller, dict) or caller.get("role") not in ROLES.get(asker, ()):
        raise NotTrusted("it is signed by somebody who may not speak for this caller")


@functools.cache
def own_signer() -> Signer | None:
    """Of this process; None where it has no key: what it asks is answered where nobody is checked.

    Raises ConfigError for a key that can't be used.
    """
    text = given("RPC_SIGNING_KEY")
    if not text:
        return None
    require_secret("RPC_SIGNING_KEY", text)
    file = watched("RPC_SIGNING_KEY")
    return Signer(file.read) if file else signer_of(text)


def signer_of(signing_key: str) -> Signer:
    """The asker whose key this is. Raises ConfigError for one that can't be used."""
    return Signer(lambda: signing_key)


def signer_in(file: Path) -> Signer:
    """The asker whose key is in this file. Raises ConfigError for one that can't be used."""
    return Signer(WatchedFile(str(file), "RPC_SIGNING_KEY_FILE").read)


def trusted() -> Trust | None:
    """Whom this process trusts; None where nobody is checked. Raises ConfigError where it is not said."""
    text = given("RPC_TRUSTED_KEYS")
    if not text:
        raise ConfigError(
            "RPC_TRUSTED_KEYS is not set: give the public keys of those who may ask, such as portal:base64."
        )
    if text == NOBODY_CHECKED:
        if not is_trying_out():
            raise ConfigError(
                f"RPC_TRUSTED_KEYS is {NOBODY_CHECKED}, so that whoever reaches the broker could ask in anybody's name:"
                f" make keys with `caretally secrets make`, or set {TRYING_OUT}=1 to try the system out."
            )
        return None
    if PUBLISHED_KEY in text and not is_trying_out():
        raise ConfigError(
            f"RPC_TRUSTED_KEYS holds a key that is published for trying out: {HOW_TO_MAKE}, or set {TRYING_OUT}=1."
        )
    file = watched("RPC_TRUSTED_KEYS")
    return Trust(file.read) if file else trust_of(text)


def trust_of(trusted_keys: str) -> Trust:
    """Trust in those whose public keys these are. Raises ConfigError for those that can't be used."""
    return Trust(lambda: trusted_keys)


def public_of(signing_key: str) -> str:
    """What services are told of an asker with this key: its name and public key."""
    name, key = _named_bytes("RPC_SIGNING_KEY", signing_key)
    public = Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()
    return f"{name}:{base64.b64encode(public).decode()}"


class _Changing(Generic[Made]):
    """What is made of a text, and made anew when the text is another; what was made last while it can't be used."""

    def __init__(self, read: Callable[[], str], make: Callable[[str], Made]) -> None:
        """Raises ConfigError for a text that can't be used now."""
        self._read, self._make = read, make
        text = read()
        self._made = (text, make(text))

    def now(self) -> Made:
        text = self._read()
        if text != self._made[0]:
            with suppress(ConfigError):  # it is just being written
                self._made = (text, self._make(text))
        return self._made[1]


def _private_key(text: str) -> tuple[str, Ed25519PrivateKey]:
    name, key = _named_bytes("RPC_SIGNING_KEY", text)
    return name, Ed25519PrivateKey.from_private_bytes(key)


def _public_keys(text: str) -> dict[str, list[Ed25519PublicKey]]:
    found: dict[str, list[Ed25519PublicKey]] = {}
    for part in filter(str.strip, text.split(",")):
        name, key = _named_bytes("RPC_TRUSTED_KEYS", part)
        found.setdefault(name, []).append(Ed25519PublicKey.from_public_bytes(key))
    return found


def _named_bytes(setting: str, text: str) -> tuple[str, bytes]:
    name, _, encoded = text.strip().partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if name not in ROLES or len(key) != 32:
        raise ConfigError(f"{setting} must be {' or '.join(ROLES)}, a colon, and 32 bytes in base64.")
    return name, key


def _is_right(key: Ed25519PublicKey, signature: str, signed: bytes) -> bool:
    try:
        key.verify(base64.b64decode(signature, validate=True), signed)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _signed(name: str, method: str, request_id: str, at: int, body: bytes) -> bytes:
    return "|".join((FORM, name, method, request_id, str(at), hashlib.sha256(body).hexdigest())).encode()

"""The rules of signing in by OpenID Connect (RULES 14), pure: what an issuer's answer must say, and whether it is enough."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

from libs.common.errors import Refused

_KNOWS: Final = frozenset(("pwd", "pin", "kba"))
_HAS: Final = frozenset(("otp", "hwk", "swk", "sc", "pop"))
_IS: Final = frozenset(("fpt", "face", "iris", "retina", "vbm"))
MULTIPLE: Final = "mfa"
"""Methods by which somebody was asked, as RFC 8176 names them: what they know, have, or are. A text message or a call is
none: both can be led to another telephone."""


class Asking(NamedTuple):
    """What goes with one try: by which the answer is known again. Worked out of a secret that the browser keeps."""

    state: str
    nonce: str
    verifier: str


class Person(NamedTuple):
    """Whom an issuer names. second_step: whether it took one."""

    openid: str
    email: str
    second_step: bool


def asking_of(secret: str) -> Asking:
    """Three values that say nothing of each other; the verifier has 64 characters, as RFC 7636 wants 43 to 128."""
    state, nonce, verifier = (
        hashlib.sha256(f"openid {what}|{secret}".encode()).hexdigest()
        for what in ("state", "nonce", "verifier")
    )
    return Asking(state, nonce, verifier)


def is_same(wanted: str, given: str) -> bool:
    """Whether a value came back as it was; takes as long when it did not."""
    return hmac.compare_digest(wanted.encode(), given.encode())


def person_of(claims: Mapping[str, Any], acr_wanted: Collection[str]) -> Person:
    """Whom claims name whose signature, issuer, audience, times and nonce are right.

    Refused `email_missing` and `email_not_verified`.
    """
    email = claims.get("email")
    if not isinstance(email, str) or not email:
        raise Refused(
            "email_missing",
            "Your sign-in there did not say your e-mail address, by which you are known here.",
        )
    if claims.get("email_verified") is not True:
        raise Refused(
            "email_not_verified",
            "Your sign-in there does not say that your e-mail address was verified, so it lets nobody in here.",
        )
    took = is_second_step(claims.get("amr"), claims.get("acr"), acr_wanted)
    return Person(f"{claims['iss']} {claims['sub']}", email, took)


def is_second_step(amr: object, acr: object, acr_wanted: Collection[str]) -> bool:
    """Whether an issuer says that it took a second step: `mfa`, methods of two kinds, or an `acr` that the council named."""
    methods = {one for one in amr if isinstance(one, str)} if isinstance(amr, list) else set()
    kinds = sum(bool(methods & kind) for kind in (_KNOWS, _HAS, _IS))
    return MULTIPLE in methods or kinds > 1 or (isinstance(acr, str) and acr in acr_wanted)


def is_app_asked(*, has_app: bool, is_connected: bool, second_step: bool) -> bool:
    """Whether our own app's number is asked: where the issuer took no second step, and once before it is connected."""
    return has_app and not (second_step and is_connected)

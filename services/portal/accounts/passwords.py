"""Passwords as they are kept, and the ones that nobody may use."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

# Argon2id, 19 MiB, two passes, one lane: OWASP's recommendation for servers that check many at once.
KEPT = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# zxcvbn refuses longer ones; what comes after the first 72 characters can only make a password better.
_JUDGED_LENGTH = 72
_ABOUT_GUESSED = 10**6
"""Guesses: what falls to fewer is a common password with a variation, such as `Password2026`."""


class Passwords:
    """Hashes and checks. A check costs the same whether there is an account or not."""

    def __init__(self, hasher: PasswordHasher = KEPT) -> None:
        self._hasher = hasher
        self._of_nobody = hasher.hash("the password of an account that does not exist")

    def hash(self, password: str) -> str:
        return self._hasher.hash(_normal(password))

    def is_right(self, kept: str | None, password: str) -> bool:
        """Whether this is the password whose hash was kept; False, after the same work, when none was."""
        try:
            self._hasher.verify(kept or self._of_nobody, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None


def is_common(password: str, about_the_holder: tuple[str, ...] = ()) -> bool:
    """Whether it stands on the list of breached and common passwords that zxcvbn brings, or is a variation of
    one, or of what is known about its holder."""
    normal = _normal(password)
    if normal.casefold() in _listed():
        return True
    known = [
        word
        for text in about_the_holder
        for word in (text, *text.replace("@", " ").replace(".", " ").split())
    ]
    return int(zxcvbn(normal[:_JUDGED_LENGTH], known)["guesses"]) < _ABOUT_GUESSED


@lru_cache(1)
def _listed() -> frozenset[str]:
    return frozenset(FREQUENCY_LISTS["passwords"])


def _normal(password: str) -> str:
    """The same password typed on another keyboard: é as one character or as two."""
    return unicodedata.normalize("NFKC", password)

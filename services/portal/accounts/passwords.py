"""Passwords as they are kept, and the ones that nobody may use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

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
    """Whether it stands on the list of breached and common passwords that zxcvbn brings, is a variation of one, or
    of what is known about its holder, holds a name of that, or a season or a month with a year (RULES 14)."""
    normal = _normal(password)
    if normal.casefold() in _listed() or holds_a_name(password, about_the_holder) or holds_a_season(password):
        return True
    known = [
        word
        for text in about_the_holder
        for word in (text, *text.replace("@", " ").replace(".", " ").split())
    ]
    return int(zxcvbn(normal[:_JUDGED_LENGTH], known)["guesses"]) < _ABOUT_GUESSED


_SHORTEST_NAME: Final = 4
"""Shorter words of a name stand in too many others: they count where nothing but digits and signs is with them."""
_OF_EVERYBODY: Final = frozenset(
    [
        "home",
        "care",
        "homecare",
        "caring",
        "carer",
        "carers",
        "services",
        "service",
        "support",
        "living",
        "limited",
        "group",
        "company",
        "council",
        "borough",
        "county",
        "city",
        "district",
        "royal",
        "metropolitan",
        "unitary",
        "health",
        "social",
        "community",
        "north",
        "south",
        "east",
        "west",
        "upper",
        "lower",
        "great",
        "mail",
        "email",
        "gmail",
        "googlemail",
        "outlook",
        "hotmail",
        "yahoo",
        "icloud",
        "example",
        "info",
        "office",
        "admin",
        "accounts",
        "payments",
        "finance",
        "helpdesk",
        "approver",
        "commissioning",
        "manager",
        "with",
        "from",
        "their",
        "domiciliary",
        "nursing",
        "trust",
        "ltd",
        "plc",
        "llp",
        "the",
        "and",
        "for",
        "org",
        "com",
        "gov",
        "nhs",
        "net",
    ]
)
"""Words in names that name nobody."""
_LOOKS_LIKE: Final = {
    "a": "a4@", "b": "b8", "c": "c(", "e": "e3", "g": "g9", "i": "i1!|", "l": "l1!|", "o": "o0", "s": "s5$", "t": "t7+",
    "z": "z2",
}  # fmt: skip
_BETWEEN: Final = r"[\W_]*"
_SEASONS: Final = ("spring", "summer", "autumn", "winter")
_MONTHS: Final = (
    "january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_SHORT: Final = (
    "fall",
    "may",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sept",
    "sep",
    "oct",
    "nov",
    "dec",
)
"""These stand in other words: they count where they stand apart, beside the year."""
_YEAR_AFTER: Final = r"(?:(?:19|20)\d\d(?!\d)|\d\d(?![^\W_]))"
_YEAR_BEFORE: Final = r"(?:(?<!\d)(?:19|20)\d\d|(?<![^\W_])\d\d)"


def holds_a_name(password: str, about_the_holder: Iterable[str]) -> bool:
    """Whether a name is in it, in any letter case, with whatever stands between its letters, or with digits and signs
    for letters. A name counts as a whole, and by each of its words that says something."""
    folded = _folded(password)
    return any(
        re.search(_as_typed(name), folded)
        if len(name) >= _SHORTEST_NAME
        else re.fullmatch(rf"[\W\d_]*{_as_typed(name)}[\W\d_]*", folded)
        for name in _names_of(about_the_holder)
    )


def _names_of(about_the_holder: Iterable[str]) -> Iterator[str]:
    for text in about_the_holder:
        local, _, domain = _folded(text).partition("@")
        # of an address the last part, or two, is that of many: .co.uk
        parts = [local, *domain.split(".")[:-1]] if domain else [local]
        for part in parts:
            words = re.findall(r"[^\W\d_]+", part)
            yield from (word for word in words if len(word) > 2 and word not in _OF_EVERYBODY)
            if len(words) > 1:
                yield "".join(words)


def holds_a_season(password: str) -> bool:
    """Whether a season or a month is in it with a year: Autumn2026, 26-Winter."""
    folded = _folded(password)
    has_year = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", folded) is not None
    for name in (*_SEASONS, *_MONTHS):
        typed = _as_typed(name)
        beside = rf"{typed}{_BETWEEN}\d\d(?!\d)|(?<!\d)\d\d{_BETWEEN}{typed}"
        if re.search(typed, folded) and (has_year or re.search(beside, folded)):
            return True
    return any(
        re.search(
            rf"(?<![^\W\d_]){name}{_BETWEEN}{_YEAR_AFTER}|{_YEAR_BEFORE}{_BETWEEN}{name}(?![^\W\d_])", folded
        )
        for name in _SHORT
    )


def _as_typed(name: str) -> str:
    """A pattern of the name as it may be typed: `Diamond` as d1am0nd, d i a m o n d or di-amond."""
    return _BETWEEN.join(f"[{re.escape(_LOOKS_LIKE.get(letter, letter))}]" for letter in name)


def _folded(text: str) -> str:
    """In small letters, without accents."""
    spread = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


@lru_cache(1)
def _listed() -> frozenset[str]:
    return frozenset(FREQUENCY_LISTS["passwords"])


def _normal(password: str) -> str:
    """The same password typed on another keyboard: é as one character or as two."""
    return unicodedata.normalize("NFKC", password)

"""How names of levels, services and organisations compare, and whom a name means (RULES 2)."""

import functools
import unicodedata
from collections.abc import Collection, Iterable
from typing import TypeVar

Id = TypeVar("Id")


class _Dashes(dict[int, int]):
    """For str.translate: every kind of dash becomes a hyphen-minus. Looked up as they come: Unicode is large."""

    def __missing__(self, code: int) -> int:
        self[code] = ord("-") if unicodedata.category(chr(code)) == "Pd" else code
        return self[code]


_HYPHEN_BULLET, _MINUS_SIGN = 0x2043, 0x2212
_DASHES = _Dashes({_HYPHEN_BULLET: ord("-"), _MINUS_SIGN: ord("-")})


_LONGEST_REMEMBERED = 200
"""Real names are shorter. What is longer isn't remembered, so that memory stays bounded."""


def with_plain_dashes(text: str) -> str:
    """The text with every kind of dash as a hyphen: what programs make of one while somebody types."""
    return text if text.isascii() else text.translate(_DASHES)


def fold(text: str) -> str:
    """The form in which names are compared: `Home Support – Urgent  Care` and `home support - urgent care` are one.

    Compatibility forms (NFKC), kinds of dash, runs of white space and letter case are folded. Folding twice
    changes nothing, which is why NFKC is applied again after casefold.
    """
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _folded(text)


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(with_plain_dashes(folded).split())


_remembered = functools.lru_cache(maxsize=16_384)(_folded)


def find_named(name: str, everybody: Iterable[tuple[Id, str, Collection[str]]]) -> Id | None:
    """Whoever is called so now, else whoever was called so before; None when that is nobody (RULES 2, *Who is who*).

    ``everybody``: id, name, and former names, folded, without those that another has taken since.
    """
    folded, formerly = fold(name), None
    for one, present, former in everybody:
        if fold(present) == folded:
            return one
        if formerly is None and folded in former:
            formerly = one
    return formerly

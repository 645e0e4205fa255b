"""How single values are read in files, forms, addresses and API (RULES 3): dates, times, Booleans, GUIDs, text."""

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_DAY_FIRST = re.compile(r"([0-9]{1,2})([/\- ])([0-9]{1,2}|[A-Za-z]{3})\2([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_GUID = re.compile(r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}")
_BOOLEANS = {
    "0": False,
    "n": False,
    "no": False,
    "false": False,
    "1": True,
    "y": True,
    "yes": True,
    "true": True,
}
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
"""The first and the last date that can be read (RULES 3): weeks and periods of all between them can be counted."""
FIRST_BIRTHDAY = dt.date(1900, 1, 1)
_LONGEST_VALUE = 40
"""No readable date, time or GUID is longer. What is longer isn't remembered, so that memory stays bounded."""


def parse_date(text: str, first: dt.date = FIRST_DAY, last: dt.date = LAST_DAY) -> dt.date | None:
    """The date of a cleaned cell: day first always, YY is 20YY, or YYYY-MM-DD (RULES 3).

    None when unreadable, or outside of `first` to `last`.
    """
    day = _date(text) if len(text) < _LONGEST_VALUE else None
    return day if day is not None and first <= day <= last else None


@functools.lru_cache(maxsize=16_384)
def _date(text: str) -> dt.date | None:
    if match := _DAY_FIRST.fullmatch(text):
        day, _, month, year = match.groups()
        month_number = _MONTHS.get(month.lower(), 0) if month.isalpha() else int(month)
        return _real_date(int(year) + (2000 if len(year) == 2 else 0), month_number, int(day))
    if match := _YEAR_FIRST.fullmatch(text):
        return _real_date(*map(int, match.groups()))
    return None


def _real_date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def parse_time(text: str) -> int | None:
    """Seconds since midnight of a cleaned cell, None when unreadable: H or HH, ':', MM, optionally ':SS' (RULES 3)."""
    return _time(text) if len(text) < _LONGEST_VALUE else None


@functools.lru_cache(maxsize=16_384)
def _time(text: str) -> int | None:
    if not (match := _TIME.fullmatch(text)):
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds if hours < 24 and minutes < 60 and seconds < 60 else None


def parse_boolean(text: str) -> bool | None:
    """0/1/Y/N/Yes/No/True/False in any letter case, None when it is none of these (RULES 3)."""
    return _BOOLEANS.get(text.lower())


def parse_guid(text: str) -> str | None:
    """A GUID in its canonical form, upper case, None when malformed (RULES 3).

    Only the form with four hyphens is read: it is the one that the Commissioned Care Export gives.
    """
    return text.upper() if len(text) == 36 and _GUID.fullmatch(text) else None


def without_spaces(text: str) -> str:
    """An NHS number as it is kept and compared (RULES 3, `nhs_number_check`)."""
    return "".join(text.split())


@functools.lru_cache(maxsize=16_384)
def is_nhs_number(digits: str) -> bool:
    """Ten digits whose last one is their check digit (RULES 3): weights 10 to 2, 11 minus the sum modulo 11."""
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    # A result of 10 fits no digit, so it fails; 11 counts as 0.
    return (11 - total % 11) % 11 == int(digits[9])


def cleaned(text: str, *, is_prose: bool = False) -> str:
    """Text as it is judged (RULES 3): every kind of space is ' ', invisible characters (Cf) are dropped, ends trimmed.

    Line ends at the ends are trimmed too; other control characters stay, to be found. Joiners stay inside prose.
    """
    if text.isprintable():
        return text.strip()  # whose only space is ' ', and which has nothing invisible
    return visible(text, is_prose=is_prose).strip(_ENDS)


def visible(text: str, *, is_prose: bool = False) -> str:
    """Text with every kind of space as ' ' and without invisible characters; its ends as they are."""
    if text.isprintable():
        return text
    return "".join(
        character if is_prose and character in _JOINERS else _visible(character) for character in text
    )


_JOINERS = "\u200c\u200d"
"""They make one emoji, or one letter's shape, of several characters."""
_ENDS = " \t\r\n" + _JOINERS


@functools.lru_cache(maxsize=4_096)
def _visible(character: str) -> str:
    category = unicodedata.category(character)
    return "" if category == "Cf" else " " if category.startswith("Z") else character


def control_character(text: str, *, but: str = "") -> str:
    """The first control character that is none of `but`, or an empty string (RULES 3).

    A lone surrogate counts too: it is half a character, and no database can store it.
    """
    if text.isprintable():
        return ""
    return next((one for one in text if unicodedata.category(one) in ("Cc", "Cs") and one not in but), "")


def unstorable_character(text: str) -> str:
    """A character that no database stores: NUL, or a lone surrogate, which is half of one; an empty string without."""
    if text.isprintable():
        return ""
    return next((one for one in text if one == "\0" or "\ud800" <= one <= "\udfff"), "")


def unstorable_text(document: Any, path: tuple[str, ...] = ()) -> tuple[str, str] | None:
    """Where a JSON document holds such a character, by its keys (``items.0.words``), and which; None where nowhere."""
    if isinstance(document, str):
        found = unstorable_character(document)
        return (".".join(path), found) if found else None
    parts: Iterable[tuple[Any, Any]] = ()
    if isinstance(document, Mapping):
        parts = [pair for name, value in document.items() for pair in ((name, value), (name, name))]
    elif isinstance(document, list | tuple):
        parts = enumerate(document)
    places = (unstorable_text(part, (*path, str(name))) for name, part in parts)
    return next(filter(None, places), None)


def shown(text: str, limit: int = 60) -> str:
    """Text of a file as a message can safely show it: shortened, what is invisible written as an escape.

    A file's text reaches terminals too, where control characters would be obeyed.
    """
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    if cut.isprintable():
        return cut
    return "".join(
        one if one.isprintable() or (one.isspace() and one >= "\xa0") else _escaped(one) for one in cut
    )


def _escaped(character: str) -> str:
    # Joiners and direction marks (Cf) belong to real names and emoji.
    return (
        character if unicodedata.category(character) == "Cf" else character.encode("unicode_escape").decode()
    )

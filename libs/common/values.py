"""How single values of a visits file are read (RULES 3): dates, times, Booleans, GUIDs, NHS numbers, text."""

import datetime as dt
import functools
import re
import unicodedata

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
_LONGEST_VALUE = 40
"""No readable date, time or GUID is longer. What is longer isn't remembered, so that memory stays bounded."""


def parse_date(text: str) -> dt.date | None:
    """The date of a trimmed cell, None when unreadable: day first always, YY is 20YY, or YYYY-MM-DD (RULES 3)."""
    return _date(text) if len(text) < _LONGEST_VALUE else None


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
    """Seconds since midnight of a trimmed cell, None when unreadable: H or HH, ':', MM, optionally ':SS' (RULES 3)."""
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


def trimmed(text: str) -> str:
    """Without surrounding spaces of any kind, and line ends. Other control characters stay, to be found."""
    if text.isprintable():
        return text.strip()  # whose only space is ' '
    start, end = 0, len(text)
    while start < end and _is_space(text[start]):
        start += 1
    while end > start and _is_space(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_space(character: str) -> bool:
    return character in " \t\r\n" or (character.isspace() and unicodedata.category(character).startswith("Z"))


def control_character(text: str, *, but: str = "") -> str:
    """The first control character that is none of `but`, or an empty string (RULES 3).

    A lone surrogate counts too: it is half a character, and no database can store it.
    """
    if text.isprintable():
        return ""
    return next((one for one in text if unicodedata.category(one) in ("Cc", "Cs") and one not in but), "")


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

"""How care writes names, numbers, timetables and suspensions (RULES 2). Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def number(value: Decimal) -> str:
    """A number without the zeros at its end: 3.5 and 23.226, 7 and not 7.00."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def timetable_text(slots: Iterable[Sequence[int]], critical: Iterable[Sequence[int]] = ()) -> str:
    """``Mon 08:00-09:00; …``, as care has it, time-critical slots with a ``!``; empty when the week is one diary."""
    marked = set(map(tuple, critical))
    return "; ".join(
        f"{DAYS[slot[0]]} {clock(slot[1])}-{clock(slot[2])}{'!' if slot in marked else ''}"
        for slot in sorted(map(tuple, slots))
    )


def clock(seconds: int) -> str:
    """08:00, or 08:00:30."""
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{text}:{seconds % 60:02}" if seconds % 60 else text


def suspensions_text(suspensions: Iterable[Sequence[str]]) -> str:
    """``03/10/2022-09/10/2022 holiday; …``; a suspension without an end has nothing after the dash."""
    return "; ".join(
        f"{day_text(first)}-{'' if last == dt.date.max.isoformat() else day_text(last)} {reason}".strip()
        for first, last, reason in suspensions
    )


def name_of(client: Mapping[str, Any]) -> str:
    """``Mr Kent Brockman``; without the parts that care leaves empty."""
    return " ".join(filter(None, (client[part] for part in ("title", "forename", "surname"))))


def day_text(day: str | None) -> str:
    """03/10/2022, as care writes the day 2022-10-03; empty for none."""
    return f"{dt.date.fromisoformat(day):%d/%m/%Y}" if day else ""

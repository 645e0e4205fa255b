"""Figures of measures as pages and files show them. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from services.portal.monitoring.words import MeasureWords

NOTHING: Final = "–"
"""Where there is nothing to divide by."""


class Trend(NamedTuple):
    """How a figure stands to the last span's: words (``up from 9``), and whether that is better, worse or neither."""

    words: str
    kind: str


def shown(unit: str, value: Any) -> str:
    """1,204, 12.5 %, 1,203.05"""
    if value is None:
        return NOTHING
    number = f"{value:,}" if isinstance(value, int) else f"{Decimal(value):,}"
    return f"{number} %" if unit == "per cent" else number


def is_empty(figures: Mapping[str, Any]) -> bool:
    """Whether nothing was measured: no visit, and no care in a week sent."""
    return not any(value not in (None, 0, "0.00") for value in figures.values())


def trend_of(measure: MeasureWords, now: Any, before: Any) -> Trend | None:
    """None where one of the two has no figure."""
    if now is None or before is None:
        return None
    difference = Decimal(now) - Decimal(before)
    if not difference:
        return Trend("the same", "same")
    is_up = difference > 0
    words = f"{'up' if is_up else 'down'} from {shown(measure.unit, before)}"
    if measure.better is None:
        return Trend(words, "neither")
    return Trend(words, "better" if is_up == (measure.better == "higher") else "worse")


def sorted_by(
    rows: Mapping[str, Mapping[str, Any]], key: str, *, is_descending: bool
) -> list[tuple[str, Mapping[str, Any]]]:
    """Providers and their measures, in the order of a measure (those without a figure last) or, for others, by name."""
    by_name = sorted(rows.items(), key=lambda row: row[0].casefold())
    if not key:
        return by_name[::-1] if is_descending else by_name
    having = [row for row in by_name if row[1][key] is not None]
    having.sort(key=lambda row: Decimal(row[1][key]), reverse=is_descending)
    return having + [row for row in by_name if row[1][key] is None]

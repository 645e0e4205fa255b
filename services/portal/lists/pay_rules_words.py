"""Pay rules in plain words: what a contract's are, and what each changed in a visit (RULES 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from flask import Flask

from services.portal.web.formats import day, hours, rate

DAYS: Final = {
    "any": "Any day",
    "weekdays": "Monday to Friday",
    "weekend": "Saturday and Sunday",
    "monday": "Monday",
    "tuesday": "Tuesday",
    "wednesday": "Wednesday",
    "thursday": "Thursday",
    "friday": "Friday",
    "saturday": "Saturday",
    "sunday": "Sunday",
    "bank_holiday": "Bank holiday",
    "special_day": "Special day",
}
WAYS: Final = {"nearest": "To the nearest", "up": "Up", "down": "Down"}
_ROUNDED: Final = {"nearest": "to the nearest", "up": "up to whole", "down": "down to whole"}
NO_RULES: Final = (
    "No pay rules: each visit pays its own time, at the unit cost of its care package line item."
)
NO_RULES_DATA: Final[dict[str, Any]] = {
    "bands": [], "rounding": None, "cap": None, "minimum": None, "rates": [], "special_days": [],
}  # fmt: skip


def register(app: Flask) -> None:
    """Make the filter of a step known to templates."""
    app.add_template_filter(step_in_words)


def rules_in_words(rules: Mapping[str, Any]) -> list[str]:
    """One sentence for each rule, in the order in which they apply."""
    return list(_sentences(rules)) or [NO_RULES]


def _sentences(rules: Mapping[str, Any]) -> Iterator[str]:
    for band in rules["bands"]:
        lasts = f"of {band['first']} to {band['last']} minutes"
        if band["last"] is None:
            lasts = f"of {band['first']} minutes or longer"
        yield f"A visit {lasts} pays {_minutes(band['pay'])}."
    if rules["rounding"]:
        yield f"Time is rounded {_ROUNDED[rules['rounding']['way']]} {_minutes(rules['rounding']['minutes'])}."
    if rules["cap"] is not None:
        over = f" and {_minutes(rules['cap'])}" if rules["cap"] else ""
        yield f"No more than the planned time{over} is paid."
    if rules["minimum"] is not None:
        yield f"A visit pays {_minutes(rules['minimum'])} at least."
    for row in rules["rates"]:
        yield f"{_for_which(row)}: {_at(row)}."
    for special in rules["special_days"]:
        yield f"{day(special['on'])} is a special day: {special['name']}."


def _for_which(row: Mapping[str, Any]) -> str:
    parts = [DAYS[row["day"]]]
    if row["entry_from"] is not None:
        parts.append(f"planned entry from {row['entry_from']} and before {row['entry_to']}")
    if row["up_to"] is not None:
        parts.append(f"up to {_minutes(row['up_to'])} paid")
    return ", ".join(parts)


def _at(row: Mapping[str, Any]) -> str:
    if row["unit_cost"] is not None:
        return f"{rate(row['unit_cost'])} an hour"
    return f"{row['percent']}% of the unit cost"


def _minutes(number: int) -> str:
    return f"{number} minute{'' if number == 1 else 's'}"


def step_in_words(step: Mapping[str, Any]) -> str:
    """What one rule changed: time before and after, or the rate."""
    if step["rule"] == "rate":
        which = (
            DAYS[step["by"]].lower()
            if step["by"] in ("any", "bank_holiday", "special_day")
            else DAYS[step["by"]]
        )
        return f"Rate for {which}: {rate(step['after'])} an hour in place of {rate(step['before'])}"
    before, after = (hours(int(step[name])) for name in ("before", "after"))
    return {
        "band": f"Band: {before} pays {after}",
        "rounding": f"Rounding: {before} becomes {after}",
        "cap": f"Cap: {before} is more than is paid over plan, so {after}",
        "minimum": f"Minimum: {before} is raised to {after}",
    }[str(step["rule"])]

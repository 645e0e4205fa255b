"""Pay rules for tests, as payments takes them: nothing, but for what is said; and any that can be set, drawn by chance."""

from __future__ import annotations

import random
from typing import Any

NOTHING: dict[str, Any] = {
    "bands": [],
    "rounding": None,
    "cap": None,
    "minimum": None,
    "rates": [],
    "special_days": [],
}
DAYS = ("any", "weekdays", "weekend", "monday", "saturday", "bank_holiday", "special_day")
SPECIAL_DAYS = ("2022-09-06", "2022-09-19", "2022-10-08", "2022-10-11")


def pay_rules(**rules: Any) -> dict[str, Any]:
    """These rules, and no others."""
    return NOTHING | rules


def a_rate(day: str = "any", rate: str = "30.00", **cells: Any) -> dict[str, Any]:
    """A rate in pounds an hour, or with % of the unit cost, all day and for any length."""
    is_percent = rate.endswith("%")
    return {
        "day": day,
        "entry_from": None,
        "entry_to": None,
        "up_to": None,
        "unit_cost": None if is_percent else rate,
        "percent": rate[:-1] if is_percent else None,
    } | cells


def some_pay_rules(rnd: random.Random) -> dict[str, Any]:
    """Rules that can be set, all kinds of them."""
    firsts = [0, *sorted(rnd.sample(range(1, 100), rnd.choice((2, 4))))]
    lasts = [first - 1 for first in firsts[1:]]
    bands = [
        {"first": first, "last": last, "pay": rnd.choice((0, 15, 30, 45, 60, 75))}
        for first, last in zip(firsts, [*lasts, None], strict=True)
    ]
    keys = rnd.sample([(day, up_to) for day in DAYS for up_to in (None, 15, 30, 60)], 8)
    rates = [
        a_rate(day, rnd.choice(("19.5", "23.226", "150%", "133.33%", "0")), up_to=up_to)
        for day, up_to in keys
    ]
    for row in rnd.sample(rates, 3):
        row["entry_from"], row["entry_to"] = rnd.choice(
            (("08:00", "09:00"), ("18:00", "08:30"), ("00:00", "23:59"))
        )
    return pay_rules(
        bands=bands if rnd.random() < 0.5 else bands[1:-1] if rnd.random() < 0.5 else [],
        rounding=rnd.choice(
            (None, {"minutes": rnd.choice((1, 5, 15)), "way": rnd.choice(("up", "down", "nearest"))})
        ),
        cap=rnd.choice((None, 0, 5)),
        minimum=rnd.choice((None, 20)),
        rates=rates if rnd.random() < 0.7 else [],
        special_days=[{"on": day, "name": "A day"} for day in SPECIAL_DAYS],
    )

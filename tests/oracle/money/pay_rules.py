"""Pay rules worked out a second time (RULES 6), for the oracle: from the data as it was set, in fractions."""

import datetime as dt
from fractions import Fraction
from typing import Any

BANK_HOLIDAYS = (dt.date(2022, 8, 29), dt.date(2022, 9, 19), dt.date(2022, 12, 26), dt.date(2022, 12, 27))
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def time_paid(rules: dict[str, Any], lasted: int, planned: int) -> int:
    """Seconds: band, rounding, cap, minimum."""
    if lasted == 0:
        return 0
    for band in rules["bands"]:
        if band["first"] <= lasted // 60 <= (100_000 if band["last"] is None else band["last"]):
            lasted = band["pay"] * 60
            break
    if rules["rounding"]:
        times = Fraction(lasted, rules["rounding"]["minutes"] * 60)
        whole = {"up": times.__ceil__, "down": times.__floor__, "nearest": (times + Fraction(1, 2)).__floor__}
        lasted = whole[rules["rounding"]["way"]]() * rules["rounding"]["minutes"] * 60
    if rules["cap"] is not None and lasted > planned + rules["cap"] * 60:
        lasted = planned + rules["cap"] * 60
    if rules["minimum"] is not None and lasted < rules["minimum"] * 60:
        lasted = rules["minimum"] * 60
    return lasted


def rate_paid(rules: dict[str, Any], day: dt.date, entry: int, paid: int, unit_cost: Fraction) -> Fraction:
    """Pounds an hour: the first that fits, asked for in the order in which rates go before each other."""
    kinds = [WEEKDAYS[day.weekday()], "weekend" if day.weekday() > 4 else "weekdays", "any"]
    if day in BANK_HOLIDAYS:
        kinds.insert(0, "bank_holiday")
    if day.isoformat() in [special["on"] for special in rules["special_days"]]:
        kinds.insert(0, "special_day")
    for kind in kinds:
        for timed in (True, False):
            rows = [r for r in rules["rates"] if r["day"] == kind and (r["entry_from"] is not None) == timed]
            for row in sorted(rows, key=lambda r: r["up_to"] or 100_000):
                if paid <= (row["up_to"] or 100_000) * 60 and (not timed or begins_then(row, entry)):
                    if row["unit_cost"] is not None:
                        return Fraction(row["unit_cost"])
                    return unit_cost * Fraction(row["percent"]) / 100
    return unit_cost


def begins_then(row: dict[str, Any], entry: int) -> bool:
    """Whether an entry is within a rate's times of day, which may go past midnight."""
    start, end = (int(text[:2]) * 3600 + int(text[3:]) * 60 for text in (row["entry_from"], row["entry_to"]))
    return start <= entry < end if start < end else not end <= entry < start

"""The checklist before finalising as the rows of a table, each with a link to where it is mended (RULES 8)."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from flask import url_for

from libs.common.care.weeks import DAYS_IN_A_PERIOD
from services.portal.money.periods import checklist_words as words
from services.portal.money.periods.checklist import Check, Checklist, ChecklistLine

LINES_SHOWN = 5


class Row(NamedTuple):
    """A row of the checklist's table; ``href`` is where it is mended, None where there is nothing."""

    text: str
    number: str
    money: str
    href: str | None
    is_check: bool


def rows_of_checklist(checklist: Checklist) -> list[Row]:
    """All checks."""
    return [row for check in checklist["checks"] for row in rows_of(check, checklist)]


def rows_of(check: Check, checklist: Checklist) -> list[Row]:
    """A check, and below it the first providers of it, each with a link to where it is mended."""
    has_any = bool(check["number"] or check["lines"]) or check["name"] in ("debts", "difference")
    rows = [
        Row(
            words.title_of(check, checklist),
            words.number_of(check),
            words.money_of(check),
            _place_of(check, checklist) if has_any or not check["is_known"] else None,
            is_check=True,
        )
    ]
    for line in check["lines"][:LINES_SHOWN]:
        number, money = words.number_of_line(check, line), words.money_of_line(check, line)
        rows.append(
            Row(words.line_of(line), number, money, _place_of(check, checklist, line), is_check=False)
        )
    left = len(check["lines"]) - LINES_SHOWN
    if left > 0:
        rows.append(Row(f"and {left:,} more", "", "", _place_of(check, checklist), is_check=False))
    return rows


def _place_of(check: Check, checklist: Checklist, line: ChecklistLine | None = None) -> str:
    """Where what is checked is seen and mended: limited to the period, and to the provider of a line."""
    start, name = checklist["start"], check["name"]
    days: dict[str, Any] = {"first": start, "last": checklist["end"]}
    last = (dt.date.fromisoformat(start) - dt.timedelta(days=DAYS_IN_A_PERIOD)).isoformat()
    whose = line["organisation"] if line else None
    of_period: dict[str, Any] = {"start": start, "contract": checklist["contract"], "organisation": whose}
    if name == "without_visits":
        weeks = [one["week"] for one in ([line] if line else check["lines"]) if "week" in one]
        return url_for("visits.visits", organisation=whose, week=weeks[0] if weeks else start)
    if name == "rejected_rows" and line is not None:
        return url_for("visits_files.one", file_id=line["file_id"])
    if name == "below_nothing" and line is not None:
        return url_for("payments.one", **(of_period | {"contract": line["contract"]}))
    places = {
        "unmatched": lambda: url_for("reports.unmatched_visits", organisation=whose, **days),
        "disputes": lambda: url_for("disputes.disputes", organisation=whose, **days),
        "holds": lambda: url_for("payments.one", **of_period, tab="non_payable", _anchor="items"),
        "below_nothing": lambda: url_for("payments.one", **of_period),
        "debts": lambda: url_for("payments_debts.debts"),
        "rejected_rows": lambda: url_for("visits_files.visits_files"),
        "difference": lambda: url_for("payments.one", **(of_period | ({} if line else {"start": last}))),
    }
    return places[name]()

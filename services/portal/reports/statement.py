"""A client's charge statement: what is charged week by week, and how that came about (RULES 7)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from libs.common.seams.payments.charges import StatementWeek
from services.portal.reports import choices
from services.portal.reports.declared import Asking, Column, Lines, Place, Report, Row, Values
from services.portal.reports.ranges import check_weeks, weeks_until

WEEKS_AT_FIRST = 26


def lines(asking: Asking, values: Values, place: Place | None, limit: int) -> Lines:
    """All of it: its weeks are few."""
    whose = {"client": values["client"], "name": values["name"]}
    return Lines([line(week) | whose for week in _weeks(asking, values)], None)


def line(week: StatementWeek) -> Row:
    """A line of the statement."""
    return {
        **week,
        "week": week["monday"],
        "reasons": "; ".join(week["reasons"]),
    }


def sums(asking: Asking, values: Values) -> list[tuple[str, str]]:
    """What the weeks come to."""
    weeks = _weeks(asking, values)
    return [
        ("Charges", _sum(week["charge"] for week in weeks)),
        ("Corrections", _sum(week["corrections"] for week in weeks)),
        ("In all", _sum(week["total"] for week in weeks)),
    ]


def _sum(amounts: Iterable[str]) -> str:
    """Pounds as text."""
    return str(sum(map(Decimal, amounts), Decimal(0)))


def letterhead(asking: Asking, values: Values) -> list[str]:
    """The council and its address, then the client and the reference to name in a query."""
    return [*asking.council, "", values["name"], f"Reference: {values['client']}"]


def newest_weeks(asking: Asking, values: Values) -> dict[str, Any]:
    return weeks_until(values["newest_week"], WEEKS_AT_FIRST)


def _weeks(asking: Asking, values: Values) -> list[StatementWeek]:
    return asking.ask_once(
        asking.payments.charge_statement,
        client_id=values["client_id"],
        first=values["first"].isoformat(),
        last=values["last"].isoformat(),
    )


STATEMENT = Report(
    slug="charge-statement",
    title="Charge statement",
    words="A week is charged at the lower of the cost charged and the assessed contribution (Care Act 2014, section 14).",
    filters=(choices.FIRST, choices.LAST),
    columns=(
        Column("client", "Client", is_group=True),
        Column("name", "Name", is_group=True),
        Column("week", "Week from", "day"),
        Column("cost", "Cost charged", "money"),
        Column("assessed", "Assessed contribution", "money", width=1.2, nothing="Full cost"),
        Column("charge", "Charge", "money"),
        Column("corrections", "Corrections", "money"),
        Column("total", "In all", "money"),
        Column("reasons", "Why it was corrected", width=2.5),
        Column("collected_by", "Collected by"),
    ),
    lines=lines,
    place=(str,),
    check=check_weeks,
    defaults=newest_weeks,
    sums=sums,
    letterhead=letterhead,
    notes=(
        "Cost charged is what all of the client’s care of the week costs today, as far as it is charged.",
        "A correction is added when visits or care change after the charge was made.",
    ),
    empty="Nothing was charged for these weeks.",
)

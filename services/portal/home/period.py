"""The council's first page is the period (RULES 20): days left, what it comes to, what blocks closing, whose turn it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from libs.common.errors import Refused, ServiceUnavailable
from libs.common.rights import names as rights
from libs.common.rights import table
from libs.common.rpc import Caller
from libs.common.seams.payments.periods import Period
from libs.common.seams.payments.runs import Run
from services.portal.clients.gateway import Gateway
from services.portal.clients.payments import PaymentsClient
from services.portal.money.periods.checklist import Checklist, Checklists
from services.portal.schema.tables_accounts import Account
from services.portal.web.formats import counted, day, pounds
from services.portal.web.pictures import charts

PERIODS_DRAWN: Final = 13
"""A year of them."""
RUNS_LOOKED_AT: Final = 20
LAYOUT: Final = charts.Layout(all_groups=620, label=64, series=(charts.Series("Payable", 90),))


@dataclass(frozen=True)
class PeriodToClose:
    """The earliest open period that has begun, and what waits for somebody about it."""

    start: str
    end: str
    days: str
    """how long it still runs, or since when it is over"""
    checklist: Checklist
    runs: list[Run]
    """prepared, and waiting for somebody to approve them"""
    chart: charts.Chart | None
    drawn: list[Period]
    """whose figures the chart shows, the oldest first"""


def find_period_to_close(
    gateway: Gateway, caller: Caller, account: Account, today: dt.date
) -> PeriodToClose | Literal["unknown"] | None:
    """None for whoever has no part in it, and where there is no open period; ``unknown`` while payments does not answer."""
    if not table.may(account.role, rights.READ_CHECKLIST):
        return None
    client = PaymentsClient(gateway, caller)
    may_run = table.may(account.role, rights.READ_RUNS)

    def newest_runs() -> list[Run]:
        return client.runs(after=None, limit=RUNS_LOOKED_AT) if may_run else []

    try:
        periods, runs = gateway.both(client.payment_periods, newest_runs)
        found = to_close(periods, today)
        if found is None:
            return None
        checklist = Checklists(gateway, caller).describe(found["start"], None)
    except (Refused, ServiceUnavailable):
        return "unknown"
    drawn = [period for period in periods if period["start"] <= found["start"]][-PERIODS_DRAWN:]
    return PeriodToClose(
        found["start"],
        found["end"],
        days_of(found["end"], today),
        checklist,
        [run for run in runs if run["state"] == "prepared"],
        chart_of(drawn),
        drawn,
    )


def to_close(periods: Sequence[Period], today: dt.date) -> Period | None:
    """The earliest period that is not finalised and has begun; None where there is none. Pure."""
    is_open = (one for one in periods if one["state"] != "finalised" and one["start"] <= today.isoformat())
    return min(is_open, key=lambda one: one["start"], default=None)


def days_of(end: str, today: dt.date) -> str:
    """How long a period still runs, in words. Pure."""
    left = (dt.date.fromisoformat(end) - today).days
    if left > 0:
        return f"{counted(left, 'day')} left, until {day(end)}"
    if left == 0:
        return "It ends today"
    return f"It ended {counted(-left, 'day')} ago, on {day(end)}"


def chart_of(periods: Sequence[Mapping[str, Any]]) -> charts.Chart | None:
    """What was payable by period. Pure."""
    bars = [
        (f"{dt.date.fromisoformat(one['start']):%-d %b}", (max(Decimal(one["payable"]), Decimal(0)),))
        for one in periods
    ]
    return charts.chart_of("Payable by payment period", in_words(periods), bars, LAYOUT)


def in_words(periods: Sequence[Mapping[str, Any]]) -> str:
    """What the picture shows, for those who do not see it."""
    if not periods:
        return ""
    last = periods[-1]
    return (
        f"{counted(len(periods), 'payment period')}, the last from {day(last['start'])} with"
        f" {pounds(last['payable'])} payable. The table has each period’s figure."
    )

"""Filters that several reports have, and what they offer to choose from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from libs.common.care.reference import PAYMENT_METHODS
from libs.common.care.weeks import period_end_of
from libs.common.seams.matching.reports import ReportChoices
from libs.common.seams.payments.periods import Period
from services.portal.reports.declared import Asking, Filter, Values
from services.portal.reports.ranges import weeks_until
from services.portal.web import formats


def payment_methods(asking: Asking, values: Values) -> list[tuple[str, str]]:
    return _named(list(PAYMENT_METHODS))


PAYMENT_METHOD = Filter("payment_method", "Payment method", "choice", "All payment methods", payment_methods)
FIRST = Filter("first", "Date from", "day")
LAST = Filter("last", "Date to", "day")
CLIENT = Filter("client", "Client: name or reference")


def organisations(asking: Asking, values: Values) -> list[tuple[str, str]]:
    return _named(asking.ask_once(asking.matching.organisations))


def group_classes(asking: Asking, values: Values) -> list[tuple[str, str]]:
    return _named(_of_care(asking, values)["group_classes"])


def contracts(asking: Asking, values: Values) -> list[tuple[str, str]]:
    return _named(_of_care(asking, values)["contracts"])


def services(asking: Asking, values: Values) -> list[tuple[str, str]]:
    return _named(_of_care(asking, values)["services"])


def _of_care(asking: Asking, values: Values) -> ReportChoices:
    return asking.ask_once(asking.matching.report_choices, organisation=values["organisation"])


def _named(names: list[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


ORGANISATION = Filter(
    "organisation", "Provider", "choice", "All providers", organisations, is_for_council=True
)


def periods(asking: Asking, values: Values) -> list[tuple[str, str]]:
    """The payment periods, newest first; * stands before those that are finalised for some contracts only."""
    found = asking.ask_once(asking.payments.payment_periods)
    return [(period["start"], period_in_words(period)) for period in reversed(found)]


def open_periods(asking: Asking, values: Values) -> list[tuple[str, str]]:
    """The payment periods that are still to be paid, at least for some contracts, the next one first."""
    found = asking.ask_once(asking.payments.payment_periods)
    return [(period["start"], period_in_words(period)) for period in found if period["state"] != "finalised"]


def period_in_words(period: Period) -> str:
    """* 3 Oct 2022 to 30 Oct 2022"""
    mark = "* " if period["state"] == "partially finalised" else ""
    start = dt.date.fromisoformat(period["start"])
    return mark + formats.period(start, period_end_of(start))


def newest_day(asking: Asking, values: Values) -> dt.date:
    """The last day for which a visit is planned; today where there is none."""
    newest = asking.ask_once(asking.ingest.newest_planned_day, organisation=values["organisation"])
    return dt.date.fromisoformat(newest) if newest else asking.today


def newest_weeks(weeks: int) -> Callable[[Asking, Values], Values]:
    """Until somebody says `first` and `last`: so many weeks up to the newest for which visits are planned."""

    def found(asking: Asking, values: Values) -> Values:
        if values["first"] and values["last"]:
            return {}
        return weeks_until(newest_day(asking, values), weeks)

    return found


def name_of(client: Mapping[str, Any]) -> str:
    """Skinner, Principal"""
    return ", ".join(filter(None, (client["surname"], client["forename"])))


def known_as(client: Mapping[str, Any]) -> str:
    """Skinner, Principal (A332295); the reference alone while there is no name to be shown."""
    name = name_of(client)
    return f"{name} ({client['client']})" if name else str(client["client"])

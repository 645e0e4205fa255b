"""What a story tells of monitoring on both sides, and how it is compared (RULES 16)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from libs.common.rpc import Caller
from libs.common.seams.matching.monitoring.measures import shown_measures
from services.matching.measures import steps
from services.matching.measures import views as measures_views
from services.matching.measures.remeasuring import remeasure
from services.matching.under_delivery import views as under_delivery_views
from tests.oracle.books import Oracle
from tests.oracle.facts.values import fold
from tests.oracle.measures import measure_organisations
from tests.oracle.under_delivery import Delivery, find_under_delivery
from tests.support.council.council import Council

OFFICER: Caller = {"who": "an officer", "role": "council", "organisation": None}


class Monitoring:
    """Tells a council and the oracle the same of thresholds and of what is monitored by total hours."""

    def __init__(self, council: Council, oracle: Oracle) -> None:
        self.council, self.oracle = council, oracle

    def set_threshold(self, name: str, start: dt.date, value: int) -> None:
        """Have a threshold hold for what is planned from a day on."""
        with self.council.sessions["matching"].begin() as s:
            steps.set_threshold(s, OFFICER, name=name, effective_from=start, value=value)
        self.oracle.thresholds.said[name][start] = value

    def set_one_diary(self, about: int | str, *, is_one_diary: bool) -> None:
        """Have a CPLI, or a contract, be monitored by total hours or not."""
        cpli_id, contract = (about, None) if isinstance(about, int) else (None, about)
        with self.council.sessions["matching"].begin() as s:
            steps.set_one_diary(s, OFFICER, contract=contract, cpli_id=cpli_id, is_one_diary=is_one_diary)
        self.oracle.care.say_one_diary(about, is_one_diary=is_one_diary)

    def compare_measures(self, first: dt.date, last: dt.date) -> None:
        """Every organisation's measures over a span, as they stand and with no week stale."""
        worked_out = {fold(name): of for name, of in measure_organisations(self.oracle, first, last).items()}
        as_they_stand = measures_said(self.council, first, last)
        measure_stale_weeks(self.council)
        for said in (as_they_stand, measures_said(self.council, first, last)):
            assert {fold(name): said[name] for name in said} == worked_out

    def compare_under_delivery(self) -> dict[int, Delivery]:
        """Every CPLI of which too little or too much is delivered, as they stand and with no week stale."""
        worked_out = find_under_delivery(self.oracle)
        assert under_delivery_said(self.council) == worked_out
        measure_stale_weeks(self.council)
        assert under_delivery_said(self.council) == worked_out
        return worked_out


def measure_stale_weeks(council: Council) -> None:
    """What matching's worker does once nothing else is to be done."""
    measured = 1
    while measured:
        with council.sessions["matching"].begin() as s:
            measured = remeasure(s, dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))


def measures_said(council: Council, first: dt.date, last: dt.date) -> dict[str, Any]:
    """Measures by organisation, as matching answers them page by page."""
    found: dict[str, Any] = {}
    for page in pages_said(council, measures_views.measures, first=first, last=last):
        found |= {name: shown_measures(of) for name, of in page["organisations"].items()}
    return found


def under_delivery_said(council: Council) -> dict[int, Delivery]:
    """What is listed by CPLI, as matching answers it page by page; organisations by their folded names."""
    return {
        item["cpli_id"]: Delivery(
            fold(item["organisation"]),
            item["direction"],
            item["commissioned_hours"],
            item["delivered_hours"],
            item["median_hours"],
            item["saving_a_year"],
            item["client_saving_a_year"],
        )
        for page in pages_said(council, under_delivery_views.under_delivery)
        for item in page["items"]
    }


def pages_said(council: Council, view: Any, **asked: Any) -> list[Any]:
    """All that a view answers an officer, some organisations at a time."""
    found: list[Any] = []
    after: str | None = None
    while not found or after:
        with council.sessions["matching"].begin() as s:
            now = dt.datetime.now(dt.UTC)
            page = view(s, OFFICER, now, organisation=None, after=after and uuid.UUID(after), **asked)
        found.append(page)
        after = page["after"]
    return found

"""One saved actual is corrected again and again while weeks of visits are corrected: how long until it is paid."""

from __future__ import annotations

import csv
import datetime as dt
import io
import time
from collections.abc import Sequence

from deploy.dev.bench.council import MadeCouncil, VisitsFile, corrected, rows_of
from deploy.dev.bench.measure import wait_for
from deploy.dev.bench.pipeline import BENCH, Pipeline
from libs.common.care.actuals import ActualLine
from libs.common.care.clock import now
from libs.common.care.weeks import monday_of
from libs.common.files.values import parse_date
from services.ingest.actuals import steps as actuals_steps
from services.ingest.actuals import views as actuals_views

CPLI_ID = 90_000_001
HOURS_A_WEEK, HOUR, MINUTE = 7, 3600, 60
LONGEST_LOADS = 10
IS_PAID_SECONDS = 60
SETTLED_SECONDS = 600


class CorrectedActual:
    """A care package line item that is paid by actuals, in a council whose visits are the load."""

    def __init__(self, pipeline: Pipeline, council: MadeCouncil) -> None:
        self._pipeline = pipeline
        self._files = council.visits()
        first = next(rows_of(self._files[0].content))["PlannedVisitDate"]
        day = parse_date(first)
        assert day is not None
        self._monday = monday_of(day)
        self._minutes = 0
        pipeline.import_care_file(care_by_actuals(council, self._monday))
        self.save()
        wait_for(pipeline.is_settled, SETTLED_SECONDS)

    def save(self) -> None:
        """Submit another time than before: one minute more, and never more than planned."""
        self._minutes = self._minutes % 59 + 1
        delivered = (HOURS_A_WEEK - 1) * HOUR + self._minutes * MINUTE
        with self._pipeline.transaction("ingest") as s:
            seen = actuals_views.find_actual(s, cpli_id=CPLI_ID, monday=self._monday)
            (planned,) = seen["lines"]
            days = (dt.date.fromisoformat(planned["first_on"]), dt.date.fromisoformat(planned["last_on"]))
            actuals_steps.save_week(
                s,
                BENCH,
                now(),
                cpli_id=CPLI_ID,
                monday=self._monday,
                version=seen["version"],
                lines=[ActualLine(*days, delivered, 0)],
            )

    def seconds_under_load(self, wanted: int, pause_seconds: float) -> list[float]:
        """Seconds from each save until its item is committed; loads follow each other until there are enough."""
        found: list[float] = []
        for minutes in range(1, LONGEST_LOADS + 1):
            load = [corrected(file, minutes) for file in self._files]
            found += self._while_it_runs(load, wanted - len(found), pause_seconds)
            wait_for(self._pipeline.is_settled, SETTLED_SECONDS)
            if len(found) >= wanted:
                break
        return found

    def _while_it_runs(self, load: Sequence[VisitsFile], most: int, pause_seconds: float) -> list[float]:
        for file_id in self._pipeline.check(load):
            self._pipeline.confirm(file_id)
        found: list[float] = []
        while len(found) < most:
            time.sleep(pause_seconds)
            if self._pipeline.is_settled():
                break
            before = self._pipeline.count_items_of(CPLI_ID)
            began = time.perf_counter()
            self.save()
            paid = wait_for(lambda n=before: self._pipeline.count_items_of(CPLI_ID) > n, IS_PAID_SECONDS)  # type: ignore[misc]
            found.append(paid - began)
        return found


def care_by_actuals(council: MadeCouncil, monday: dt.date) -> bytes:
    """A care file of one new line item, as the council's first, that is paid by actuals."""
    row = next(rows_of(council.care.read_bytes()))
    row |= {
        "CpliId": str(CPLI_ID),
        "ClientRef": "",
        "SSRef": "BENCH1",
        "NHSNumber": "",
        "StartDate": f"{monday:%d/%m/%Y}",
        "EndDate": "",
        "Quantity": str(HOURS_A_WEEK),
        "Unit": "Hr",
        "PaymentMethod": "Actuals",
        "Authorised": "Y",
        "Timetable": "",
    }
    out = io.StringIO()
    writer = csv.DictWriter(out, list(row))
    writer.writeheader()
    writer.writerow(row)
    return out.getvalue().encode()

"""A provider's files in figures on a real PostgreSQL: rows, rejected ones, and weeks that came late (RULES 16)."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import Refused
from libs.common.process import database
from libs.common.rpc import Caller
from services.ingest.file_figures import views
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.council.council import Council
from tests.support.council.delivery import Delivery

DIAMOND, PEARL = "Diamond Home Care Ltd", "Pearl Carers Ltd"
OFFICER: Caller = {"who": "officer", "role": "council", "organisation": None}
MANAGER: Caller = {"who": "manager", "role": "provider", "organisation": str(organisation_id_of(DIAMOND))}
STRANGER: Caller = MANAGER | {"organisation": str(organisation_id_of(PEARL))}
OCTOBER = {"first": dt.date(2022, 10, 1), "last": dt.date(2022, 10, 31)}
IN_TIME, LATE = "2022-10-12T12:00:00+00:00", "2022-10-13T12:00:00+00:00"
"""Of the week from 3 Oct, due within three days of its end."""


class Sender:
    """A provider whose files come at moments of the test's choice."""

    def __init__(self, council: Council) -> None:
        self.council, self.delivery = council, Delivery(council, random.Random(0))
        engine = database.engine(council.schemas.url_of("ingest_rpc"), "ingest")
        self.engine, self.sessions = engine, database.sessions(engine, "ingest")

    def sends(self, at: str, *rows: Any) -> str:
        """A file that updates the system at a moment; its id."""
        found = self.delivery.import_visits(DIAMOND, a_file(*rows))
        with self.council.as_owner("ingest") as session:
            for table in ("visits", "visit_versions"):
                session.execute(
                    text(f"UPDATE {table} SET changed_at = :at WHERE file_id = :id"),
                    {"at": at, "id": found["id"]},
                )
            session.execute(
                text("UPDATE visits_files SET confirmed_at = :at WHERE file_id = :id"),
                {"at": at, "id": found["id"]},
            )
        return str(found["id"])

    def figures(self, who: Caller = OFFICER, organisation: str | None = DIAMOND, **days: Any) -> Any:
        asked = OCTOBER | {"organisation": organisation, "submission_days": 3} | days
        with database.transaction(self.sessions, who) as session:
            return views.count_files(session, who, **asked)

    def files(self, who: Caller = OFFICER, organisation: str | None = DIAMOND) -> Any:
        with database.transaction(self.sessions, who) as session:
            return views.list_files(session, who, organisation=organisation, **OCTOBER)


@pytest.fixture
def sender(idle_council: Council) -> Iterator[Sender]:
    """Diamond Home Care, which has sent nothing."""
    found = Sender(idle_council)
    pearl = {"OrganisationName": PEARL, "ServiceName": "Pearl - DAPL", "SSRef": "A200"}
    found.delivery.import_care(a_care_file(a_care_row(1), a_care_row(2, **pearl)))
    found.delivery.deliver_all()
    yield found
    found.engine.dispose()


def a_visit(ref: str, day: str, **cells: str) -> tuple[str, ...]:
    return a_row(VisitRef=ref, PlannedVisitDate=day, DeliveredVisitDate=day, **cells)


def test_rows_and_rejected_rows_are_those_of_files_that_updated_the_system(sender: Sender) -> None:
    assert sender.figures() == {"files": 0, "rows": 0, "rejected": 0, "late": []}
    first = sender.sends(IN_TIME, a_visit("V1", "03/10/2022"), a_visit("V2", "03/10/2022", VisitType="X"))
    second = sender.sends(LATE, a_visit("V3", "04/10/2022"))
    sender.sends("2022-11-01T00:00:00+00:00", a_visit("V4", "05/10/2022"))
    assert sender.figures() == {"files": 2, "rows": 3, "rejected": 1, "late": []}
    assert [(one["file_id"], one["rows"], one["rejected"]) for one in sender.files()] == [
        (second, 1, 0),
        (first, 2, 1),
    ]


def test_a_week_is_late_when_its_first_visits_come_after_the_day_on_which_it_was_due(sender: Sender) -> None:
    sender.sends(IN_TIME, a_visit("V1", "03/10/2022"))
    late = sender.sends("2022-10-20T12:00:00+00:00", a_visit("V2", "04/10/2022"), a_visit("V3", "10/10/2022"))
    (week,) = sender.figures()["late"]
    assert week == {
        "monday": "2022-10-10",
        "due_on": "2022-10-19",
        "came_at": week["came_at"],
        "file_id": late,
        "file_name": "visits.csv",
    }
    assert dt.datetime.fromisoformat(week["came_at"]) == dt.datetime(2022, 10, 20, 12, tzinfo=dt.UTC)
    assert sender.figures(submission_days=4)["late"] == []
    assert sender.figures(first=dt.date(2022, 10, 11))["late"] == []


def test_what_is_corrected_moved_or_deleted_later_came_when_it_first_came(sender: Sender) -> None:
    sender.sends(IN_TIME, a_visit("V1", "03/10/2022"), a_visit("V2", "04/10/2022"))
    sender.sends(LATE, a_visit("V1", "03/10/2022", DeliveredEntryTime="09:05"), a_visit("V2", "12/10/2022"))
    assert sender.figures()["late"] == []


def test_a_provider_sees_its_own_files_alone(sender: Sender) -> None:
    sender.sends(LATE, a_visit("V1", "03/10/2022"))
    assert sender.figures(MANAGER, None) == sender.figures()
    assert len(sender.figures()["late"]) == 1
    assert sender.figures(STRANGER, None) == {"files": 0, "rows": 0, "rejected": 0, "late": []}
    assert sender.files(STRANGER, None) == []
    with pytest.raises(Refused, match="not_found"):
        sender.figures(STRANGER, DIAMOND)
    with pytest.raises(Refused, match="organisation_wanted"):
        sender.figures(OFFICER, None)
    assert uuid.UUID(sender.files(MANAGER, None)[0]["file_id"])

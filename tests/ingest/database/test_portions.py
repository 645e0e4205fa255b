"""A file that is checked and applied in portions leaves what it leaves as a whole, row for row (decision 41)."""

from __future__ import annotations

import json
import random
import uuid
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.care.reference import DEFAULT_SERVICE_LEVELS, DEFAULT_VISIT_TYPES
from libs.common.files import spooled
from libs.common.files.objects import read_object, write_object
from libs.common.messaging.messages import Message
from services.ingest.carers import store as carers_store
from services.ingest.files import judging, steps
from services.ingest.files.unstorable import find_unstorable
from services.ingest.files.views import rejected_key
from services.ingest.reference import store as reference_store
from services.ingest.rows.headings import HEADINGS
from services.ingest.schema.tables import VisitsFile
from tests.support.builders.visit_files import ORGANISATION, a_file, a_row
from tests.support.council.council import TESTER, Council

SIZES = (1, 7, 10_000)
FINDINGS = (
    "position, is_rejection, row_number, visit_ref, column_name, code, message, value, client, planned_date"
)
STAGED = "row_number, action, visit_ref, planned_on, client_ref, ssref, comments, digest"


def set_up(council: Council) -> None:
    """The council's lists, the provider and its carer; nothing else."""
    council.schemas.empty()
    organisation_id = organisation_id_of(ORGANISATION)
    with council.sessions["ingest"].begin() as session:
        reference_store.organisation_named(session, ORGANISATION)
        reference_store.save_visit_types(
            session,
            [
                {"ref": t.ref, "delivered": t.delivered, "paid": t.paid, "version": 1}
                for t in DEFAULT_VISIT_TYPES
            ],
        )
        reference_store.save_service_levels(
            session,
            [
                {
                    "name": level.name,
                    "service_level_ref": None,
                    "requires_visits": level.requires_visits,
                    "aliases": list(level.aliases),
                    "version": 1,
                }
                for level in DEFAULT_SERVICE_LEVELS
            ],
        )
        carers_store.save(
            session, organisation_id, [{"carer_ref": "C1", "forename": "Ann", "surname": "Other"}]
        )


def two_files() -> tuple[str, str]:
    """A file with mistakes of many kinds, and one that changes and deletes what it stored."""
    chance = random.Random(7)
    first: list[Any] = []
    for number in range(60):
        changes = {"VisitRef": f"V{number}", "ServiceLevelRef": "", "SSRef": f"A{chance.randint(100, 105)}"}
        odd = chance.choice(
            [
                {},
                {},
                {},
                {"PlannedVisitDate": "no day"},
                {"VisitType": "?"},
                {"VisitRef": "V3"},
                {"CarerRef": "n/a"},
                {"Comments": "=1+1 ZoÃ«"},
                {"SSRef": ""},
                {"VisitRef": "9.9E+09"},
            ]
        )
        first.append(a_row(**{**changes, **odd}))
        if number in (20, 59):
            first.append(HEADINGS)
    second = [
        a_row(
            VisitRef=f"V{number}",
            ServiceLevelRef="",
            Deleted="1" if number % 5 == 0 else "",
            Comments=f"changed {number % 3}",
        )
        for number in range(40)
    ]
    return a_file(*first), a_file(*second)


def taken(council: Council, content: str, *, is_tried: bool) -> list[Any]:
    """Check a file and apply it: all that this leaves, but for ids and versions."""
    file_id = uuid.uuid4()
    key = f"visits-files/{file_id}.csv"
    write_object(key, content.encode())
    message = Message(str(uuid.uuid4()), "check_wanted", str(file_id), {"file_id": str(file_id)}, "bulk")
    find = {"find": find_unstorable} if is_tried else {}
    found: list[Any] = []
    with council.sessions["ingest"].begin() as session:
        session.execute(text("DELETE FROM outbox"))
        steps.receive_file(
            session, TESTER, file_id=file_id, organisation=ORGANISATION, file_name="a.csv", object_key=key
        )
        steps.check_file(session, message, **find)
        session.flush()
        file = session.get_one(VisitsFile, file_id)
        assert file.state == "checked"
        session.refresh(file)
        values = {"id": file_id}
        for columns, table in ((FINDINGS, "file_errors"), (STAGED, "staged_visits")):
            query = f"SELECT {columns} FROM {table} WHERE file_id = :id ORDER BY 1, 3"
            found.append([tuple(row) for row in session.execute(text(query), values)])
        found += [
            file.counts,
            file.file_warnings,
            read_object(rejected_key(file)) if file.counts["rejected"] else b"",
        ]
        forecast = json.loads(read_object(f"forecasts/{file_id}-{file.check_version}-visits.json"))
        found.append([without_versions(body) for body in forecast])
    with council.sessions["ingest"].begin() as session:
        file = session.get_one(VisitsFile, file_id)
        steps.apply_later(session, file, accepts_changes=True, who="a tester")
        steps.apply_file(session, message, **find)
        said = session.scalars(
            text("SELECT body FROM outbox WHERE event = 'visits_changed' ORDER BY id")
        ).all()
        found.append([without_versions(json.loads(body)) for body in said])
        found.append(
            session.scalar(
                text("SELECT emitted FROM progress WHERE event = 'visits_changed' AND cause_id = :id"), values
            )
        )
        found.append(list(session.scalars(text("SELECT monday FROM weeks_changed ORDER BY 1"))))
    return found


def without_versions(body: Any) -> list[list[Any]]:
    """The visits of a message, of which those of one client and day come in no order of their own."""
    columns = {name: values for name, values in body["columns"].items() if name != "version"}
    return sorted(map(list, zip(*columns.values(), strict=True)), key=str)


@pytest.mark.parametrize("is_tried", [False, True])
def test_portions_of_any_size_leave_what_the_whole_leaves(
    idle_council: Council, monkeypatch: pytest.MonkeyPatch, *, is_tried: bool
) -> None:
    results = {}
    for size in SIZES:
        monkeypatch.setattr(spooled, "PORTION", size)
        monkeypatch.setattr(steps, "PORTION", size)
        set_up(idle_council)
        results[size] = [taken(idle_council, content, is_tried=is_tried) for content in two_files()]
    whole = results[SIZES[-1]]
    assert whole[0][2]["rejected"] > 5
    assert whole[0][2]["new"] > 10
    assert whole[1][2]["updated"] > 5
    assert whole[1][2]["deleted"] > 2
    assert results[1] == whole
    assert results[7] == whole


def test_of_very_many_findings_the_first_are_listed_and_the_rejected_rows_have_all(
    idle_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, _ = two_files()
    set_up(idle_council)
    whole = taken(idle_council, content, is_tried=False)
    set_up(idle_council)
    monkeypatch.setattr(judging, "FINDINGS_KEPT", 9)
    monkeypatch.setattr(spooled, "PORTION", 7)
    found = taken(idle_council, content, is_tried=False)
    listed, staged, counts, warnings, rejected = found[:5]
    assert listed == whole[0][:9]
    assert (staged, counts, rejected) == (whole[1], whole[2], whole[4])
    assert [one["code"] for one in warnings if one not in whole[3]] == ["more_findings"]

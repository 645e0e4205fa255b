"""A care file that is written and said in portions leaves what it leaves as a whole (decision 41)."""

from __future__ import annotations

import csv
import io
import random
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.files.objects import read_object
from libs.common.rpc import SYSTEM
from services.matching.book import store as book_store
from services.matching.book import store_messages
from services.matching.imports import checks, steps, views
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.council.council import Council
from tests.support.council.delivery import Delivery

SIZES = (1, 7, 1_000)
KEPT = (
    "SELECT cpli_id, service_level, start_on, payment_method, timetable, critical_slots FROM cplis ORDER BY 1",
    "SELECT cpli_id, effective_from, quantity, unit_cost FROM cpli_terms ORDER BY 1, 2",
    "SELECT cpli_id, care_row FROM cpli_history ORDER BY cpli_id, version",
    "SELECT ssref, surname FROM clients ORDER BY 1",
)


def care(cost: str) -> str:
    """Some care of some clients, two of whom have two packages."""
    rows = [
        a_care_row(
            number,
            SSRef=f"A{100000 + number % 9}",
            UnitCost=cost,
            Timetable="Mon 08:00-09:00!; Tue 10:00-10:30" if number % 2 else "",
        )
        for number in range(1, 12)
    ]
    return a_care_file(*rows)


def kept(council: Council) -> list[Any]:
    with council.sessions["matching"]() as session:
        return [[tuple(row) for row in session.execute(text(query))] for query in KEPT]


def test_portions_of_any_size_leave_and_say_what_the_whole_does(
    idle_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = {}
    for size in SIZES:
        monkeypatch.setattr(book_store, "WRITTEN_AT_ONCE", size)
        monkeypatch.setattr(store_messages, "PACKAGES_AT_ONCE", size)
        idle_council.schemas.empty()
        delivery = Delivery(idle_council, random.Random(0))
        for cost in ("20.00", "21.00"):
            delivery.import_care(care(cost))
            delivery.deliver_all()
        left[size] = kept(idle_council)
        with idle_council.sessions["matching"]() as session:
            ids = book_store.all_cplis(session)
            said = list(store_messages.stream_packages(session, ids))
            assert said == store_messages.packages_of(session, ids)
        assert len(said) == 11
    assert [len(rows) for rows in left[1]] == [11, 11, 22, 9]
    assert left[1] == left[7] == left[1_000]


def test_of_very_many_errors_the_first_are_kept_and_the_rejected_rows_have_all(
    idle_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "ERRORS_KEPT", 2)
    wrong = [a_care_row(number, UnitCost="x", Quantity="y", SSRef=f"A{number}") for number in range(1, 4)]
    import_id, key = idle_council.upload("care-files", a_care_file(*wrong))
    delivery = Delivery(idle_council, random.Random(0))
    with idle_council.sessions["matching"].begin() as session:
        steps.receive_to_check(session, SYSTEM, import_id=import_id, object_key=key, file_name="care.csv")
    delivery.deliver_all()
    found = idle_council.care_check(import_id)
    assert (found["counts"], found["errors_left_out"]) == (
        {"new": 0, "changed": 0, "unchanged": 0, "rejected": 3},
        4,
    )
    with idle_council.sessions["matching"]() as session:
        listed = views.list_errors(session, SYSTEM, import_id, after=0, limit=10)
    assert [(error["row"], error["column"]) for error in listed] == [(2, "Quantity"), (2, "UnitCost")]
    _, *rejected = csv.reader(io.StringIO(read_object(views.rejected_key(import_id)).decode()))
    assert [row[-1].count("is not a number") for row in rejected] == [2, 2, 2]

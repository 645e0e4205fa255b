"""A care file of which only a part is in memory is checked and imported as one that is there whole (decision 41)."""

from __future__ import annotations

import random
import uuid
from functools import partial
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.files import spooled
from libs.common.files.listed import read_listed
from libs.common.files.objects import read_object
from libs.common.messaging.messages import Message
from libs.common.rpc import SYSTEM
from libs.common.sql import columns
from services.matching.book import clients, names, store_messages
from services.matching.book import store as book_store
from services.matching.imports import checks, steps
from services.matching.imports.forecast import forecast_care
from services.matching.imports.views import rejected_key
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.council.council import Council
from tests.support.council.delivery import Delivery

SIZES = (1, 7, 10_000)
DIAMOND = "Diamond Home Care Ltd"
EMERALD = {"OrganisationName": "Emerald Care", "ServiceName": "Emerald - Oxford"}
EMERALD_REF = "11111111-2222-4333-8444-555555555555"
RUBY = {
    "OrganisationName": "Ruby Care",
    "ServiceName": "Ruby",
    "OrganisationRef": f"{'2' * 8}-{EMERALD_REF[9:]}",
}
AGNES, BERT = (f"{n * 8}-4444-4333-8444-555555555555" for n in "12")
AT_ONCE = (
    (spooled, "PORTION"),
    (spooled, "SPOOLED_AT_ONCE"),
    (columns, "IN_A_STATEMENT"),
    (book_store, "WRITTEN_AT_ONCE"),
    (store_messages, "PACKAGES_AT_ONCE"),
)
LEFT = (
    "SELECT cpli_id, client_id, organisation_id, service_id, payment_method, pricing, version FROM cplis ORDER BY 1",
    "SELECT cpli_id, effective_from, quantity, unit_cost FROM cpli_terms ORDER BY 1, 2",
    "SELECT cpli_id, care_row, version FROM cpli_history ORDER BY entry_id",
    "SELECT client_id, ssref, client_ref, nhs_number, surname FROM clients ORDER BY 1",
    "SELECT identifier, given, client_id, from_on, starts, is_merged FROM client_identifiers ORDER BY 1, 2",
    "SELECT organisation_id, organisation_ref, name, former_names, version FROM organisations ORDER BY 1",
    "SELECT service_id, name, former_names, contract, version FROM services ORDER BY 1",
    "SELECT about, is_one_diary FROM one_diaries ORDER BY change_id",
    "SELECT organisation_id, monday FROM stale_weeks ORDER BY 1, 2",
    "SELECT cpli_id, kind, says FROM contract_documents ORDER BY number",
    "SELECT event, body FROM outbox ORDER BY 1, 2",
)


def first_file() -> str:
    """Care of nine clients with two providers, two of them with two packages."""
    rows = [a_care_row(n, SSRef=f"A{100000 + n % 9}") for n in range(1, 12)]
    rows += [a_care_row(n, SSRef=f"B{n}", OrganisationRef=EMERALD_REF, **EMERALD) for n in range(20, 24)]
    rows += [
        a_care_row(30, SSRef="C1", ClientRef=AGNES),
        a_care_row(31, SSRef="C2", ClientRef=BERT, NHSNumber="9434765919"),
        a_care_row(40, SSRef="D1", **RUBY),
    ]
    return a_care_file(*rows)


def second_file() -> str:
    """All that a file can hold: new, changed, unchanged, wrong, renamed and renumbered, far from what belongs to it."""
    renamed = EMERALD | {"OrganisationName": "Emerald Homes", "OrganisationRef": EMERALD_REF}
    rows = [
        a_care_row(
            50, SSRef="E1", ServiceLevel="Medication Only", Timetable="Mon 08:00-09:00!; Tue 10:00-10:30"
        ),
        a_care_row(1, SSRef="A100001", EffectiveFrom="05/09/2022", Quantity="5"),
        a_care_row(2, SSRef="A100002", PaymentMethod="Actuals"),
        a_care_row(3, SSRef="A100003", Suspensions="03/10/2022-09/10/2022 holiday"),
        *(a_care_row(n, SSRef=f"A{100000 + n % 9}") for n in range(4, 8)),
        a_care_row(30, SSRef="C9", ClientRef=AGNES),
        a_care_row(51, SSRef="C1", ClientRef=""),
        a_care_row(52, SSRef="C2", ClientRef=AGNES),
        a_care_row(53, SSRef="E1", NHSNumber="9434765870"),
        a_care_row(54, SSRef="E1", NHSNumber="9434765919"),
        a_care_row(55, SSRef="E2", StartDate="soon", UnitCost="much"),
        *(a_care_row(n, SSRef=f"B{n}", UnitCost="21.00", **renamed) for n in range(20, 24)),
        a_care_row(8, SSRef="A100008", EndDate="01/01/2999", OneDiary="Y"),
        # Ruby's new name is said by rows alone that are rejected for something else.
        a_care_row(40, SSRef="E1", NHSNumber="9434765919", **RUBY | {"OrganisationName": "Rubies"}),
        a_care_row(56, SSRef="D2", **RUBY),
        a_care_row(1, SSRef="A100001", EffectiveFrom="03/10/2022", Quantity="6"),
        a_care_row(50, SSRef="E1", ServiceLevel="Medication Only", Quantity="3", EffectiveFrom="03/10/2022"),
        a_care_row(31, SSRef="A100004"),
        *(a_care_row(n, SSRef=f"F{n}", ClientRef="", EndDate="01/01/2999") for n in range(60, 70)),
    ]
    content = a_care_file(*rows)
    header, _, _ = content.partition("\r\n")
    return content + header + "\r\n"


def an_id(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def asked(event: str, import_id: uuid.UUID, **more: Any) -> Message:
    return Message(str(uuid.uuid4()), event, str(import_id), {"import_id": str(import_id), **more}, "bulk")


def document_of(session: Session, import_id: uuid.UUID) -> dict[str, Any]:
    query = "SELECT state, counts, errors, notes, changes, also_changed, renamed, refusal FROM care_imports WHERE import_id = :id"
    return dict(session.execute(text(query), {"id": import_id}).mappings().one())


def said_of_forecast(session: Session) -> list[Any]:
    key = session.execute(
        text("SELECT CAST(body AS jsonb) ->> 'object_key' FROM outbox WHERE event = 'care_matched'")
    )
    return list(read_listed(key.scalar_one()))


def all_of(council: Council) -> dict[str, Any]:
    """What the check, the forecast and the import of the second file find, write and say."""
    council.schemas.empty()
    with psycopg.connect(council.schemas.admin_url) as connection:
        connection.execute(
            "ALTER SEQUENCE matching.version RESTART WITH 1000"
        )  # each run gives the same versions
    delivery = Delivery(council, random.Random(0))
    delivery.import_care(first_file())
    delivery.deliver_all()
    visit = {"ClientRef": "", "PlannedVisitDate": "05/08/2022", "DeliveredVisitDate": "05/08/2022"}
    delivery.import_visits(
        DIAMOND, a_file(*(a_row(VisitRef=f"V{n}", SSRef=f"A{100000 + n}", **visit) for n in range(1, 9)))
    )
    delivery.deliver_all()
    import_id, key = council.upload("care-files", second_file())
    found: dict[str, Any] = {}
    with council.sessions["matching"].begin() as session:
        steps.receive_to_check(session, SYSTEM, import_id=import_id, object_key=key, file_name="care.csv")
        steps.import_care(session, asked("care_import_wanted", import_id))
        found["check"] = document_of(session, import_id)
        found["rejected"] = read_object(rejected_key(import_id))
        forecast_care(session, asked("care_checked", import_id, check_version=1))
        found["forecast"] = said_of_forecast(session)
        session.execute(text("DELETE FROM outbox"))
    with council.sessions["matching"].begin() as session:
        checks.confirm(session, SYSTEM, import_id, check_version=1)
        steps.import_care(session, asked("care_import_wanted", import_id))
        found["import"] = document_of(session, import_id)
        found["left"] = [[tuple(row) for row in session.execute(text(query))] for query in LEFT]
    return found


def test_a_file_of_which_a_part_is_in_memory_is_taken_as_the_whole(
    idle_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {}
    for size in SIZES:
        with monkeypatch.context() as patch:
            for place, name in AT_ONCE:
                patch.setattr(place, name, size)
            chance = random.Random(3)
            for module in (clients, names):  # each run gives the same ids
                patch.setattr(module, "uuid", SimpleNamespace(uuid4=partial(an_id, chance)))
            found[size] = all_of(idle_council)
    whole = found[SIZES[-1]]
    check = whole["check"]
    assert check["counts"] == {"new": 14, "changed": 11, "unchanged": 5, "rejected": 5}
    assert [(error["row"], error["code"]) for error in check["errors"]] == [
        (12, "contradicts_another_row"),
        (14, "contradicts_another_row"),
        (15, "date_unreadable"),
        (15, "number_unreadable"),
        (21, "contradicts_another_row"),
        (21, "two_organisations"),
        (36, "headings_again"),
    ]
    assert check["notes"]
    assert check["renamed"]["organisations"] == [{"before": "Emerald Care", "after": "Emerald Homes"}]
    assert [item for item in whole["forecast"] if "week" in item]
    assert whole["import"] == check | {"state": "imported"}
    for size in SIZES[:-1]:
        for part, value in whole.items():
            assert found[size][part] == value, (size, part)

"""What an applied file says it pays is what it paid, or unknown: never what a late forecast found (RULES 4)."""

from __future__ import annotations

import random
import uuid

import pytest

from services.ingest.files import steps as files_steps
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.council.council import TESTER, Council
from tests.support.council.delivery import Delivery

DIAMOND = "Diamond Home Care Ltd"


@pytest.mark.parametrize("seed", range(3))
def test_a_file_that_was_confirmed_before_its_forecast_was_known_never_says_it_pays_nothing(
    idle_council: Council, seed: int
) -> None:
    council, delivery = idle_council, Delivery(idle_council, random.Random(seed))
    delivery.import_care(a_care_file(a_care_row(1, SSRef="A123456")))
    delivery.deliver_all()
    file = delivery.import_visits(DIAMOND, a_file(a_row()))
    assert {message.event for _, message in delivery.letters} >= {"visits_checked", "visits_changed"}
    delivery.deliver_all()
    assert council.books_now()["total_payable"] != "0.00"
    assert council.file(file["id"])["forecast"] is None


def test_the_forecast_of_an_earlier_check_is_not_that_of_what_was_applied(idle_council: Council) -> None:
    council, delivery = idle_council, Delivery(idle_council, random.Random(0))
    delivery.import_care(a_care_file(a_care_row(1, SSRef="A123456")))
    delivery.deliver_all()
    file_id, key = council.upload("visits-files", a_file(a_row()))
    with council.sessions["ingest"].begin() as session:
        files_steps.receive_file(
            session,
            TESTER,
            file_id=file_id,
            organisation=DIAMOND,
            file_name="visits.csv",
            object_key=key,
        )
    delivery.deliver_all()
    known = council.file(file_id)["forecast"]
    assert known is not None
    delivery.import_visits(DIAMOND, a_file(a_row(), a_row(VisitRef="another")))
    delivery.deliver_all()
    confirm(council, file_id)
    delivery.deliver_all()
    assert council.file(file_id)["state"] == "applied"
    assert council.file(file_id)["forecast"] is None


def confirm(council: Council, file_id: uuid.UUID) -> None:
    with council.sessions["ingest"].begin() as session:
        files_steps.confirm_file(session, TESTER, file_id=file_id, accepts_changes=True)

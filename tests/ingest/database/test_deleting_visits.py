"""Many visits deleted at once on a real PostgreSQL: history, reason, money, and what is left (RULES 4, 20)."""

from __future__ import annotations

import random
import uuid
from typing import Any

import pytest

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.rpc import Caller
from services.ingest.visits import deleting
from services.ingest.visits.rules import CHANGED, DELETED_BY_OTHERS, NOT_THERE
from services.ingest.visits.views import show_visit
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.council.council import Council
from tests.support.council.delivery import Delivery

DIAMOND = "Diamond Home Care Ltd"
WHOSE = organisation_id_of(DIAMOND)
OFFICER: Caller = {"who": "officer", "role": "council", "organisation": None}
MANAGER: Caller = {"who": "manager", "role": "provider", "organisation": str(WHOSE)}


def set_up(council: Council, number: int) -> Delivery:
    """So many visits of an hour, each at £20.00."""
    delivery = Delivery(council, random.Random(0))
    delivery.import_care(a_care_file(a_care_row(1, Quantity="100.00")))
    delivery.deliver_all()
    day = {"PlannedVisitDate": "03/10/2022", "DeliveredVisitDate": "03/10/2022", "SSRef": "A100"}
    delivery.import_visits(DIAMOND, a_file(*(a_row(VisitRef=f"V{n}", **day) for n in range(number))))
    delivery.deliver_all()
    return delivery


def show(council: Council, ref: str) -> Any:
    with council.sessions["ingest"]() as session:
        return show_visit(session, OFFICER, visit_ref=ref, organisation=DIAMOND)


def delete(council: Council, seen: list[tuple[uuid.UUID, str, int]], caller: Caller = OFFICER) -> Any:
    with council.sessions["ingest"].begin() as session:
        return deleting.delete_visits(session, caller, visits=seen, reason="Sent twice")


@pytest.mark.parametrize("number", [3, 30])
def test_they_are_deleted_as_one_by_one_and_their_money_is_taken_back(
    idle_council: Council, number: int
) -> None:
    delivery = set_up(idle_council, number)
    paid = idle_council.books_now()["payable"]
    assert paid
    seen = [(WHOSE, f"V{n}", show(idle_council, f"V{n}")["version"]) for n in range(number)]
    assert delete(idle_council, seen[1:]) == {"done": number - 1, "left": []}
    delivery.deliver_all()
    found = show(idle_council, "V1")
    assert (found["deleted"], found["reason_of_deletion"], found["changed_by"]) == (
        True,
        "Sent twice",
        "officer",
    )
    assert [version["version"] for version in found["versions"]] == [seen[1][2]]
    assert show(idle_council, "V0")["deleted"] is False
    assert idle_council.books_now()["matched"] == 1
    assert idle_council.differences() == []


def test_what_is_not_as_it_was_seen_is_left_and_asking_twice_answers_the_same(idle_council: Council) -> None:
    delivery = set_up(idle_council, 3)
    versions = [show(idle_council, f"V{n}")["version"] for n in range(3)]
    seen = [(WHOSE, "V0", versions[0]), (WHOSE, "V1", versions[1] - 1), (WHOSE, "V9", 1)]
    seen.append((organisation_id_of("Pearl Carers Ltd"), "V2", versions[2]))
    answers = [delete(idle_council, seen) for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["done"] == 1
    left = {one["visit_ref"]: one["message"] for one in answers[0]["left"]}
    assert left == {"V1": CHANGED, "V9": NOT_THERE, "V2": NOT_THERE}
    (other,) = delete(idle_council, seen[:1], MANAGER)["left"]
    assert other["message"] == DELETED_BY_OTHERS
    delivery.deliver_all()
    assert idle_council.books_now()["matched"] == 2

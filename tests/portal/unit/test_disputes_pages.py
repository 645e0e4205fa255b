"""Visits that are put into disputes, and what changed of them since (RULES 9)."""

import uuid
from typing import Any

from libs.common.casework.cases import REASONS
from services.portal.casework.disputes.raising import Wanted, disputes_on_visits
from services.portal.casework.disputes.views import list_changes
from services.portal.casework.disputes.words import EXPLAINED

DIAMOND, PEARL = str(uuid.uuid4()), str(uuid.uuid4())
SAID = Wanted(uuid.uuid4(), "Incorrect Data", "Why?")


def a_visit(ref: str, ssref: str = "A1", day: str = "2022-10-03", organisation_id: str = DIAMOND) -> Any:
    values = {"SSRef": ssref, "ClientRef": "", "NHSNumber": "", "PlannedVisitDate": day, "Comments": ""}
    facts = {"ref": ref, "organisation_id": organisation_id, "planned_on": day, "version": 1}
    return facts | {"deleted": False, "values": values}


def test_each_type_of_dispute_is_explained() -> None:
    assert tuple(EXPLAINED) == REASONS


def test_the_visits_of_a_client_with_a_provider_are_one_dispute() -> None:
    visits = [a_visit("V1"), a_visit("V2", day="2022-10-05"), a_visit("V3", "A2")]
    visits.append(a_visit("V1", organisation_id=PEARL))
    found = disputes_on_visits(visits, SAID)
    assert [[visit["visit_ref"] for visit in one["visits"]] for one in found] == [
        ["V1", "V2"],
        ["V3"],
        ["V1"],
    ]
    assert (found[0]["first_on"], found[0]["last_on"]) == ("2022-10-03", "2022-10-05")
    assert (found[1]["client_reference"], found[2]["organisation_id"]) == ("A2", PEARL)


def test_or_each_visit_is_and_a_form_sent_twice_names_the_same_disputes() -> None:
    visits = [a_visit("V1"), a_visit("V2")]
    first, again = (disputes_on_visits(visits, SAID, one_each=True) for _ in range(2))
    assert first == again
    assert len({one["case_id"] for one in first}) == 2
    other = disputes_on_visits(visits, SAID._replace(seed=uuid.uuid4()), one_each=True)
    assert not {one["case_id"] for one in other} & {one["case_id"] for one in first}


def test_what_changed_is_told_cell_by_cell_as_people_type_it() -> None:
    before = a_visit("V1")["values"]
    after = before | {"Comments": "She fell", "PlannedVisitDate": "2022-10-04"}
    assert list_changes(before, before) == []
    assert list_changes(before, after) == [
        ("PlannedVisitDate", "03/10/2022", "04/10/2022"),
        ("Comments", "", "She fell"),
    ]

"""Measures and under-delivery through the JSON API (RULES 16)."""

from __future__ import annotations

import pytest

from tests.journeys.api_council import COUNCIL, DIAMOND, ApiCouncil, shared
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row

__all__ = ["shared"]

PEARL = "Pearl Care Ltd"
WEEK = {"from": "2022-10-03", "to": "2022-10-09"}


@pytest.fixture
def a_council(shared: ApiCouncil) -> ApiCouncil:
    """Two providers with a client each, and a visit in each of four weeks of the first."""
    shared.empty()
    pearl = {"OrganisationName": PEARL, "ServiceName": "Pearl Care - DAPL Vale", "SSRef": "A200"}
    shared.council.import_care(a_care_file(a_care_row(1, SSRef="A100"), a_care_row(2, **pearl)))
    shared.council.books()
    rows = []
    for number, day in enumerate(("03/10/2022", "10/10/2022", "17/10/2022", "24/10/2022")):
        rows.append(a_row(VisitRef=f"V{number}", SSRef="A100", PlannedVisitDate=day, DeliveredVisitDate=day))
    shared.council.import_visits(DIAMOND, a_file(*rows))
    shared.council.books()
    return shared


def test_the_council_sees_all_and_a_provider_its_own(a_council: ApiCouncil) -> None:
    answer = a_council.api(COUNCIL).get("/measures", **WEEK)
    assert answer.status_code == 200
    found = answer.json["organisations"]
    assert sorted(found) == [DIAMOND, PEARL]
    assert (found[DIAMOND]["delivered"], found[DIAMOND]["logged_share"]) == (1, "100.0")
    assert (found[PEARL]["delivered"], found[PEARL]["logged_share"]) == (0, None)

    own = a_council.api(DIAMOND).get("/measures", **WEEK).json["organisations"]
    assert own == {DIAMOND: found[DIAMOND]}
    assert a_council.api(DIAMOND).get("/measures", **WEEK, organisation=PEARL).status_code == 404


def test_under_delivery_is_listed_for_whom_it_concerns(a_council: ApiCouncil) -> None:
    (one,) = a_council.api(COUNCIL).get("/under-delivery").json["items"]
    assert (one["cpli_id"], one["organisation"], one["direction"], len(one["weeks"])) == (
        1,
        DIAMOND,
        "under",
        4,
    )
    savings = {"saving_a_year": None, "client_saving_a_year": None}
    assert a_council.api(DIAMOND).get("/under-delivery").json["items"] == [one | savings]
    assert a_council.api(COUNCIL).get("/under-delivery", organisation=PEARL).json["items"] == []


def test_thresholds_and_one_diaries_are_set_by_the_council_alone(a_council: ApiCouncil) -> None:
    officer, provider = a_council.api(COUNCIL), a_council.api(DIAMOND)
    body = {"name": "late_minutes", "effective_from": "2022-10-03", "value": 20}
    assert provider.ask("PUT", "/measure-thresholds", json=body).status_code == 404
    found = officer.ask("PUT", "/measure-thresholds", json=body).json["items"]
    late = next(one for one in found if one["name"] == "late_minutes")
    assert (late["value"], late["since"], late["default"]) == (20, "2022-10-03", 15)
    assert [change["state"] for change in late["changes"]] == ["current"]
    told = {one["name"]: one for one in provider.get("/measure-thresholds").json["items"]}
    assert (told["late_minutes"]["value"], told["late_minutes"]["changes"]) == (20, [])
    answer = officer.ask("PUT", "/measure-thresholds", json=body | {"name": "weeks_wanted", "value": 0})
    assert (answer.status_code, answer.json["detail"]) == (
        422,
        "weeks_wanted is a whole number from 1 to 52.",
    )

    said = {"contract": "dapl", "is_one_diary": True}
    assert provider.get("/one-diaries").status_code == 404
    assert provider.ask("PUT", "/one-diaries", json=said).status_code == 404
    assert officer.ask("PUT", "/one-diaries", json=said | {"contract": "Nobody’s"}).status_code == 404
    assert officer.ask("PUT", "/one-diaries", json=said | {"cpli_id": 1}).status_code == 422
    (item,) = officer.ask("PUT", "/one-diaries", json=said).json["items"]
    assert (item["contract"], item["cpli_id"], item["is_one_diary"]) == ("dapl", None, True)


@pytest.mark.parametrize(
    "query", [{}, {"from": "2022-10-03"}, {"from": "2022-10-09", "to": "2022-10-03"}, {**WEEK, "by": "week"}]
)
def test_a_span_that_is_none_is_refused(a_council: ApiCouncil, query: dict[str, str]) -> None:
    assert a_council.api(COUNCIL).get("/measures", **query).status_code in (400, 422)

"""A provider's KPIs, meetings with it, and spans through the JSON API (RULES 16)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.api_council import COUNCIL, DIAMOND, PEARL, Api, ApiCouncil, shared
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row

__all__ = ["shared"]

GUARD = "Guardian Care Ltd"
MONDAY = "03/10/2022"
NOTES = {"held_on": "2022-10-05", "people": "Ann and Bob", "notes": "Late visits.", "agreed": "A rota"}


@pytest.fixture
def a_council(shared: ApiCouncil) -> ApiCouncil:
    """Three providers with a client each; two have sent a visit, and one of them a row that is rejected too."""
    shared.empty()
    rows = [a_care_row(1, SSRef="A100")]
    for number, name in enumerate((PEARL, GUARD), 2):
        rows.append(
            a_care_row(number, SSRef=f"A{number}00", OrganisationName=name, ServiceName=f"{name} - DAPL")
        )
    shared.council.import_care(a_care_file(*rows))
    shared.council.books()
    send(shared, DIAMOND, a_visit("V1", "A100"), a_visit("V2", "A100", VisitType="X"))
    send(shared, PEARL, a_visit("V1", "A200", ServiceName=f"{PEARL} - DAPL"))
    shared.council.books()
    return shared


def a_visit(ref: str, client: str, **cells: str) -> tuple[str, ...]:
    return a_row(VisitRef=ref, SSRef=client, PlannedVisitDate=MONDAY, DeliveredVisitDate=MONDAY, **cells)


def send(council: ApiCouncil, organisation: str, *rows: tuple[str, ...]) -> None:
    council.council.import_visits(organisation, a_file(*rows))


def figures(api: Api, span: str = "2022-Q4", **query: str) -> dict[str, Any]:
    answer = api.get(f"/provider-kpis/{span}", **query)
    assert answer.status_code == 200, answer.json
    found: Any = answer.json
    return {one["key"]: one for section in found["sections"] for one in section["figures"]} | {"all": found}


def test_the_council_sees_any_provider_and_a_provider_itself(a_council: ApiCouncil) -> None:
    council, diamond = a_council.api(COUNCIL), a_council.api(DIAMOND)
    found = figures(council, organisation=DIAMOND)
    assert (found["all"]["organisation"], found["all"]["span"]["last"]) == (DIAMOND, "2022-12-31")
    assert (found["delivered"]["value"], found["delivered"]["before"]) == ("1", "0")
    assert found["delivered"]["area"] is None  # two providers are no area
    own = figures(diamond)
    assert figures(diamond, "2022-11")["all"] == own["all"]
    assert [one for one in own["all"]["sections"] if one["key"] != "concerns"] == [
        one for one in found["all"]["sections"] if one["key"] != "concerns"
    ]
    assert ("breach_notices" in own, "concerns" in own) == (True, False)
    assert diamond.get("/provider-kpis/2022-Q4", organisation=PEARL).status_code == 404
    assert council.get("/provider-kpis/2022-Q4").status_code == 422
    for span in ("2022-Q5", "2022-13", "1999-10", "now"):
        assert diamond.get(f"/provider-kpis/{span}").status_code == 404, span


def test_the_area_is_shown_once_three_providers_have_sent_visits(a_council: ApiCouncil) -> None:
    send(a_council, GUARD, a_visit("V1", "A300", ServiceName=f"{GUARD} - DAPL"))
    a_council.council.books()
    found = figures(a_council.api(DIAMOND))
    assert (found["delivered"]["value"], found["delivered"]["area"]) == ("1", "3")


def test_files_are_counted_in_the_span_in_which_they_came(a_council: ApiCouncil) -> None:
    diamond = a_council.api(DIAMOND)
    this_month = a_council.parts.clock().strftime("%Y-%m")
    now, then = figures(diamond, this_month), figures(diamond, "2022-Q4")
    shown = [now[f"files_{name}"]["value"] for name in ("files", "rows", "rejected", "rejected_share")]
    assert shown == ["1", "2", "1", "50.0"]
    assert (then["files_rows"]["value"], then["files_late"]["value"]) == ("0", "1")


def test_notes_of_a_meeting_are_the_council_s_until_they_are_shared(a_council: ApiCouncil) -> None:
    council, diamond = a_council.api(COUNCIL), a_council.api(DIAMOND)
    asked: dict[str, Any] = {"json": {**NOTES, "organisation": DIAMOND}}
    asked |= {"headers": {"Idempotency-Key": "a meeting"}}
    kept = council.ask("POST", "/provider-meetings", **asked)
    assert (kept.status_code, kept.json["shared_at"]) == (201, None)
    assert council.ask("POST", "/provider-meetings", **asked).json == kept.json
    (listed,) = council.get("/provider-meetings", organisation=DIAMOND).json["items"]
    assert (listed["people"], listed["agreed"]) == ("Ann and Bob", "A rota")
    assert diamond.get("/provider-meetings").json["items"] == figures(diamond)["all"]["meetings"] == []

    path = f"/provider-meetings/{kept.json['meeting_id']}/share"
    assert diamond.ask("POST", path).status_code == 404
    assert council.ask("POST", path).json["shared_at"] is not None
    (seen,) = figures(diamond)["all"]["meetings"]
    assert seen["notes"] == "Late visits."
    assert a_council.api(PEARL).get("/provider-meetings").json["items"] == []
    assert diamond.ask("POST", "/provider-meetings", **asked).status_code == 404
    late = {**NOTES, "organisation": DIAMOND, "held_on": "2099-01-01"}
    assert council.ask("POST", "/provider-meetings", json=late).status_code == 422


def test_a_span_is_as_long_as_the_council_says(a_council: ApiCouncil) -> None:
    council, diamond = a_council.api(COUNCIL), a_council.api(DIAMOND)
    assert diamond.get("/kpi-span").json == {"months": 3, "first_month": 1}
    half = {"months": 6, "first_month": 4}
    assert diamond.ask("PUT", "/kpi-span", json=half).status_code == 404
    assert council.ask("PUT", "/kpi-span", json=half).json == half
    found = figures(diamond, "2022-11")["all"]
    assert (found["span"], found["before"]["first"]) == (
        {"first": "2022-10-01", "last": "2023-03-31"},
        "2022-04-01",
    )
    assert diamond.get("/provider-kpis/2022-Q4").status_code == 404
    assert council.ask("PUT", "/kpi-span", json={"months": 5, "first_month": 1}).status_code == 422

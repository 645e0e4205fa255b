"""Disputes through the JSON API: the council raises, the provider's system answers, nobody else sees (RULES 9)."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.journeys.api_council import COUNCIL, DIAMOND, PEARL, ApiCouncil, shared
from tests.journeys.test_import_in_two_steps import a_visit
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file
from tests.support.run.waiting import wait_until

__all__ = ["shared"]

CARE = a_care_file(
    a_care_row(1, SSRef="A123456", UnitCost="30.00"),
    a_care_row(2, SSRef="A200", UnitCost="30.00"),
    a_care_row(3, SSRef="B1", OrganisationName=PEARL, ServiceName="Pearl - APL", Contract="APL"),
)


@pytest.fixture
def a_council(shared: ApiCouncil) -> ApiCouncil:
    shared.empty()
    shared.council.import_care(CARE)
    wait_until(shared.council.is_settled, 30)
    visits = a_file(a_visit("V1"), a_visit("V2"), a_visit("V3", SSRef="A200"))
    shared.api(DIAMOND).file(visits, confirm="true")
    shared.council.books()
    return shared


def test_the_council_raises_and_the_providers_system_answers(a_council: ApiCouncil) -> None:
    council, diamond, pearl = map(a_council.api, (COUNCIL, DIAMOND, PEARL))
    asked = {"reason": "Incorrect Data", "words": "Are these right?", "organisation": DIAMOND}
    asked |= {"visits": ["V1", "V2", "V3"]}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    first, again = (council.ask("POST", "/disputes", json=asked, headers=key) for _ in range(2))
    assert (first.status_code, again.json) == (201, first.json), first.json
    raised: Any = first.json
    assert [one["client"] for one in raised["items"]] == ["A123456", "A200"]
    refused = council.ask("POST", "/disputes", json=asked)
    assert (refused.status_code, refused.json["code"]) == (422, "already_disputed")
    assert diamond.ask("POST", "/disputes", json=asked).status_code == 404

    page: Any = diamond.get("/disputes", client="A123456", **{"from": "2022-10-03", "to": "2022-10-03"}).json
    (listed,) = page["items"]
    assert (listed["status"], listed["details"], listed["response"]) == (
        "In Dispute",
        "Are these right?",
        None,
    )
    assert (listed["organisation"], listed["from"], listed["to"]) == (DIAMOND, "2022-10-03", "2022-10-03")
    page = diamond.get("/disputes", limit="1").json
    rest: Any = diamond.get("/disputes", limit="1", cursor=page["next_cursor"]).json
    assert {one["case_id"] for one in page["items"] + rest["items"]} == {
        one["case_id"] for one in raised["items"]
    }
    assert pearl.get("/disputes").json["items"] == []
    path = f"/disputes/{listed['case_id']}"
    assert pearl.get(path).status_code == 404
    said = {"words": "They are.", "move": "request_resolution"}
    assert pearl.ask("POST", f"{path}/messages", json=said).status_code == 404
    for _ in range(2):
        answer = diamond.ask("POST", f"{path}/messages", json=said, headers={"Idempotency-Key": "said"})
        assert (answer.status_code, answer.json) == (
            201,
            {"status": "Resolution Requested", "is_moved": True},
        )
    found: Any = council.get(path).json
    assert [(one["side"], one["move"], one["words"]) for one in found["messages"]] == [
        ("council", "", "Are these right?"),
        ("provider", "request_resolution", "They are."),
    ]
    assert [(one["ref"], one["deleted"]) for one in found["visits"]] == [("V1", False), ("V2", False)]
    assert found["visits"][0]["values"] == found["visits"][0]["values_when_raised"]
    assert found["allowed"] == ["ask_again", "resolve"]
    closing = {"words": "Thank you.", "move": "resolve"}
    assert diamond.ask("POST", f"{path}/messages", json=closing).status_code == 403
    assert council.ask("POST", f"{path}/messages", json=closing).json["status"] == "Resolved"
    late = diamond.ask("POST", f"{path}/messages", json=said | {"words": "One more thing."}).json
    assert late == {"status": "Resolved", "is_moved": False}


def test_a_provider_without_accounts_is_named_as_care_names_it(a_council: ApiCouncil) -> None:
    newcomer, council = "Newcomer Care Ltd", a_council.api(COUNCIL)
    row = a_care_row(
        9, SSRef="A900", OrganisationName=newcomer, ServiceName="Newcomer - Spot", Contract="Spot"
    )
    a_council.council.import_care(a_care_file(row))
    a_council.council.import_visits(
        newcomer,
        a_file(a_visit("N1", SSRef="A900", ServiceName="Newcomer - Spot", OrganisationName=newcomer)),
    )
    a_council.council.books()
    asked = {"reason": "Incorrect Data", "words": "Right?", "organisation": newcomer, "visits": ["N1"]}
    raised: Any = council.ask("POST", "/disputes", json=asked).json
    path = f"/disputes/{raised['items'][0]['case_id']}"
    assert council.get(path).json["organisation"] == newcomer
    assert newcomer in a_council.browser("finance").get(path).text


def test_a_week_of_a_line_item_is_disputed_and_what_is_about_nothing_is_refused(
    a_council: ApiCouncil,
) -> None:
    council = a_council.api(COUNCIL)
    asked = {"reason": "Incorrect Data", "words": "Is this right?", "cpli_id": 1, "week": "2022-10-03"}
    raised: Any = council.ask("POST", "/disputes", json=asked).json
    found: Any = a_council.api(DIAMOND).get(f"/disputes/{raised['items'][0]['case_id']}").json
    assert (found["cpli_id"], found["from"], found["to"], found["visits"]) == (
        1,
        "2022-10-03",
        "2022-10-09",
        [],
    )
    for change in (
        {"week": "2022-10-04"},
        {"week": None},
        {"visits": ["V1"]},
        {"reason": "No"},
        {"words": " "},
    ):
        assert council.ask("POST", "/disputes", json=asked | change).status_code == 422
    unknown = {"visits": ["V9"], "organisation": DIAMOND, "cpli_id": None, "week": None}
    assert council.ask("POST", "/disputes", json=asked | unknown).status_code == 404

"""Concerns and breach notices through the JSON API, and which role sees what (RULES 16)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from libs.common.care.clock import london_today
from libs.common.rights import table
from tests.journeys.api_council import COUNCIL, DIAMOND, PEARL, Api, ApiCouncil, shared
from tests.journeys.test_import_in_two_steps import a_visit
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file
from tests.support.portal.pdf_text import pdf_text
from tests.support.run.waiting import wait_until

__all__ = ["shared"]

CARE = a_care_file(
    a_care_row(1, SSRef="A123456"),
    a_care_row(
        2, SSRef="B1", OrganisationName=PEARL, ServiceName="Pearl - APL", Contract="APL", UnitCost="20.00"
    ),
)
A_CONCERN = {
    "organisation": DIAMOND,
    "kind": "late",
    "source": "placement",
    "words": "An hour late.",
    "cpli_id": 1,
    "visits": ["V1"],
    "happened_on": "2022-10-03",
}


@pytest.fixture(scope="module")
def a_council(shared: ApiCouncil) -> ApiCouncil:
    """Two providers, one with a visit."""
    shared.council.import_care(CARE)
    wait_until(shared.council.is_settled, 30)
    shared.api(DIAMOND).file(a_file(a_visit("V1", DeliveredEntryTime="09:40")), confirm="true")
    shared.council.books()
    return shared


@pytest.fixture(scope="module")
def seeing(a_council: ApiCouncil) -> Api:
    """The API with commissioning's eyes."""
    return a_council.api_of_role("commissioning")


def post(api: Api, path: str, body: Any, key: str = "") -> Any:
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    return api.ask("POST", path, json=body, headers=headers)


def test_a_concern_from_a_token_that_sees_none_to_an_accepted_answer(
    a_council: ApiCouncil, seeing: Api
) -> None:
    blind, diamond, pearl = (a_council.api(name) for name in (COUNCIL, DIAMOND, PEARL))
    first, again = (post(blind, "/concerns", A_CONCERN, "once") for _ in range(2))
    assert (first.status_code, again.json) == (201, first.json)
    assert set(first.json) == {"concern_id", "number"}
    assert post(diamond, "/concerns", A_CONCERN).status_code == 404
    for wrong, field in (
        ({"kind": "Weather"}, "kind"),
        ({"client": "Z9"}, "client"),
        ({"visits": ["V2"]}, "visits"),
        ({"organisation": PEARL, "visits": []}, "cpli_id"),
    ):
        refused = post(blind, "/concerns", A_CONCERN | wrong)
        assert (refused.status_code, refused.json["field"]) == (422, field)
    path = f"/concerns/{first.json['concern_id']}"
    assert [api.get(path).status_code for api in (blind, diamond, pearl)] == [403, 404, 404]
    found = seeing.get(path).json
    assert (found["kind"], found["client"], found["organisation"]) == ("Late", "A123456", DIAMOND)
    assert found["allowed"] == ["investigate"]

    moved = post(seeing, f"{path}/steps", {"move": "investigate", "version": 1}).json
    assert (moved["state"], moved["version"]) == ("Investigating", 2)
    assert post(seeing, f"{path}/steps", {"move": "remedy", "words": "x", "version": 1}).status_code == 409
    assert post(seeing, f"{path}/steps", {"move": "remedy", "version": 2}).status_code == 422
    due_on = london_today() + dt.timedelta(days=7)
    notice = {"words": "Be on time.", "due_on": str(due_on), "visits": ["V1"], "version": 2}
    early = post(seeing, f"{path}/breach-notices", notice | {"due_on": str(london_today())})
    assert (early.status_code, early.json["field"]) == (422, "due_on")
    sent = post(seeing, f"{path}/breach-notices", notice)
    assert (sent.status_code, sent.json["state"]) == (201, "Breach Notice")

    place = f"/breach-notices/{sent.json['notice_id']}"
    assert [api.get(place).status_code for api in (seeing, blind, diamond, pearl)] == [200, 403, 200, 404]
    mine = diamond.get("/breach-notices").json["items"]
    assert [(one["state"], one["concern_id"], one["due_on"]) for one in mine] == [("Sent", None, str(due_on))]
    assert mine[0]["visits"][0]["delivered_entry"] == "09:40"
    assert pearl.get("/breach-notices").json["items"] == []
    assert "Be on time." in pdf_text(diamond.get(f"{place}.pdf").get_data())
    assert [post(api, f"{place}/answers", {"words": "No"}).status_code for api in (pearl, seeing)] == [
        404,
        404,
    ]
    answered = post(diamond, f"{place}/answers", {"words": "We were. The log says so."})
    assert (answered.status_code, answered.json["is_late"]) == (201, False)
    accepted = {"move": "accept_answer", "version": 4, "to_provider": "Thank you."}
    assert post(seeing, f"{path}/steps", accepted).json["state"] == "Remedied"
    assert diamond.get(place).json["council_words"] == "Thank you."
    assert post(diamond, f"{place}/answers", {"words": "More"}).status_code == 409
    closed = {"move": "close", "version": 5, "ended_in": "new_provider"}
    assert post(seeing, f"{path}/steps", closed).json["state"] == "Closed"
    assert seeing.get("/concerns").json["items"] == []
    (listed,) = seeing.get("/concerns", state="Closed", organisation=DIAMOND).json["items"]
    assert listed["ended_in"] == "new_provider"
    month = london_today().replace(day=1)
    span = {"first": str(month), "last": str(month)}
    assert seeing.get("/concerns/trends", **span).json["items"] == [
        {
            "month": str(month),
            "organisation": DIAMOND,
            "kind": "Late",
            "concerns": 1,
            "breach_notices": 1,
        }
    ]


def test_kinds_and_groups_are_changed_by_those_who_see_concerns(a_council: ApiCouncil, seeing: Api) -> None:
    blind = a_council.api(COUNCIL)
    body = {"name": "No gloves"}
    assert post(blind, "/concern-kinds", body).status_code == 403
    assert body["name"] in [one["name"] for one in post(seeing, "/concern-kinds", body).json["items"]]
    retired = seeing.ask("DELETE", "/concern-kinds/No%20gloves").json["items"][-1]
    assert retired == {"name": "No gloves", "is_retired": True}
    assert blind.get("/concern-kinds").json["items"][-1] == retired
    place = f"/concern-groups/{uuid.uuid4()}"
    group = {"name": "North", "organisations": [DIAMOND, PEARL]}
    assert blind.ask("PUT", place, json=group).status_code == 403
    (saved,) = seeing.ask("PUT", place, json=group).json["items"]
    assert saved["organisations"] == [DIAMOND, PEARL]
    assert seeing.ask("DELETE", place).json["items"] == []


PAGES = {
    "/concerns": {"commissioning"},
    "/concerns/concerns.csv": {"commissioning"},
    "/concerns/trends": {"commissioning"},
    "/concerns/trends/trends.csv": {"commissioning"},
    "/concerns/lists": {"commissioning"},
    "/concerns/lists/groups/new": {"commissioning"},
    "/raise-concern": {"commissioning", "finance"},
    "/breach-notices": {"commissioning", "home_manager", "accounts_payable"},
}


@pytest.mark.parametrize("role", table.ROLES)
def test_only_commissioning_sees_concerns_and_providers_their_breach_notices(
    a_council: ApiCouncil, role: str
) -> None:
    who = a_council.browser(role, DIAMOND if role in table.PROVIDER_ROLES else None)
    answers = {path: who.get(path).status_code for path in PAGES}
    assert answers == {path: 200 if role in seers else 403 for path, seers in PAGES.items()}


def test_the_audit_trail_tells_of_concerns_to_commissioning_alone(a_council: ApiCouncil, seeing: Api) -> None:
    raised = post(seeing, "/concerns", A_CONCERN).json
    move = {"move": "investigate", "version": 1}
    post(seeing, f"/concerns/{raised['concern_id']}/steps", move)
    told = {
        role: a_council.browser(role).get("/audit").text for role in ("commissioning", "finance", "approver")
    }
    assert "Wrote about a concern, or moved it on" in told["commissioning"]
    for role in ("finance", "approver"):
        assert "concern" not in told[role].partition("<main")[2], role
        seen = a_council.browser(role).get("/audit/trail.csv").text
        assert raised["concern_id"][:8] not in seen

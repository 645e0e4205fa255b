"""Many rows done at once: by pages and by the API, shown in money before, told afterwards (RULES 20)."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.journeys.api_council import COUNCIL, DIAMOND, PEARL, ApiCouncil, shared
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.portal.accounts import PASSWORD, Browser, csrf_token
from tests.support.run.waiting import wait_until

__all__ = ["shared"]

LEVEL = {"ServiceLevel": "Personal Care"}
WRONG = "Diamond Home Care - Nowhere"
HOLD = {"kind": "suspend", "owner": "finance@council.example", "reason": "The rate is looked into"}


def a_day(ref: str, client: str = "A100", **cells: str) -> dict[str, str]:
    day = {"PlannedVisitDate": "03/10/2022", "DeliveredVisitDate": "03/10/2022"}
    return a_row(VisitRef=ref, SSRef=client, **day, **cells)


@pytest.fixture
def a_council(shared: ApiCouncil) -> ApiCouncil:
    """Two clients' weeks, three visits that match no service, one visit of another provider."""
    shared.empty()
    pearl = a_care_row(3, SSRef="B1", OrganisationName=PEARL, ServiceName="Pearl - APL", Contract="APL")
    shared.council.import_care(a_care_file(a_care_row(1), a_care_row(2, SSRef="A200"), pearl))
    wait_until(shared.council.is_settled, 30)
    rows = [a_day("V1"), a_day("V2", "A200"), *(a_day(f"W{n}", ServiceName=WRONG) for n in (1, 2, 3))]
    shared.council.import_visits(DIAMOND, a_file(*rows))
    of_pearl = {"ServiceName": "Pearl - APL", "OrganisationName": PEARL}
    shared.council.import_visits(PEARL, a_file(a_day("P1", "B1", **of_pearl)))
    shared.council.books()
    return shared


def chooses(browser: Browser, at: str, act: str, **fields: Any) -> TestResponse:
    """Sends the list's form by the button of an act, with its address's filters."""
    page = browser.get(at).text
    found = re.search(rf'formaction="(/bulk-actions/choose/{act}[^"]*)"', page)
    assert found, f"{at} has no button for {act}"
    data = {**fields, "csrf_token": csrf_token(page)}
    return browser.client.post(found[1].replace("&amp;", "&"), data=data)


def boxes_of(browser: Browser, at: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]+)"', browser.get(at).text)


def test_all_visits_of_one_reason_are_deleted_and_it_is_told(a_council: ApiCouncil) -> None:
    manager = a_council.browser("home_manager", DIAMOND)
    answer = chooses(manager, "/unmatched?reason=wrong_service", "delete_visits", all="y")
    assert answer.status_code == 303, answer.text
    page = manager.get(answer.location).text
    assert "Nothing has been done yet." in page
    assert "Delete 3 visits" in page
    assert a_council.council.books()["unmatched"] == {"wrong_service": 3}
    missing = manager.post(answer.location)
    assert missing.status_code == 400
    assert "Choose why the visit is deleted" in missing.text
    facts = {"reason": "Wrong zone in the service name", "words": ""}
    for _ in range(2):  # the second press does nothing
        done = manager.post(answer.location, **facts)
        assert (done.status_code, done.location) == (303, answer.location)
    assert "3 visits deleted." in manager.get(answer.location).text
    assert a_council.council.books()["unmatched"] == {}
    shown = a_council.api(DIAMOND).visit("W1")
    assert (shown["deleted"], shown["reason_of_deletion"]) == (True, "Wrong zone in the service name")
    assert len(shown["versions"]) == 1
    listed = manager.get("/bulk-actions").text
    assert "Delete visits" in listed
    trail = a_council.browser("finance").get("/audit").text
    assert "Delete visits: 3 done" in trail
    assert a_council.browser("home_manager", PEARL).get(answer.location).status_code == 404


def test_what_changed_meanwhile_is_left_and_said(a_council: ApiCouncil) -> None:
    officer = a_council.api(COUNCIL)
    body = {"act": "delete_visits", "organisation": DIAMOND, "rows": ["V1", "W1", "V2"]}
    assert officer.ask("POST", "/bulk-actions", json={**body, "organisation": "Nobody"}).status_code == 404
    begun = officer.ask("POST", "/bulk-actions", json=body)
    assert begun.status_code == 201, begun.json
    assert (begun.json["to_do"], begun.json["state"]) == (3, "shown")
    pays = [row["amount"] for row in begun.json["rows"]]
    assert pays[1] == "0.00"
    assert begun.json["amount_to_do"] == f"{float(pays[0]) + float(pays[2]):.2f}"
    before = officer.visit("W1", organisation=DIAMOND)
    cells = before["values"] | {"Comments": "Changed"}
    put = a_council.api(DIAMOND).put("W1", cells, {"If-Match": f'"{before["version"]}"'})
    assert put.status_code == 200, put.json
    path = f"/bulk-actions/{begun.json['id']}"
    wrong = officer.ask("POST", f"{path}/do", json={"facts": {"reason": "None of these", "words": ""}})
    assert wrong.status_code == 422
    facts = {"reason": "Other", "words": "Sent twice"}
    for _ in range(2):
        done = officer.ask("POST", f"{path}/do", json={"facts": facts}).json
        assert (done["state"], done["done"], done["left"]) == ("done", 2, 1)
        left = done["rows"][0]
        assert (left["key"].endswith("/W1"), left["outcome"]) == (True, "left")
        assert left["why"] == "It was changed after you had looked at it."
    assert officer.get("/bulk-actions").json["items"][0]["id"] == begun.json["id"]
    assert a_council.council.differences() == []


def test_visits_of_one_reason_are_corrected_through_a_file(a_council: ApiCouncil) -> None:
    manager = a_council.browser("home_manager", DIAMOND)
    before = a_council.council.books()
    answer = chooses(manager, "/unmatched?reason=wrong_service", "correct_visits", all="y")
    page = manager.get(answer.location).text
    assert "Check the correction of 3 visits" in page
    assert "£0.00" not in page  # about what they would pay
    assert manager.post(answer.location).status_code == 400
    sent = manager.post(answer.location, service="Diamond Home Care - DAPL Oxford")
    assert sent.location.startswith("/visits-files/"), sent.text
    checked = manager.get(sent.location).text
    assert "Will match a care package line item" in checked
    assert a_council.council.books() == before
    assert a_council.api(DIAMOND).ask("POST", f"{sent.location}/confirm").status_code == 201
    wait_until(a_council.council.is_settled, 30)
    assert a_council.council.books()["unmatched"] == {}


def test_items_are_held_and_weeks_released(a_council: ApiCouncil) -> None:
    officer, council = a_council.browser("finance"), a_council.council
    pounds = council.books()["total_payable"]
    place = f"/payments/2022-10-03?organisation={DIAMOND.replace(' ', '+')}"
    weeks = boxes_of(officer, place, "held_week")
    assert sorted(set(weeks)) == ["1/2022-10-03", "2/2022-10-03"]
    answer = chooses(officer, place, "hold_weeks", held_week=weeks)
    page = officer.get(answer.location).text
    assert "Hold 2 weeks of care" in page
    assert officer.post(answer.location, **HOLD).status_code == 303
    held = a_council.api(COUNCIL).get("/holds").json["items"]
    assert {one["reason"] for one in held} == {HOLD["reason"]}
    assert len(held) == 2
    listed = chooses(officer, "/payments/holds", "release_weeks", all="y")
    assert "Release 2 weeks of care" in officer.get(listed.location).text
    officer.post(listed.location, reason="It was right", charge="keep")
    assert a_council.api(COUNCIL).get("/holds").json["items"] == []
    assert council.books()["total_payable"] == pounds
    assert council.differences() == []
    assert a_council.browser("commissioning").get(listed.location).status_code == 200
    refused = chooses_by_address(a_council.browser("commissioning"), "hold_weeks")
    assert refused.status_code == 403


def chooses_by_address(browser: Browser, act: str) -> TestResponse:
    data = {"csrf_token": csrf_token(browser.get("/account/password").text), "all": "y"}
    return browser.client.post(f"/bulk-actions/choose/{act}", data=data)


def test_documents_are_agreed_to_with_one_password(a_council: ApiCouncil) -> None:
    manager = a_council.browser("home_manager", DIAMOND)
    answer = chooses(manager, "/contract-documents", "agree_documents", all="y")
    assert "Agree to 2 contract documents" in manager.get(answer.location).text
    assert manager.post(answer.location, present="wrong").status_code == 400
    assert manager.post(answer.location, present=PASSWORD).status_code == 303
    documents = a_council.api(DIAMOND).get("/contract-documents").json["items"]
    assert {one["status"] for one in documents} == {"agreed"}
    officer = a_council.browser("commissioning")
    answer = chooses(officer, "/contract-documents", "agree_documents_manually", all="y")
    officer.post(answer.location)
    (document,) = a_council.api(PEARL).get("/contract-documents").json["items"]
    assert [note["move"] for note in document["notes"]] == ["publish", "agree_manually"]


def test_disputes_are_resolved(a_council: ApiCouncil) -> None:
    council, provider = a_council.api(COUNCIL), a_council.api(DIAMOND)
    body = {"organisation": DIAMOND, "reason": "Incorrect Data", "words": "Is this right?"}
    raised = council.ask("POST", "/disputes", json={**body, "visits": ["V1", "V2"]}).json["items"]
    said = {"words": "It is.", "move": "request_resolution"}
    provider.ask("POST", f"/disputes/{raised[0]['case_id']}/messages", json=said)
    officer = a_council.browser("finance")
    cases = boxes_of(officer, "/disputes", "case")
    assert cases == [raised[0]["case_id"]]
    answer = chooses(officer, "/disputes", "resolve_disputes", case=[one["case_id"] for one in raised])
    page = officer.get(answer.location).text
    assert "Resolve 1 dispute" in page
    assert "it is resolved once it is answered" in page
    officer.post(answer.location, words="Thank you.")
    states = {one["case_id"]: council.get(f"/disputes/{one['case_id']}").json["status"] for one in raised}
    assert sorted(states.values()) == ["In Dispute", "Resolved"]


def test_a_week_of_visits_is_taken_in_the_columns_of_a_file(a_council: ApiCouncil) -> None:
    manager = a_council.browser("home_manager", DIAMOND)
    taken = manager.get("/visits-of-a-week.csv?week=2022-10-05")
    rows = [*csv.DictReader(io.StringIO(taken.data.decode("utf-8-sig")))]
    assert {row["VisitRef"] for row in rows} == {"V1", "V2", "W1", "W2", "W3"}
    assert len(rows[0]) == 25
    again = a_council.api(DIAMOND).file(taken.data)
    assert again["counts"]["unchanged"] == 5
    of_client = manager.get("/visits-of-a-week.csv?week=2022-10-05&client=A200&status=Matched").data
    assert of_client.count(b"\n") == 2
    by_api = a_council.api(COUNCIL).get("/visits-of-a-week/2022-10-05.csv")
    assert by_api.data.count(b"\n") == 7


def test_what_nobody_can_do_is_said(a_council: ApiCouncil) -> None:
    manager, provider = a_council.browser("home_manager", DIAMOND), a_council.api(DIAMOND)
    nothing = chooses(manager, "/unmatched", "delete_visits")
    assert "Nothing was chosen" in manager.get(nothing.location).text
    for act in ("hold_weeks", "resolve_disputes", "agree_documents", "nothing"):
        body = {"act": act, "rows": ["1/2022-10-03"]}
        assert provider.ask("POST", "/bulk-actions", json=body).status_code == 404, act
    body = {"act": "delete_visits", "organisation": PEARL, "rows": ["P1"]}
    assert (
        provider.ask("POST", "/bulk-actions", json=body).status_code == 422
    )  # nothing of its own is called so
    for rows in (["x"], ["1/2022-10-3"], ["0/2022-10-03"]):
        body = {"act": "hold_weeks", "rows": rows}
        assert a_council.api(COUNCIL).ask("POST", "/bulk-actions", json=body).status_code == 404, rows

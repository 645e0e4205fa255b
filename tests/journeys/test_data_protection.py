"""Who looked at a client, by page, CSV and API, a merged client's readings too; all in the roles' bounds (RULES 20)."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest

from services.portal.protection.readings import pages as readings_pages
from tests.journeys.api_council import COUNCIL, DIAMOND, ApiCouncil, shared
from tests.journeys.test_import_in_two_steps import a_visit
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file
from tests.support.portal.accounts import Browser
from tests.support.run.waiting import wait_until

__all__ = ["shared"]

CARE = a_care_file(
    a_care_row(1, SSRef="A123456", Forename="Mona", Surname="Lee"),
    a_care_row(2, SSRef="A654321", Forename="M.", Surname="Lee", ServiceName="Diamond - West"),
    a_care_row(3, SSRef="B1", Surname="Other", ServiceName="Diamond - South"),
)
MERGE = {"client": "A654321", "into": "A123456", "reason": "One NHS number"}


@pytest.fixture
def council(shared: ApiCouncil) -> ApiCouncil:
    """Three clients of one provider, one with a visit."""
    shared.empty()
    shared.council.import_care(CARE)
    wait_until(shared.council.is_settled, 30)
    shared.council.import_visits(DIAMOND, a_file(a_visit("V1")))
    shared.council.books()
    return shared


@pytest.fixture
def approver(council: ApiCouncil) -> Browser:
    return council.browser("approver")


def client_page(browser: Browser, reference: str) -> Any:
    return browser.get(browser.get(f"/clients/{reference}").location)


def rows_of(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))


def test_who_looked_is_told_with_a_merged_client_s_readings_and_no_other_s(
    council: ApiCouncil, approver: Browser
) -> None:
    officer = council.account("commissioning")
    browser = council.browser_of(officer)
    assert client_page(browser, "A654321").status_code == 200
    assert client_page(browser, "B1").status_code == 200
    assert council.api(DIAMOND).get("/visits", client="A123456").json["items"]
    assert council.api(COUNCIL).ask("POST", "/client-merges", json=MERGE).status_code == 200

    page = approver.get("/readings?client=A123456")
    assert page.status_code == 200
    assert officer.email in page.text
    assert "API: " in page.text
    assert DIAMOND in page.text
    found = rows_of(approver.get("/readings/readings.csv?client=A123456").get_data(as_text=True))
    of_officer = [row for row in found if row["Who"] == officer.email]
    assert {row["Role"] for row in of_officer} == {"Commissioning"}
    assert all(row["By"] == "Page" and row["Address"] for row in of_officer)
    assert [row["What"] for row in of_officer] == ["Clients"] * len(of_officer)
    of_other = rows_of(approver.get("/readings/readings.csv?client=B1").get_data(as_text=True))
    assert {row["Reference"] for row in found} & {row["Reference"] for row in of_other} == set()

    api = council.api_of_role("approver")
    told = api.get("/readings", client="A654321", limit=2)
    assert (told.status_code, told.json["client"]) == (200, "A123456")
    again = api.get("/readings", client="A123456", limit=200).json["items"]
    assert {one["who"] for one in again} >= {str(officer.account_id)}
    assert {row["Reference"] for row in found} <= {one["id"] for one in again}
    rest = api.get("/readings", client="A123456", limit=2, cursor=told.json["next_cursor"]).json["items"]
    assert not {one["id"] for one in rest} & {one["id"] for one in told.json["items"]}
    assert api.get("/readings", client="A0").status_code == 404
    assert council.api(COUNCIL).get("/readings", client="A123456").json["code"] == "not_in_scope"


def test_a_list_is_limited_by_days_and_person_and_goes_both_ways(
    council: ApiCouncil, approver: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = council.account("finance")
    browser = council.browser_of(officer)
    for _ in range(3):
        client_page(browser, "A123456")
    monkeypatch.setattr(readings_pages, "SHOWN", 2)
    first = approver.get(f"/readings?client=A123456&person={officer.email}")
    assert len(re.findall(rf"<td[^>]*>{officer.email}", first.text)) == 2
    on = re.search(r'href="([^"]+)"[^>]*>Earlier readings', first.text)
    assert on is not None
    second = approver.get(on[1].replace("&amp;", "&"))
    assert second.status_code == 200
    assert "Page before" in second.text
    assert "There are no such readings" in approver.get("/readings?client=A123456&until=2022-10-03").text
    assert approver.get("/readings?client=A123456&since=yesterday").status_code == 400
    assert "There is no client" in approver.get("/readings?client=nobody&exact=y").text
    assert approver.get("/readings?client=lee").status_code == 200  # both, to choose from
    unnamed = approver.get("/readings?client=A123456&which=unnamed")
    assert (unnamed.status_code, "name nobody" in unnamed.text) == (200, True)
    assert approver.get("/readings/readings.csv").status_code == 400
    name = approver.get("/readings/readings.csv?client=A123456&since=2022-10-03").headers[
        "Content-Disposition"
    ]
    assert re.search(r"who-looked-at-A123456_2022-10-03-to-[\d-]+_as-at-[\d-]+\.csv", name)


def test_that_there_is_a_concern_is_told_to_commissioning_alone(
    council: ApiCouncil, approver: Browser
) -> None:
    seeing = council.api_of_role("commissioning")
    said = {
        "organisation": DIAMOND,
        "kind": "late",
        "source": "placement",
        "words": "An hour late.",
        "cpli_id": 1,
    }
    made = seeing.ask("POST", "/concerns", json=said, headers={"Idempotency-Key": "one"})
    assert made.status_code == 201, made.json
    assert seeing.get(f"/concerns/{made.json['concern_id']}").status_code == 200
    shown = approver.get("/readings?client=A123456").text
    assert "A page that commissioning staff alone see" in shown
    assert made.json["concern_id"] not in shown
    assert "oncern" not in shown.replace("/concerns", "")
    items = council.api_of_role("approver").get("/readings", client="A123456").json["items"]
    (withheld,) = [one for one in items if one["what"].startswith("A page that commissioning")]
    assert withheld["about"] == []


@pytest.mark.parametrize("role", ["finance", "commissioning", "helpdesk"])
def test_only_an_approver_sees_who_looked(council: ApiCouncil, role: str) -> None:
    assert council.browser(role).get("/readings?client=A123456").status_code == 403

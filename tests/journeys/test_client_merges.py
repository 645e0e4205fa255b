"""Merging two clients as the council does: on its pages and by the API, with the money shown first (RULES 2)."""

from __future__ import annotations

import pytest

from tests.journeys.api_council import COUNCIL, DIAMOND, ApiCouncil, shared
from tests.journeys.test_import_in_two_steps import a_visit
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file
from tests.support.portal.accounts import Browser
from tests.support.run.waiting import wait_until

__all__ = ["shared"]

SERVICES = ("Diamond - East", "Diamond - West")
CARE = a_care_file(
    a_care_row(1, SSRef="A123456", Surname="Hart", ServiceName=SERVICES[0], AssessedContribution="15.00"),
    a_care_row(2, SSRef="A654321", Surname="Lind", ServiceName=SERVICES[1], AssessedContribution="15.00"),
)


@pytest.fixture
def charged(shared: ApiCouncil) -> ApiCouncil:
    """Two clients with an hour of care each in one week, charged £15.00 each."""
    shared.empty()
    shared.council.import_care(CARE)
    wait_until(shared.council.is_settled, 30)
    rows = (
        a_visit("V1", SSRef="A123456", ServiceName=SERVICES[0]),
        a_visit("V2", SSRef="A654321", ServiceName=SERVICES[1]),
    )
    shared.council.import_visits(DIAMOND, a_file(*rows))
    assert shared.council.books()["total_charges"] == "30.00"
    return shared


@pytest.fixture
def officer(charged: ApiCouncil) -> Browser:
    return charged.browser("finance")


MERGE = {"client": "A654321", "into": "A123456", "reason": "One NHS number"}


def test_the_api_shows_what_it_moves_then_merges_and_does_it_once(charged: ApiCouncil) -> None:
    api = charged.api(COUNCIL)
    shown = api.ask("POST", "/client-merges?preview=true", json=MERGE)
    assert shown.status_code == 200, shown.json
    assert shown.json["state"] == "preview"
    assert shown.json["money"]["charges"] == {"now": "30.00", "then": "15.00", "difference": "-15.00"}
    assert [week["difference"] for week in shown.json["money"]["weeks"]] == ["-15.00"]
    assert charged.council.books()["total_charges"] == "30.00"

    stale = api.ask("POST", "/client-merges", json=MERGE | {"seen": "0" * 32})
    assert (stale.status_code, stale.json["code"]) == (409, "seen_another")
    for _ in range(2):
        done = api.ask("POST", "/client-merges", json=MERGE | {"seen": shown.json["seen"]})
        assert (done.status_code, done.json["state"]) == (200, "merged")
    assert charged.council.books()["total_charges"] == "15.00"
    assert charged.council.differences() == []
    items = api.get("/care-package-line-items", client="A654321").json["items"]
    assert [(item["cpli_id"], item["client"]["ssref"]) for item in items] == [(1, "A123456"), (2, "A123456")]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (MERGE | {"client": "A0"}, 404, "not_found"),
        (MERGE | {"client": "A123456"}, 422, "same_client"),
        ({"client": "A654321", "into": "A123456"}, 422, "reason_wanted"),
        (MERGE | {"why": "?"}, 422, "invalid"),
        ({"client": "A654321"}, 422, "invalid"),
    ],
)
def test_the_api_refuses_what_cannot_be_merged(
    charged: ApiCouncil, body: dict[str, str], status: int, code: str
) -> None:
    answer = charged.api(COUNCIL).ask("POST", "/client-merges", json=body)
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_a_provider_cannot_merge_or_look(charged: ApiCouncil) -> None:
    for path in ("/client-merges", "/client-merges?preview=true"):
        answer = charged.api(DIAMOND).ask("POST", path, json=MERGE)
        assert answer.status_code == 404, answer.json
        assert "Lind" not in answer.text
    assert charged.browser("home_manager", DIAMOND).get("/clients/merge").status_code in (403, 404)
    assert charged.browser("approver").get("/clients/merge").status_code == 403


def test_an_officer_looks_for_two_clients_sees_the_money_and_merges_them(
    charged: ApiCouncil, officer: Browser
) -> None:
    page = officer.get("/clients/merge?client=lin&into=A123456").text
    assert "Lind (A654321)" in page
    address = "/clients/merge?client=A654321&into=A123456"
    shown = officer.get(address).text
    assert "Difference: <strong>−£15.00</strong>" in shown or "-£15.00" in shown, shown
    ids = [part for part in shown.split('"') if part.startswith("/clients/merge/")]
    (target,) = set(ids)
    assert officer.post(target, at=address, reason="").status_code == 400
    again = officer.post(target, at=address, reason="One person", seen="another")
    assert again.status_code == 400
    assert "look at it again" in again.text
    assert charged.council.books()["total_charges"] == "30.00"

    seen = shown.split('name="seen"')[1].split('value="')[1].split('"')[0]
    done = officer.post(target, at=address, reason="One NHS number", seen=seen)
    assert done.status_code == 303
    page = officer.get(done.location).text
    assert "Lind (A654321) was merged into this client" in page
    assert "One NHS number" in page
    assert "Known before as" in page
    assert charged.council.books()["total_charges"] == "15.00"
    assert officer.get("/clients/A654321").location == done.location
    assert officer.get(address).status_code == 400  # they are one already
    assert "Merged two clients" in charged.browser("finance").get("/audit").text


def test_a_name_that_nobody_has_is_said_to_be_unknown(officer: Browser) -> None:
    page = officer.get("/clients/merge?client=Nobody&into=A123456").text
    assert "No client is known so" in page

"""A provider that is renamed stays who it is, and whoever takes its name is somebody else (RULES 2, Who is who)."""

from __future__ import annotations

import json
import urllib.request
import uuid
from pathlib import Path
from typing import Any

import pytest

from libs.common.rpc import SYSTEM
from services.portal.accounts.tokens import steps as tokens_steps
from services.portal.care.imports import send_care_file
from services.portal.clients.matching import MatchingClient
from services.portal.web.names.organisations import Organisation
from tests.journeys.api_council import COUNCIL, DIAMOND, ApiCouncil, shared
from tests.journeys.test_import_in_two_steps import a_visit
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file
from tests.support.council.council import Council
from tests.support.run.waiting import wait_until
from tests.support.stack.stack import Stack

__all__ = ["shared"]

FAULTS = Path(__file__).parents[1] / "cases" / "faults"
REF, ANOTHER_REF = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
NEW_NAME = "Sapphire Home Care Ltd"


def test_a_company_that_takes_the_name_of_a_renamed_one_is_another_company(stack: Stack) -> None:
    case = FAULTS / "old-name-reused"
    elder = ("--organisation", "Elder Care Ltd")

    def read_items(token: str, path: str) -> list[Any]:
        url = f"{stack.notes().portal_url}/api/v1/{path}"
        asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(asked, timeout=10) as answer:
            found: list[Any] = json.load(answer)["items"]
        return found

    stack.ask("care", "import", case / "care-1.csv")
    stack.ask("visits", "import", case / "visits-1.csv", *elder, "--confirm")
    token = stack.ask("token", "add", *elder)["token"]
    assert stack.ask("care", "import", case / "care-2.csv")["renamed"] == {
        "organisations": [{"before": "Elder Care Ltd", "after": "Younger Care Ltd"}],
        "services": [],
    }
    by_the_former_name = stack.ask("token", "add", *elder)
    assert by_the_former_name["organisation"] == "Younger Care Ltd"
    account = ("user", "add", "--email", "jo@younger.example", "--role", "home_manager")
    assert stack.ask(*account, *elder)["organisation"] == "Younger Care Ltd"
    assert stack.ask("care", "import", case / "care-3.csv")["counts"]["new"] == 1
    stack.ask("visits", "import", case / "visits-3.csv", *elder, "--confirm")

    payable = stack.books()["payable"]
    assert {name: payable[name] for name in payable if "er Care Ltd" in name} == {
        "Younger Care Ltd": "20.00",
        "Elder Care Ltd": "20.00",
    }
    others = stack.ask("token", "add", *elder)["token"]
    for its, visits, cplis in (
        (token, ["M1"], [50]),
        (by_the_former_name["token"], ["M1"], [50]),
        (others, ["N1"], [60]),
    ):
        assert [one["ref"] for one in read_items(its, "visits")] == visits
        assert [one["cpli_id"] for one in read_items(its, "care-package-line-items")] == cplis
    listed = {one["organisation"] for one in stack.ask("token", "list")}
    assert {"Younger Care Ltd", "Elder Care Ltd"} <= listed
    (jo,) = [one for one in stack.ask("user", "list") if one["email"] == "jo@younger.example"]
    assert jo["organisation"] == "Younger Care Ltd"


def test_one_name_under_two_references_rejects_the_later_row(council: Council) -> None:
    document = council.import_care((FAULTS / "one-name-two-references" / "care.csv").read_bytes())
    (error,) = [one for one in document["errors"] if one["column"].startswith("Organisation")]
    assert (error["row"], error["code"]) == (3, "two_organisations")
    assert "row 2" in error["message"]


def care_named(name: str, ref: str = REF, cpli_id: int = 1, **cells: str) -> dict[str, str]:
    """A package of an organisation under this name."""
    named = {"OrganisationName": name, "OrganisationRef": ref, "UnitCost": "30.00"}
    return a_care_row(cpli_id, **{"SSRef": "A123456"} | named | cells)


@pytest.fixture
def a_council(shared: ApiCouncil) -> ApiCouncil:
    """Diamond with a week of visits, of which one is disputed, under its first name."""
    shared.start_anew()
    shared.council.import_care(a_care_file(care_named(DIAMOND)))
    wait_until(shared.council.is_settled, 30)
    shared.api(DIAMOND).file(a_file(a_visit("V1"), a_visit("V2")), confirm="true")
    shared.council.books()
    asked = {"reason": "Incorrect Data", "words": "Right?", "organisation": DIAMOND, "visits": ["V1"]}
    assert shared.api(COUNCIL).ask("POST", "/disputes", json=asked).status_code == 201
    return shared


def test_everything_follows_a_provider_under_its_new_name(a_council: ApiCouncil) -> None:
    manager = a_council.account("home_manager", DIAMOND)
    a_council.council.import_care(a_care_file(care_named(NEW_NAME)))
    wait_until(a_council.council.is_settled, 30)
    council, provider = a_council.api(COUNCIL), a_council.api(DIAMOND)
    assert a_council.council.books()["payable"] == {NEW_NAME: "60.00"}

    # What was there before, by the provider's token and by every name that the council gives.
    for asked in ({}, {"organisation": NEW_NAME}, {"organisation": DIAMOND}):
        for api in (council, provider):
            (dispute,) = api.get("/disputes", **asked).json["items"]
            assert dispute["organisation"] == NEW_NAME
            assert [one["ref"] for one in api.get("/visits", **asked).json["items"]] == ["V1", "V2"]
            assert api.get("/claims", **asked).status_code == 200
            (item,) = api.get("/payment-periods/2022-10-03/items", **asked).json["items"]
            assert (item["organisation"], item["amount"]) == (NEW_NAME, "60.00")
    for path in ("/disputes", "/visits", "/claims"):
        assert council.get(path, organisation="Nobody Ltd").status_code == 404

    # Files under either name, from accounts of before.
    again = provider.file(a_file(a_visit("V3", OrganisationName=DIAMOND), a_visit("V4")), confirm="true")
    assert again["counts"]["new"] == 2
    assert provider.file(a_file(a_visit("V5", OrganisationName=NEW_NAME, OrganisationRef=REF)))["counts"][
        "new"
    ]

    # Pages: the account of before says the new name, the council's filters find what is old.
    browser = a_council.browser_of(manager)
    assert NEW_NAME in browser.get("/").text
    assert NEW_NAME in browser.get("/account").text
    finance = a_council.browser("finance")
    for path in ("/disputes", "/worklist", "/claims", "/visits", "/unmatched"):
        page = finance.client.get(path, query_string={"organisation": NEW_NAME})
        assert page.status_code == 200
        assert NEW_NAME in page.text
        assert DIAMOND not in page.text
    assert "A123456" in finance.client.get("/disputes", query_string={"organisation": NEW_NAME}).text


def test_a_new_account_of_a_renamed_provider_sees_its_data(a_council: ApiCouncil) -> None:
    a_council.council.import_care(a_care_file(care_named(NEW_NAME)))
    gateway: Any = a_council.app.extensions["gateway"]
    for name in (NEW_NAME, DIAMOND):
        found = gateway.ask("matching", "find_organisation", SYSTEM, name=name)
        whose = Organisation(found["organisation_id"], found["name"])
        token = tokens_steps.add(a_council.parts, whose, days=1, made_by="a tester")
        assert whose.name == NEW_NAME
        assert len(a_council.with_token(token).get("/visits").json["items"]) == 2


def test_whoever_takes_a_freed_name_sees_nothing_of_the_one_before(a_council: ApiCouncil) -> None:
    both = care_named(NEW_NAME), care_named(DIAMOND, ANOTHER_REF, 2, SSRef="B1", ServiceName="Other - West")
    document = a_council.council.import_care(a_care_file(*both))
    assert (document["counts"]["new"], document["counts"]["rejected"]) == (1, 0)
    wait_until(a_council.council.is_settled, 30)
    gateway: Any = a_council.app.extensions["gateway"]
    found = gateway.ask("matching", "find_organisation", SYSTEM, name=DIAMOND)
    whose = Organisation(found["organisation_id"], found["name"])
    successor = a_council.with_token(tokens_steps.add(a_council.parts, whose, days=1, made_by="a tester"))
    for path in ("/visits", "/disputes"):
        assert successor.get(path).json["items"] == []
        assert a_council.api(COUNCIL).get(path, organisation=DIAMOND).json["items"] == []
        assert a_council.api(COUNCIL).get(path, organisation=NEW_NAME).json["items"] != []
    assert a_council.api(DIAMOND).get("/visits", organisation=DIAMOND).status_code == 404
    refused = a_council.api(DIAMOND).file(a_file(a_visit("V3", OrganisationName=DIAMOND)))
    assert refused["counts"]["rejected"] == 1


def test_claims_follow_a_service_under_its_new_name(shared: ApiCouncil) -> None:
    shared.start_anew()
    named = {"ServiceRef": "33333333-3333-4333-8333-333333333333"}
    shared.council.import_care(a_care_file(care_named(DIAMOND, ServiceName="Zone 6", **named)))
    wait_until(shared.council.is_settled, 30)
    provider = shared.api(DIAMOND)
    item = {"description": "One hour", "client": "A123456", "amount": "30.00"}
    item |= {"admitted_on": "2022-11-10", "resumed_on": "2022-11-13"}
    draft = {"service": "Zone 6", "financial_year": "2022/23", "items": [item]}
    claim: Any = provider.ask("POST", "/claims", json=draft).json
    manager = shared.browser("home_manager", DIAMOND)
    shared.council.import_care(a_care_file(care_named(DIAMOND, ServiceName="Zone 8", **named)))

    (listed,) = provider.get("/claims").json["items"]
    assert (listed["id"], listed["service"]) == (claim["id"], "Zone 8")
    assert provider.get(f"/claims/{claim['id']}").json["service"] == "Zone 8"
    page = manager.client.get("/claims", query_string={"service": "Zone 8", "year": "2022/23"})
    assert f"/claims/{claim['id']}" in page.text
    taker = care_named(
        DIAMOND, cpli_id=2, ServiceName="Zone 6", ServiceRef="44444444-4444-4444-8444-444444444444"
    )
    shared.council.import_care(a_care_file(taker))
    page = manager.client.get("/claims", query_string={"service": "Zone 6", "year": "2022/23"})
    assert f"/claims/{claim['id']}" not in page.text


def test_the_check_of_a_care_file_shows_who_is_renamed_and_changes_nothing_yet(a_council: ApiCouncil) -> None:
    gateway: Any = a_council.app.extensions["gateway"]
    officer: Any = {"who": "officer", "role": "council", "organisation": None, "staff": "finance"}
    content = a_care_file(care_named(NEW_NAME, ServiceRef=ANOTHER_REF)).encode()
    parts = a_council.app.extensions["accounts"]
    found = send_care_file(
        parts,
        officer,
        MatchingClient(gateway, officer),
        content,
        import_id=uuid.uuid4(),
        file_name="care.csv",
    )
    page = a_council.browser("commissioning")

    def read_page() -> str:
        return page.get(f"/care-imports/{found['id']}").text

    wait_until(lambda: "Check the file before you update" in read_page(), 30)
    text = read_page()
    assert "To be renamed" in text
    assert DIAMOND in text
    assert NEW_NAME in text
    assert a_council.council.books()["payable"] == {DIAMOND: "60.00"}


def test_a_row_that_is_rejected_renames_nobody(council: Council) -> None:
    council.import_care(
        a_care_file(care_named(DIAMOND), care_named(DIAMOND, cpli_id=2, SSRef="", ClientRef=REF))
    )
    of_two_clients = care_named(NEW_NAME, SSRef="A123456", ClientRef=REF)
    taker = care_named(DIAMOND, ANOTHER_REF, 3, SSRef="B1", ServiceName="Other - West")
    document = council.import_care(a_care_file(of_two_clients, taker))
    assert (document["state"], document["counts"]["rejected"]) == ("imported", 2)
    assert [(one["row"], one["code"]) for one in document["errors"]] == [
        (2, "two_clients"),
        (3, "two_organisations"),
    ]
    assert document["renamed"] == {"organisations": [], "services": []}

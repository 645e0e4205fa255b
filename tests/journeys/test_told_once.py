"""What the council says twice, by a double click or a try again, is told to the provider once (decision 12)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select

from libs.common.care.organisation_ids import organisation_id_of
from services.portal.letters import store as letters_store
from services.portal.schema.tables_letters import Letter
from tests.journeys.api_council import COUNCIL, ApiCouncil, shared
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.council.claims import CARE, DAPL, DIAMOND, FLANDERS, OF_DIAMOND, SPOT, flanders
from tests.support.portal.accounts import Browser
from tests.support.run.waiting import wait_until

__all__ = ["shared"]

VISIT = f"{organisation_id_of(DIAMOND)}/F2"
KINDS = ["disputes", "enquiries", "actions", "reviews", "claims", "invoices"]

Sends = Callable[[str], Any]
"""Sends a form with this id, and answers as the page does."""


@pytest.fixture(scope="module")
def a_council(shared: ApiCouncil) -> ApiCouncil:
    """A provider with visits, of whose people one wants every letter."""
    shared.council.import_care(CARE)
    wait_until(shared.council.is_settled, 30)
    shared.council.import_visits(DIAMOND, flanders())
    shared.council.books()
    shared.api(COUNCIL)  # a new token has letters of its own, which are of no test here
    account = shared.account("home_manager", DIAMOND)
    with shared.parts.sessions.begin() as transaction:
        letters_store.save_kinds(transaction, account.account_id, KINDS)
    return shared


@pytest.fixture
def officer(a_council: ApiCouncil) -> Browser:
    with a_council.parts.sessions.begin() as transaction:
        transaction.execute(delete(Letter))
    return a_council.browser("finance")


def list_letters(council: ApiCouncil) -> list[str]:
    with council.parts.sessions.begin() as transaction:
        return list(transaction.scalars(select(Letter.subject_line)))


def send_twice(sends: Sends) -> None:
    """Both answers lead on to the same page, and nothing is refused."""
    form_id = str(uuid.uuid4())
    first, second = (sends(form_id) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303), first.text
    assert first.location == second.location


def test_disputes_are_raised_written_in_and_resolved(a_council: ApiCouncil, officer: Browser) -> None:
    about = {"visit": VISIT, "reason": "Incorrect Data", "words": "Is this right?", "each": "client"}
    at = f"/raise-disputes?visit={VISIT}"
    send_twice(lambda one: officer.post("/raise-disputes", at=at, message_id=one, **about))
    assert list_letters(a_council) == ["The council has raised a dispute"]
    (found,) = a_council.api(DIAMOND).get("/disputes").json["items"]
    path = f"/disputes/{found['case_id']}"
    send_twice(lambda one: officer.post(path, message_id=one, move="", words="Please look."))
    assert list_letters(a_council)[1:] == ["The council has written in a dispute"]
    said = {"words": "It is.", "move": "request_resolution"}
    a_council.api(DIAMOND).ask("POST", f"{path}/messages", json=said)
    chosen = officer.post(
        "/bulk-actions/choose/resolve_disputes", at="/disputes", case=found["case_id"]
    ).location
    send_twice(lambda one: officer.post(chosen, message_id=one, words="Thank you."))
    assert list_letters(a_council)[2:] == ["The council has resolved a dispute"]
    assert "1 dispute resolved." in officer.get(chosen).text
    late = a_council.api(COUNCIL).ask(
        "POST", f"{path}/messages", json={"words": "Sure?", "move": "ask_again"}
    )
    assert late.json == {"status": "Resolved", "is_moved": False}
    assert list_letters(a_council)[3:] == ["The council has written in a dispute"]


def test_doubts_are_raised(a_council: ApiCouncil, officer: Browser) -> None:
    gateway: Any = a_council.app.extensions["gateway"]
    finance = {"who": "finance", "role": "council", "organisation": None, "staff": "finance"}
    figures = {
        "planned_seconds": 3600,
        "delivered_seconds": 0,
        "planned_cost": "23.77",
        "delivered_cost": "0.00",
    }
    row = {"cpli_id": 156024, "organisation_id": VISIT.partition("/")[0], "client": FLANDERS, **figures}
    sample = {"sample_id": str(uuid.uuid4()), "monday": "2022-11-07", "way": "largest_time", "size": 2}
    rows = [row, row | {"cpli_id": 156023, "client": "A332295"}]
    gateway.ask("disputes", "keep_sample", finance, rows=rows, out_of=2, **sample)
    ids = [
        one["doubt_id"] for one in gateway.ask("disputes", "doubts", finance, sample_id=sample["sample_id"])
    ]
    at = f"/worklist/raise?doubt={ids[0]}&doubt={ids[1]}"
    send_twice(lambda one: officer.post(at, form_id=one, words_0="Is this right?"))
    assert list_letters(a_council) == ["The council has raised 2 disputes"]


def test_actions_are_begun_and_answered(a_council: ApiCouncil, officer: Browser) -> None:
    asked = {"cpli_id": "156024", "subject": "The end date", "words": "When did it end?"}
    send_twice(lambda one: officer.post("/actions/new", message_id=one, **asked))
    (begun,) = a_council.api(DIAMOND).get("/actions").json["items"]
    path = f"/actions/{begun['case_id']}"
    send_twice(
        lambda one: officer.post(f"{path}/messages", at=path, message_id=one, move="", words="Please.")
    )
    assert len(list_letters(a_council)) == 2, list_letters(a_council)


def test_enquiries_are_answered(a_council: ApiCouncil, officer: Browser) -> None:
    asked = {"client": FLANDERS, "week": "2022-11-07", "words": "Nothing came."}
    begun: Any = a_council.api(DIAMOND).ask("POST", "/enquiries", json=asked).json
    path = f"/enquiries/{begun['case_id']}"
    send = {"at": path, "move": "answer", "words": "It comes."}
    send_twice(lambda one: officer.post(f"{path}/messages", message_id=one, **send))
    assert len(list_letters(a_council)) == 1, list_letters(a_council)


def test_claims_are_decided(a_council: ApiCouncil, officer: Browser) -> None:
    provider = a_council.api(DIAMOND)
    item = {"description": "One hour missed", "client": FLANDERS, "amount": "11.89"}
    item |= {"admitted_on": "2022-11-10", "resumed_on": "2022-11-13"}
    claim: Any = provider.ask("POST", "/claims", json={"service": DAPL, "items": [item]}).json
    path = f"/claims/{claim['id']}"
    provider.ask("POST", f"{path}/submit")
    seen = {"at": path, "move": "reject", "words": "It was respite."}
    send_twice(lambda one: officer.post(f"{path}/notes", message_id=one, **seen))
    assert list_letters(a_council) == [f"The council has rejected your one-off claim {claim['number']}"]


def test_invoices_are_submitted_and_decided(a_council: ApiCouncil, officer: Browser) -> None:
    care = {"ServiceName": SPOT, "Contract": "Spot", "PaymentMethod": "Invoice", "SSRef": "INV9"}
    a_council.council.import_care(a_care_file(a_care_row(156027, **OF_DIAMOND | care)))
    a_council.council.books()
    asked = {"start": "2022-10-03", "contract": "Spot", "number": "Once 1"}
    made: Any = a_council.api(DIAMOND).ask("POST", "/invoices", json=asked).json
    path, clerk = f"/invoices/{made['id']}", a_council.browser("accounts_payable", DIAMOND)
    send_twice(lambda one: clerk.post(f"{path}/submit", at=path, form_id=one))
    assert "done with it" not in clerk.get(path).text
    send_twice(lambda one: officer.post(f"{path}/accept", at=path, form_id=one, gross=made["gross"]))
    assert "done with it" not in officer.get(path).text
    assert list_letters(a_council) == ["Invoice Once 1 is accepted"]
    credit: Any = a_council.api(DIAMOND).ask(
        "POST",
        f"{path}/credits",
        json={"cpli_id": 156027, "week": "2022-10-03", "amount": "1.00", "reason": "Too much"},
    )
    assert credit.status_code == 201, credit.json
    path = f"/invoices/{credit.json['id']}"
    clerk.post(f"{path}/submit", at=path)
    chosen = {"chosen": f"{credit.json['id']}_-1.00", "decision": "reject", "reason": "Not agreed"}
    at = "/invoices?state=Pending"
    form_id = str(uuid.uuid4())
    for _ in range(2):
        officer.post("/invoices/several", at=at, form_id=form_id, **chosen)
        assert "1 invoice or credit note rejected." in officer.get("/invoices").text
    assert list_letters(a_council)[1:] == ["Credit note Once 1/C1 is rejected"]


def test_what_failed_before_its_letter_is_told_when_it_is_sent_again(
    a_council: ApiCouncil, officer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: Any = a_council.api(DIAMOND).ask("POST", "/actions", json={"subject": "B", "words": "Look"}).json
    path, message_id = f"/actions/{begun['case_id']}", str(uuid.uuid4())

    def fails(*_: Any) -> Any:
        raise OSError("the process dies")

    with monkeypatch.context() as broken:
        broken.setattr(letters_store, "subscribers", fails)
        answer = officer.post(f"{path}/messages", at=path, message_id=message_id, move="close")
    assert answer.status_code == 500
    assert list_letters(a_council) == []
    assert officer.post(f"{path}/messages", at=path, message_id=message_id, move="close").status_code == 303
    assert len(list_letters(a_council)) == 1

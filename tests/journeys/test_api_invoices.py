"""/api/v1/invoices, …/contract-terms and …/vat-rates, as another system uses them (RULES 13, DESIGN 4.2)."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from services.portal.letters import store as letters_store
from services.portal.schema.tables_letters import Letter
from tests.journeys.api_council import COUNCIL, DIAMOND, PEARL, Api, ApiCouncil, shared
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.portal.pdf_text import pdf_text

__all__ = ["shared"]

PERIOD, WEEK = "2022-10-03", "2022-10-03"
BY_INVOICE = {
    "PaymentMethod": "Invoice",
    "Contract": "Spot",
    "StartDate": "03/10/2022",
    "EndDate": "09/10/2022",
    "UnitCost": "23.226",
}
COLLECTED = {"AssessedContribution": "56.20", "ContributionCollectedBy": "Provider"}
PDF = b"%PDF-1.7\n%%EOF\n"
NUMBERS = (f"API {n}" for n in range(1, 100))


@pytest.fixture(scope="module")
def council(shared: ApiCouncil) -> ApiCouncil:
    """Diamond has two packages that are paid by invoice: 116.13 less 56.20 collected, and 81.29."""
    shared.council.import_care(
        a_care_file(
            a_care_row(1, **BY_INVOICE | COLLECTED | {"Quantity": "5", "Forename": "Ada"}),
            a_care_row(2, **BY_INVOICE | {"Quantity": "3.5", "SSRef": "A200"}),
            a_care_row(3, OrganisationName=PEARL, ServiceName="Pearl - APL", Contract="APL", SSRef="B1"),
        )
    )
    shared.council.books()
    return shared


@pytest.fixture
def diamond(council: ApiCouncil) -> Api:
    return council.api(DIAMOND)


def make(diamond: Api, **facts: Any) -> dict[str, Any]:
    """An invoice of all that is owed."""
    body = {"start": PERIOD, "contract": "Spot", "number": next(NUMBERS)} | facts
    answer = diamond.ask("POST", "/invoices", json=body)
    assert answer.status_code == 201, answer.json
    found: dict[str, Any] = answer.json
    return found


def reject(council: ApiCouncil, invoice: dict[str, Any]) -> None:
    """So that another can be made."""
    about = {"json": {"reason": "Not agreed"}}
    assert council.api(COUNCIL).ask("POST", f"/invoices/{invoice['id']}/reject", **about).status_code == 200


def test_an_invoice_goes_from_its_preview_to_money(council: ApiCouncil, diamond: Api) -> None:
    officer = council.api(COUNCIL)
    due = diamond.get("/invoices/to-invoice", start=PERIOD).json["items"]
    assert [(one["cpli_id"], one["kind"], one["difference"]) for one in due] == [
        (1, "cost", "116.13"),
        (1, "income", "-56.20"),
        (2, "cost", "81.29"),
    ]
    preview = diamond.get("/invoices/preview", start=PERIOD, contract="Spot").json
    assert (preview["net"], preview["vat"], preview["gross"]) == ("141.22", "0.00", "141.22")
    key = {"Idempotency-Key": uuid.uuid4().hex}
    body = {"start": PERIOD, "contract": "Spot", "number": "API 0"}
    first, again = (diamond.ask("POST", "/invoices", json=body, headers=key) for _ in range(2))
    assert (first.status_code, first.json) == (201, again.json)
    place = f"/invoices/{first.json['id']}"
    assert diamond.ask("POST", f"{place}/submit").json["state"] == "Pending"
    other = officer.ask("POST", f"{place}/accept", json={"gross": "141.21"})
    assert (other.status_code, other.json["code"]) == (409, "seen_another")
    assert diamond.ask("POST", f"{place}/accept", json={"gross": "141.22"}).status_code == 404
    accepted = officer.ask("POST", f"{place}/accept", json={"gross": "141.22"}).json
    assert (accepted["state"], accepted["posted_in"]) == ("Accepted", PERIOD)
    assert council.council.books()["payable"][DIAMOND] == "197.42"

    facts = {"cpli_id": 2, "week": WEEK, "amount": "81.30", "reason": "Twice"}
    refused = diamond.ask("POST", f"{place}/credits", json=facts)
    assert (refused.status_code, refused.json["code"], refused.json["left"]) == (422, "too_much", "81.29")
    credit = diamond.ask("POST", f"{place}/credits", json=facts | {"amount": "81.29"}).json
    assert (credit["number"], credit["credits"], credit["gross"]) == ("API 0/C1", "API 0", "-81.29")
    diamond.ask("POST", f"/invoices/{credit['id']}/submit")
    officer.ask("POST", f"/invoices/{credit['id']}/accept", json={"gross": "-81.29"})
    assert council.council.books()["payable"][DIAMOND] == "116.13"
    assert [one["difference"] for one in diamond.get("/invoices/to-invoice", start=PERIOD).json["items"]] == [
        "81.29"
    ]
    listed = diamond.get("/invoices", state="Accepted", limit="1")
    assert [one["number"] for one in listed.json["items"]] == ["API 0/C1"]
    rest = diamond.get("/invoices", state="Accepted", cursor=listed.json["next_cursor"]).json["items"]
    assert [one["number"] for one in rest] == ["API 0"]
    assert council.api(PEARL).get("/invoices").json["items"] == []
    assert council.api(PEARL).get(place).status_code == 404


def test_what_is_asked_twice_with_one_key_is_done_once_and_answered_the_same(
    council: ApiCouncil, diamond: Api
) -> None:
    officer, place = council.api(COUNCIL), f"/invoices/{make(diamond)['id']}"
    gross = diamond.get(place).json["gross"]
    for api, move, body, other in (
        (diamond, "submit", None, {"x": "y"}),
        (officer, "accept", {"gross": gross}, {"gross": "1.00"}),
    ):
        key = {"Idempotency-Key": uuid.uuid4().hex}
        first, again = (api.ask("POST", f"{place}/{move}", json=body, headers=key) for _ in range(2))
        assert (first.status_code, again.status_code, first.json) == (200, 200, again.json)
        assert again.headers["Idempotency-Replayed"] == "true"
        refused = api.ask("POST", f"{place}/{move}", json=other, headers=key)
        assert (refused.status_code, refused.json["code"]) == (422, "key_used")
    line = next(one for one in first.json["lines"] if one["kind"] == "cost")
    facts = {"cpli_id": line["cpli_id"], "week": line["week"], "amount": line["left"], "reason": "Twice"}
    credit = diamond.ask("POST", f"{place}/credits", json=facts).json
    diamond.ask("POST", f"/invoices/{credit['id']}/submit")
    key = {"Idempotency-Key": uuid.uuid4().hex}
    about = {"json": {"reason": "Not agreed"}, "headers": key}
    first, again = (officer.ask("POST", f"/invoices/{credit['id']}/reject", **about) for _ in range(2))
    assert (first.json["state"], first.json) == ("Rejected", again.json)
    about["json"] = {"reason": "Another"}
    refused = officer.ask("POST", f"/invoices/{credit['id']}/reject", **about)
    assert (refused.status_code, refused.json["code"]) == (422, "key_used")
    credit = diamond.ask("POST", f"{place}/credits", json=facts).json
    diamond.ask("POST", f"/invoices/{credit['id']}/submit")
    officer.ask("POST", f"/invoices/{credit['id']}/accept", json={"gross": credit["gross"]})


def test_it_is_taken_along_as_csv_and_pdf(council: ApiCouncil, diamond: Api) -> None:
    invoice = make(diamond)
    rows = list(csv.DictReader(io.StringIO(diamond.get(f"/invoices/{invoice['id']}.csv").text)))
    assert [(row["CpliId"], row["LineKind"], row["Amount"]) for row in rows] == [("2", "cost", "81.29")]
    answer = diamond.get(f"/invoices/{invoice['id']}.pdf")
    assert answer.mimetype == "application/pdf"
    assert invoice["number"] in pdf_text(answer.data)
    assert diamond.ask("DELETE", f"/invoices/{invoice['id']}").json["number"] == invoice["number"]
    assert diamond.get(f"/invoices/{invoice['id']}").status_code == 404


def test_an_invoice_with_vat_needs_a_number_and_a_pdf(council: ApiCouncil, diamond: Api) -> None:
    officer = council.api(COUNCIL)
    rate = {"organisation": DIAMOND, "service": "Diamond Home Care - DAPL Oxford", "rate": "20"}
    refused = officer.ask("PUT", "/vat-rates", json=rate)
    assert refused.json["code"] == "needs_invoice_terms"
    terms = officer.ask("PUT", "/contract-terms/Spot", json={"terms": "invoice", "start": PERIOD}).json
    assert terms["items"] == [{"contract": "Spot", "from_period": PERIOD, "terms": "invoice"}]
    assert officer.ask("PUT", "/vat-rates", json=rate).json["items"] == [rate]
    with psycopg.connect(council.council.schemas.admin_url) as connection:
        told = connection.execute(
            "SELECT old, new FROM portal.evidence WHERE kind = 'changed' AND action LIKE 'api.set%' ORDER BY at DESC"
        ).fetchall()
    assert told[0] == ({"vat rates": []}, {"vat rates": [rate]})
    assert told[1] == ({"contract terms": []}, {"contract terms": terms["items"]})
    assert diamond.ask("PUT", "/vat-rates", json=rate).status_code == 404
    invoice = make(diamond)
    assert (invoice["vat"], invoice["gross"]) == ("16.26", "97.55")
    place = f"/invoices/{invoice['id']}"
    assert diamond.ask("POST", f"{place}/submit").json["code"] == "vat_number_missing"
    words = [
        diamond.ask(
            "POST",
            "/attachments",
            query_string={"name": name},
            data=content,
            content_type="application/octet-stream",
        ).json["attachment"]
        for name, content in (("vat.pdf", PDF), ("vat.txt", b"an invoice"))
    ]
    for body, code in (
        ({"vat_number": "980 7806 85", "attachment": words[0]}, "invalid_vat_number"),
        ({"vat_number": "980 7806 84", "attachment": words[1]}, "not_a_pdf"),
        ({"vat_number": "980 7806 84", "attachment": "nothing"}, "no_such_file"),
    ):
        assert diamond.ask("PUT", f"{place}/vat-invoice", json=body).json["code"] == code
    body = {"vat_number": "980 7806 84", "attachment": words[0]}
    attached = diamond.ask("PUT", f"{place}/vat-invoice", json=body).json
    assert (attached["vat_number"], attached["attachment"]) == ("GB980780684", "vat.pdf")
    assert officer.get(f"{place}/vat-invoice").data == PDF
    assert diamond.ask("POST", f"{place}/submit").json["state"] == "Pending"
    reject(council, invoice)
    assert officer.ask("PUT", "/vat-rates", json=rate | {"rate": "0"}).status_code == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"number": "API 0"}, "number_taken"),
        ({"start": "2022-10-10"}, "not_a_period"),
        ({"contract": "None"}, "unknown_contract"),
        ({"start": "2022-09-05"}, "nothing_to_invoice"),
    ],
)
def test_what_can_not_be_made_says_why(diamond: Api, body: dict[str, str], code: str) -> None:
    asked = {"start": PERIOD, "contract": "Spot", "number": next(NUMBERS)} | body
    answer = diamond.ask("POST", "/invoices", json=asked)
    assert (answer.status_code in (404, 422), answer.json["code"]) == (True, code)


def test_who_wants_to_know_is_told_once_what_was_decided(council: ApiCouncil, diamond: Api) -> None:
    subscribed, other = council.account("accounts_payable", DIAMOND), council.account("home_manager", PEARL)
    with council.parts.sessions.begin() as transaction:
        for account in (subscribed, other):
            letters_store.save_kinds(transaction, account.account_id, ["invoices"])
    invoice = make(diamond)
    assert diamond.ask("POST", f"/invoices/{invoice['id']}/submit").status_code == 200
    reject(council, invoice)
    with council.parts.sessions.begin() as transaction:
        letters = list(transaction.scalars(select(Letter.subject_line)))
    assert letters.count(f"Invoice {invoice['number']} is rejected") == 1

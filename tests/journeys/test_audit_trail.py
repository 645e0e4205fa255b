"""The audit trail says of each doing amount, provider, contract and outcome, with links, page by page and as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import uuid
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.errors import ServiceUnavailable
from libs.common.rights import names as rights
from services.portal.audit import pages as audit_pages
from services.portal.audit import views as audit_views
from services.portal.clients.gateway import Gateway
from tests.journeys.api_council import COUNCIL, DIAMOND, PEARL, ApiCouncil, shared
from tests.journeys.test_import_in_two_steps import a_visit
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, an_undelivered_row
from tests.support.portal.accounts import Browser
from tests.support.run.waiting import wait_until

__all__ = ["shared"]

CARE = a_care_file(
    a_care_row(1, SSRef="A123456"),
    a_care_row(2, SSRef="B1", OrganisationName=PEARL, ServiceName="Pearl - APL", Contract="APL"),
)
WEEK = "2022-10-03"
FORMULA = "=1+1"

Row = dict[str, str]


@pytest.fixture(scope="module")
def a_council(shared: ApiCouncil) -> ApiCouncil:
    """Two providers with care; the first with a visit of an hour, £20.00."""
    shared.council.import_care(CARE)
    wait_until(shared.council.is_settled, 30)
    shared.council.import_visits(DIAMOND, a_file(a_visit("V1")))
    assert shared.council.books()["total_payable"] == "20.00"
    return shared


@pytest.fixture(scope="module")
def finance(a_council: ApiCouncil) -> Browser:
    return a_council.browser("finance")


def trail(who: Browser, **query: str) -> list[Row]:
    """The trail's rows, the newest first, as the CSV has them."""
    answer = who.client.get("/audit/trail.csv", query_string=query)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv"), answer.text
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


def newest(who: Browser, words: str) -> tuple[str, ...]:
    """Provider, contract, amount, how it ended and what came of it, of the newest doing that is called so."""
    row = next(row for row in trail(who) if row["What was done"] == words)
    return tuple(row[name] for name in ("Provider", "Contract", "Amount", "How it ended", "Outcome"))


def items(council: ApiCouncil) -> list[Any]:
    found: Any = council.api(DIAMOND).get(f"/payment-periods/{WEEK}/items").json
    return list(found["items"])


def test_holds_adjustments_and_finalising_say_money_provider_and_contract(
    a_council: ApiCouncil, finance: Browser
) -> None:
    hold = f"/payments/holds/1/{WEEK}"
    said = {"owner": "me@council.example", "reason": "The rate is looked into"}
    finance.post(f"{hold}/hold", kind="suspend", charge="", seen="0", **said)
    assert newest(finance, "Held a week of care") == (DIAMOND, "DAPL", "20.00", "Done", "Suspended")
    finance.post(f"{hold}/release", charge="keep", reason="It is right", seen="1")
    assert newest(finance, "Released a week of care") == (DIAMOND, "DAPL", "20.00", "Done", "Released")
    a_council.council.books()

    (item,) = items(a_council)
    place = f"/payments/items/{item['item_id']}/hold?period={WEEK}&status=payable"
    seen = re.search(r'name="seen_moves"[^>]*value="(\d+)"', finance.get(place).text)
    assert seen
    finance.post(place, move="split", instalments="2", seen_moves=seen[1], **said)
    shown = newest(finance, "Held, split or released a payment item")
    assert shown == (DIAMOND, "DAPL", "20.00", "Done", "Split into instalments")

    about = {"organisation": PEARL, "contract": "APL", "client": "", "cpli_id": "", "reason": "Fuel"}
    for amount, outcome in (("-12.50", "Posted"), ("5000.00", "Proposed")):
        fields = about | {"amount": amount, "adjustment_id": str(uuid.uuid4())}
        assert finance.post(f"/payments/{WEEK}/adjustment", **fields).status_code == 303
        done = newest(finance, "Posted or proposed a manual adjustment")
        assert done == (PEARL, "APL", amount, "Done", outcome)


def test_two_people_s_decisions_say_what_they_were_about(a_council: ApiCouncil, finance: Browser) -> None:
    approver = a_council.browser("approver")
    (proposal,) = re.findall(r'href="(/proposals/[0-9a-f-]{36})"', finance.get("/proposals").text)
    wait_until(lambda: "being worked out" not in approver.get(proposal).text, 30)
    assert approver.post(f"{proposal}/approve", at=proposal).status_code == 303
    assert newest(finance, "Approved a proposal") == (PEARL, "APL", "5000.00", "Done", "Approved")
    a_council.council.books()
    run_id = str(uuid.uuid4())
    finance.post(f"/payments/{WEEK}/run", contract="DAPL", run_id=run_id)
    assert newest(finance, "Prepared a payment run") == ("", "DAPL", "10.00", "Done", "Prepared")
    approver.post(f"/payments/runs/{run_id}/reject", reason="Not yet")
    assert newest(finance, "Rejected a payment run") == ("", "DAPL", "10.00", "Done", "Rejected")
    approver.post(f"/payments/runs/{run_id}/approve", at="/account/password")
    shown = newest(finance, "Approved a payment run")
    assert shown[:4] == ("", "DAPL", "10.00", "Refused")
    assert shown[4].endswith(".")


def test_files_claims_and_disputes_say_whose_they_are_and_what_became_of_them(
    a_council: ApiCouncil, finance: Browser
) -> None:
    file = a_council.api(DIAMOND).file(a_file(a_visit("V2", PlannedVisitDate="04/10/2022")), confirm="true")
    shown = newest(finance, "Sent a visits file")
    assert (shown[0], shown[2:]) == (DIAMOND, ("20.00", "Done", "Applied"))
    assert trail(finance, named=file["id"])[0]["Who"].startswith("token ")

    days = {"PlannedVisitDate": "05/10/2022", "SSRef": "A123456"}
    a_council.council.import_visits(DIAMOND, a_file(an_undelivered_row(VisitRef="H1", VisitType="H", **days)))
    a_council.council.books()
    item = {"description": "In hospital", "client": "A123456", "amount": "10.00", "admitted_on": "2022-10-05"}
    body = {"service": "Diamond Home Care - DAPL Oxford", "items": [item]}
    claim: Any = a_council.api(DIAMOND).ask("POST", "/claims", json=body).json
    a_council.api(DIAMOND).ask("POST", f"/claims/{claim['id']}/submit")
    assert newest(finance, "Submitted a one-off claim") == (DIAMOND, "DAPL", "10.00", "Done", "Pending")
    a_council.api(COUNCIL).ask("POST", f"/claims/{claim['id']}/reject", json={"reason": "Not a stay"})
    shown = newest(finance, "Rejected a one-off claim")
    assert shown == (DIAMOND, "DAPL", "10.00", "Done", "Rejected")

    asked = {"organisation": DIAMOND, "visits": ["V1"], "reason": "Incorrect Data", "words": "Why?"}
    raised: Any = a_council.api(COUNCIL).ask("POST", "/disputes", json=asked).json
    assert newest(finance, "Raised disputes")[0] == DIAMOND, raised
    case_id = raised["items"][0]["case_id"]
    a_council.api(DIAMOND).ask("POST", f"/disputes/{case_id}/messages", json={"words": "So it was"})
    shown = newest(finance, "Wrote in a dispute, or moved it on")
    assert (shown[0], shown[3:]) == (DIAMOND, ("Done", "In Dispute"))


def test_visits_care_and_tokens_say_what_they_were_done_on(a_council: ApiCouncil, finance: Browser) -> None:
    whose = f"?organisation={DIAMOND}"
    page = f"/delete-visit/V2{whose}"
    assert finance.post(page, reason="Duplicate Visit", version="1").status_code in (200, 303, 400)
    row = next(row for row in trail(finance) if row["What was done"] == "Deleted a visit")
    assert (row["On what"], row["Provider"]) == ("Visit V2", DIAMOND)
    finance.post("/tokens", days="30", purpose="Ledger", scopes=rights.READ_PAYMENTS)
    row = next(row for row in trail(finance) if row["What was done"] == "Issued an API token")
    assert re.fullmatch(r"Token [0-9a-f]{16}", row["On what"])


def test_things_are_linked_for_whoever_may_see_them(a_council: ApiCouncil, finance: Browser) -> None:
    page = finance.get("/audit").text
    for link in (
        r'href="/payments/holds/1/2022-10-03"[^>]*>CPLI 1, Mon 3 to Sun 9 Oct 2022<',
        r'href="/payments/items/[0-9a-f-]{36}"[^>]*>Payment item ',
        r'href="/payments/runs/[0-9a-f-]{36}"[^>]*>Payment run ',
        r'href="/payments/2022-10-03"[^>]*>Payment period 3 Oct 2022 to 30 Oct 2022<',
        r'href="/proposals/[0-9a-f-]{36}"[^>]*>Proposal ',
        r'href="/claims/[0-9a-f-]{36}"[^>]*>One-off claim ',
        r'href="/disputes/[0-9a-f-]{36}"[^>]*>Dispute ',
        r'href="/visits-files/[0-9a-f-]{36}"[^>]*>Visits file ',
        r'href="/visits/V2\?organisation=Diamond\+Home\+Care\+Ltd"[^>]*>Visit V2<',
    ):
        assert re.search(link, page), link
    for href in set(re.findall(r'href="(/(?!audit|static|council)[^"#]+)"', page.partition("<tbody")[2])):
        assert finance.get(href.replace("&amp;", "&")).status_code == 200, href
    helpdesk = a_council.browser("helpdesk").get("/audit").text
    assert "Payment run " in helpdesk
    assert 'href="/payments/runs/' not in helpdesk


def test_the_trail_is_limited_by_provider_and_by_what_came_of_it(
    a_council: ApiCouncil, finance: Browser
) -> None:
    pearls = trail(finance, organisation=PEARL)
    assert {row["Provider"] for row in pearls} == {PEARL}
    assert {row["What was done"] for row in pearls} == {
        "Posted or proposed a manual adjustment",
        "Approved a proposal",
    }
    assert {row["How it ended"] for row in trail(finance, ending="refused")} == {"Refused"}
    kinds = {row["Kind"] for row in trail(finance, what="claims")}
    assert kinds == {"One-off claims"}
    page = finance.get("/audit").text
    choices = re.search(r'<select[^>]*id="what".*?</select>', page, re.DOTALL)
    assert choices
    assert 5 < choices[0].count("<option") <= 14
    assert f'<option value="{DIAMOND}"' in page
    assert finance.client.get("/audit/trail.csv?organisation=Nobody").status_code == 422


def test_the_file_is_named_by_its_days_and_its_cells_run_nowhere(
    a_council: ApiCouncil, finance: Browser
) -> None:
    a_council.api(DIAMOND).ask("DELETE", f"/visits/{FORMULA}", json={"reason": "Duplicate Visit"})
    (row,) = trail(finance, named=FORMULA)
    assert row["On what"] == f"Visit {FORMULA}"
    days = {"since": "2022-10-03", "until": "2022-10-09"}
    answer = finance.client.get("/audit/trail.csv", query_string=days)
    today = dt.date.today().isoformat()
    name = f"attachment; filename=audit-trail_2022-10-03-to-2022-10-09_as-at-{today}.csv"
    assert answer.headers["Content-Disposition"] == name
    assert list(csv.DictReader(io.StringIO(answer.text))) == []
    for query, part in (
        ({}, "=audit-trail_as-at-"),
        ({"until": "2022-10-09"}, "=audit-trail-to-2022-10-09_as-at-"),
        (
            {"since": "2022-10-03", "organisation": DIAMOND},
            f"=audit-trail_Diamond-Home-Care-Ltd_2022-10-03-to-{today}_",
        ),
    ):
        answer = finance.client.get("/audit/trail.csv", query_string=query)
        assert part in answer.headers["Content-Disposition"]


def test_pages_go_both_ways_and_the_file_holds_all(
    a_council: ApiCouncil, finance: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [row["Reference"] for row in trail(finance)]
    monkeypatch.setattr(audit_pages, "SHOWN", 5)
    monkeypatch.setattr(audit_views, "ROWS_A_PART", 3)
    assert [row["Reference"] for row in trail(finance)] == every

    def rows_of(page: str) -> int:
        return page.partition("<tbody")[2].partition("</tbody>")[0].count("<tr")

    def link(page: str, words: str) -> str | None:
        found = re.search(rf'href="(/audit\?[^"]+)"(?:(?!</a>).)*{words}', page, re.DOTALL)
        return found[1].replace("&amp;", "&") if found else None

    first = finance.get("/audit").text
    assert link(first, "Later entries") is None
    forward = [first]
    while address := link(forward[-1], "Earlier entries"):
        forward.append(finance.get(address).text)
    assert sum(map(rows_of, forward)) == len(every)
    assert len(forward) > 2
    back = [forward[-1]]
    while address := link(back[-1], "Later entries"):
        back.append(finance.get(address).text)
    assert "<tbody" in back[-1]
    assert link(back[-1], "Later entries") is None
    assert _entries(back[-1]) == _entries(first)


def _entries(page: str) -> str:
    return page.partition("<tbody")[2].partition("</tbody>")[0]


def test_what_services_can_not_say_is_left_out_and_what_was_done_is_recorded(
    a_council: ApiCouncil, finance: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway: Gateway = a_council.app.extensions["gateway"]

    def away(*_: Any, **__: Any) -> Any:
        raise ServiceUnavailable("it is away")

    monkeypatch.setattr(gateway, "ask_quickly", away)
    finance.post(f"/payments/holds/1/{WEEK}/charge", charge="keep", reason="Agreed", seen="2")
    monkeypatch.undo()
    row = trail(finance)[0]
    assert (row["What was done"], row["How it ended"]) == ("Decided about the charge of a held week", "Done")
    assert (row["On what"], row["Provider"]) == ("CPLI 1, Mon 3 to Sun 9 Oct 2022", "")


def test_nothing_private_is_in_the_trail(a_council: ApiCouncil) -> None:
    with a_council.parts.sessions.begin() as transaction:
        kept = str(transaction.execute(text("SELECT * FROM audit NATURAL LEFT JOIN audit_ends")).fetchall())
    assert [
        one for one in ("The rate is looked into", "me@council.example", "Not a stay") if one in kept
    ] == []

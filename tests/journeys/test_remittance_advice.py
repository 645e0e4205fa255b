"""One remittance advice by every way to it, through all services (RULES 8, 15)."""

from __future__ import annotations

import csv
import io
import re

import pytest
from werkzeug.test import TestResponse

from tests.journeys.api_council import COUNCIL, DIAMOND, PEARL, ApiCouncil, shared
from tests.journeys.reported_council import diamond, officer, pdf_words, pearl, reported, rows_of, words_of
from tests.support.portal.accounts import Browser

__all__ = ["diamond", "officer", "pearl", "reported", "shared"]

REMITTANCE_COLUMNS = (
    "Organisation,Client,Kind,CostOrIncome,Reason,From,To,Value,"
    "ClientName,Service,Contract,Number,PaidOn,Status,Council"
)


def remittance_faces(reported: ApiCouncil, browser: Browser, of_whom: str, ending: str) -> list[TestResponse]:
    """The one remittance by each way to it: report, payment period, API."""
    api = reported.api(of_whom)
    return [
        browser.client.get(f"/reports/remittance-advice{ending}", query_string={"period": "2022-10-03"}),
        browser.client.get(f"/payments/2022-10-03/remittance{ending}"),
        *([api.get(f"/payment-periods/2022-10-03/remittance{ending}")] if ending else []),
    ]


@pytest.mark.parametrize("whose", [COUNCIL, PEARL])
@pytest.mark.parametrize("ending", [".csv", ".pdf"])
def test_a_remittance_is_one_file_by_every_way_to_it(
    reported: ApiCouncil, pearl: Browser, officer: Browser, whose: str, ending: str
) -> None:
    browser = officer if whose == COUNCIL else pearl
    answers = remittance_faces(reported, browser, whose, ending)
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len({answer.get_data() for answer in answers}) == 1
    (name,) = {answer.headers["Content-Disposition"] for answer in answers}
    provider = "" if whose == COUNCIL else "Pearl-Carers-Ltd_"
    assert re.fullmatch(
        f"attachment; filename=remittance-advice_{provider}2022-10-03-to-2022-10-30_as-at-[0-9-]{{10}}{ending}",
        name,
    )


def test_a_remittance_names_clients_and_has_subtotals_number_and_state(
    reported: ApiCouncil, pearl: Browser
) -> None:
    (answer, *_) = remittance_faces(reported, pearl, PEARL, ".csv")
    content = answer.data.decode("utf-8-sig")
    assert answer.text.startswith("\ufeff")
    assert content.splitlines()[0] == REMITTANCE_COLUMNS
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    shown = ("Client", "ClientName", "CostOrIncome", "From", "To", "Value", "PaidOn", "Status")
    assert [tuple(row[name] for name in shown) for row in rows] == [
        ("B1", "Ms Zażółć O’Brien-Щерба", "cost", "2022-10-03", "2022-10-09", "10.00", "", "Not final"),
        ("B1", "Ms Zażółć O’Brien-Щерба", "income", "2022-10-03", "2022-10-09", "-4.00", "", "Not final"),
    ]
    number = rows[0]["Number"]
    assert re.fullmatch("RA-20221003-[0-9A-F]{8}", number)
    facts = f"Council Caretally Provider {PEARL} Number {number} Payment period 3 Oct 2022 to 30 Oct 2022"
    line = "B1 Ms Zażółć O’Brien-Щерба Cost Cost Care delivered 3 Oct 2022 9 Oct 2022 £10.00"
    for page in remittance_faces(reported, pearl, PEARL, ""):
        words = " ".join(re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2]).split())
        for part in (
            "Not final: the payment period is current",
            f"{facts} Date paid Not paid yet",
            line,
            "Pearl - APL in all £6.00",
            "Payable so far £6.00",
        ):
            assert part in words
        assert "Remitted in all" not in words
    printed = pdf_words(pearl, "/payments/2022-10-03/remittance.pdf").splitlines()
    for piece in (
        "Remittance Advice",
        f"Provider: {PEARL}",
        f"Number: {number}",
        "Payment period: 3 Oct 2022 to 30 Oct 2022",
        "Date paid: Not paid yet",
        "Not final: the payment period is current, and what it comes to may still change.",
        "Ms Zażółć O’Brien-Щерба",
        "3 Oct 2022",
        "−£4.00",
        "Pearl - APL in all",
        "Payable so far: £6.00",
        "Page 1 of 1",
    ):
        assert piece in printed


def test_a_remittance_of_all_providers_heads_each_with_its_number_and_sums_it_up(officer: Browser) -> None:
    shown = words_of(officer, "/payments/2022-10-03/remittance")
    assert "Provider All providers Payment period" in shown
    assert re.search(rf"{DIAMOND}, RA-20221003-[0-9A-F]{{8}}, not paid yet", shown)
    assert f"{DIAMOND} in all £140.52 {PEARL}, RA-" in shown
    chosen = words_of(officer, "/payments/2022-10-03/remittance", organisation=PEARL)
    assert DIAMOND not in chosen.partition("Download all of it")[2]


def test_a_summary_of_remittances_is_without_clients_and_comes_to_the_same(
    pearl: Browser, officer: Browser
) -> None:
    for path in ("/reports/remittance-advice.csv", "/payments/2022-10-03/remittance.csv"):
        summary = rows_of(officer, path, period="2022-10-03", summary="y")
        assert [(row["Organisation"], row["Lines"], row["Value"]) for row in summary] == [
            (DIAMOND, "2", "140.52"),
            (PEARL, "1", "10.00"),
            (PEARL, "1", "-4.00"),
        ]
        assert "Client" not in summary[0]
    assert "Zażółć" not in words_of(pearl, "/payments/2022-10-03/remittance", summary="y")


def test_a_former_name_finds_its_remittance_and_a_strange_one_none(officer: Browser) -> None:
    assert "B1" in words_of(officer, "/payments/2022-10-03/remittance", organisation=PEARL.upper())
    for query in ({"organisation": "Nobody Ltd"}, {"contract": "Nothing"}):
        answer = officer.client.get("/payments/2022-10-03/remittance", query_string=query)
        assert answer.status_code in (404, 422)

"""Clients' charges, through all services: statements, queries, what comes late (RULES 7, 8)."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from tests.journeys.api_council import DIAMOND, ApiCouncil, shared
from tests.journeys.reported_council import (
    GOLDEN,
    OCTOBER,
    diamond,
    officer,
    pdf_words,
    pearl,
    reported,
    rows_of,
    words_of,
)
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row, an_undelivered_row
from tests.support.portal.accounts import Browser

__all__ = ["diamond", "officer", "pearl", "reported", "shared"]


def statement_path(officer: Browser) -> str:
    """The address of the statement of A332295."""
    found = re.search(r'href="(/charges/[0-9a-f-]{36})">A332295', officer.get("/charges").text)
    assert found
    return found[1]


def test_a_clients_statement_says_how_the_charge_came_about(officer: Browser, pearl: Browser) -> None:
    path = statement_path(officer)
    shown = words_of(officer, path)
    assert "3 Oct 2022 £94.07 £56.20 £56.20 £0.00 £56.20" in shown
    (week,) = rows_of(officer, f"{path}/statement.csv")
    assert (week["Client"], week["Charge"], week["In all"], week["Collected by"]) == (
        "A332295",
        "56.20",
        "56.20",
        "Council",
    )
    letter = pdf_words(officer, f"{path}/statement.pdf")
    assert "In all: £56.20" in letter
    assert "Caretally\nMr Principal Skinner\nReference: A332295\nCharge statement" in letter
    assert week["Name"] == "Mr Principal Skinner"
    for hidden in ("/charges", path, f"{path}/statement.csv"):
        assert pearl.get(hidden).status_code == 403


def test_a_query_of_a_charge_is_kept_and_answered_by_finance(reported: ApiCouncil, officer: Browser) -> None:
    path = statement_path(officer)
    approver = reported.browser("commissioning")
    refused = approver.post(f"{path}/queries", at=path, asked_by="", words="")
    assert (refused.status_code, "Enter the query" in refused.text) == (400, True)
    asked = approver.post(
        f"{path}/queries", at=path, asked_by="Her son", week="2022-10-05", words="Why <so> much?"
    )
    assert asked.status_code == 303
    assert "Her son" in words_of(officer, "/charges")
    page = officer.get(path).text
    (query,) = set(re.findall(r"/queries/([0-9a-f-]{36})/answers", page))
    assert "/answers" not in approver.get(path).text
    assert approver.post(f"{path}/queries/{query}/answers", at=path, answer="x").status_code == 403
    assert officer.post(f"{path}/queries/{query}/answers", at=path, answer=" ").status_code == 400
    assert (
        officer.post(f"{path}/queries/{query}/answers", at=path, answer="She was assessed so.").status_code
        == 303
    )
    shown = words_of(officer, path)
    assert "Her son asked about Mon 3 to Sun 9 Oct 2022 Why &lt;so&gt; much?" in shown
    assert "Answer She was assessed so." in shown
    assert "Queries without an answer" not in words_of(officer, "/charges")


def test_late_visits_are_exceptions_of_the_next_payment_run_and_corrections_of_a_statement(
    reported: ApiCouncil, officer: Browser, diamond: Browser, pearl: Browser
) -> None:
    first = rows_of(diamond, "/reports/pending-payments.csv")
    assert {row["Exception"] for row in first} == {"First payment of the package"}
    council = reported.council
    council.finalise(dt.date(2022, 10, 3))
    times = {"PlannedEntryTime": "09:00", "PlannedExitTime": "10:00"}
    council.import_visits(
        DIAMOND,
        a_file(an_undelivered_row(VisitRef="V1", **times, **GOLDEN | {"DeliveredVisitDate": ""})),
    )
    council.books()
    (row,) = rows_of(diamond, "/reports/pending-payments.csv")
    expected: dict[str, Any] = {
        "SSRef": "A332295",
        "Client": "Mr Principal Skinner",
        "Value": "-47.61",
        "Exception": "Adjustment; Takes money back",
    }
    assert {name: row[name] for name in expected} == expected
    assert "Retrospective change to visits data" in words_of(diamond, "/reports/pending-payments")
    (line,) = rows_of(officer, "/reports/pending-payments.csv", summary="y")
    assert (line["Items"], line["Value"]) == ("1", "-47.61")
    assert rows_of(pearl, "/reports/pending-payments.csv") == []
    (week,) = rows_of(officer, f"{statement_path(officer)}/statement.csv")
    assert (week["Cost charged"], week["Charge"], week["Corrections"], week["In all"]) == (
        "46.46",
        "56.20",
        "-9.74",
        "46.46",
    )


def test_a_statement_says_what_a_week_costs_today_though_its_charge_stays_capped(
    reported: ApiCouncil, officer: Browser
) -> None:
    costs = []
    for ref in ("one more", "yet another"):
        hour = {"PlannedEntryTime": "15:00", "PlannedExitTime": "16:00"}
        hour |= {"DeliveredEntryTime": "15:00", "DeliveredExitTime": "16:00"}
        reported.council.import_visits(DIAMOND, a_file(a_row(VisitRef=ref, **hour, **GOLDEN)))
        reported.council.books()
        (week,) = rows_of(officer, f"{statement_path(officer)}/statement.csv")
        assert week["In all"] == "56.20"
        costs.append(Decimal(week["Cost charged"]))
    assert costs[1] - costs[0] in (Decimal("23.22"), Decimal("23.23"))


def test_a_week_in_which_care_ends_is_compared_with_its_days_alone(
    reported: ApiCouncil, officer: Browser
) -> None:
    ends = a_care_row(1, SSRef="A332295", StartDate="03/10/2022", EndDate="04/10/2022", Quantity="7.00")
    reported.council.import_care(a_care_file(ends))
    reported.council.books()
    (line,) = (
        row for row in rows_of(officer, "/reports/commissioned-actuals.csv", **OCTOBER) if row["CPLI"] == "1"
    )
    assert (line["Quantity Comm."], line["Cost Comm."]) == ("2.00", "40.00")

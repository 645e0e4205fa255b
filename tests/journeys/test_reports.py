"""The five reports and the charges, through all services: golden figures, and who sees what (RULES 7, 8, 15, 16, 17)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from decimal import Decimal
from typing import Any

import pytest

from tests.journeys.api_council import DIAMOND, PEARL, ApiCouncil, shared
from tests.support.accounts import Browser
from tests.support.care_files import a_care_file, a_care_row
from tests.support.pdf_text import pages_of
from tests.support.visit_files import a_file, a_row, an_undelivered_row
from tests.support.waiting import wait_until

__all__ = ["shared"]

REPORTS = (
    "commissioned-actuals",
    "pending-payments",
    "remittance-advice",
    "unmatched-visits",
    "overlapping-visits",
)
OCTOBER = {"first": "2022-10-03", "last": "2022-10-09"}
GOLDEN = {"PlannedVisitDate": "03/10/2022", "DeliveredVisitDate": "03/10/2022", "SSRef": "A332295"}
PEARLS = {"ServiceName": "Pearl - APL", "SSRef": "B1", "PlannedVisitDate": "04/10/2022"}
CARE = a_care_file(
    a_care_row(
        1,
        SSRef="A332295",
        Title="Mr",
        Forename="Principal",
        Surname="Skinner",
        StartDate="03/10/2022",
        Quantity="5.00",
        UnitCost="23.226",
        AssessedContribution="56.20",
        CostCentre="Support at Home - Under 65",
        Subjective="Home Support",
        ServiceGroupClass="Home Support",
    ),
    a_care_row(
        2, SSRef="A2", StartDate="03/10/2022", Quantity="2.00", UnitCost="23.226", ServiceGroupClass="Other"
    ),
    a_care_row(
        3,
        SSRef="B1",
        OrganisationName=PEARL,
        ServiceName="Pearl - APL",
        Contract="APL",
        UnitCost="10.00",
        AssessedContribution="4.00",
        ContributionCollectedBy="Provider",
    ),
)
DIAMONDS_WEEK = a_file(
    a_row(
        VisitRef="V1",
        PlannedEntryTime="09:00",
        PlannedExitTime="12:00",
        DeliveredEntryTime="09:00",
        DeliveredExitTime="11:03",
        CarerRef="C1",
        **GOLDEN,
    ),
    a_row(
        VisitRef="V2",
        PlannedEntryTime="23:30",
        PlannedExitTime="00:30",
        DeliveredEntryTime="23:30",
        DeliveredExitTime="00:30",
        CarerRef="C1",
        **GOLDEN,
    ),
    an_undelivered_row(
        VisitRef="V3",
        VisitType="U",
        PlannedEntryTime="14:00",
        PlannedExitTime="15:00",
        **GOLDEN | {"DeliveredVisitDate": ""},
    ),
    a_row(
        VisitRef="after midnight",
        PlannedVisitDate="04/10/2022",
        DeliveredVisitDate="04/10/2022",
        PlannedEntryTime="00:20",
        PlannedExitTime="01:20",
        DeliveredEntryTime="00:20",
        DeliveredExitTime="02:20",
        SSRef="A2",
        CarerRef="C1",
    ),
    an_undelivered_row(VisitRef="=lost", SSRef="A999", PlannedVisitDate="05/10/2022"),
)
PEARLS_WEEK = a_file(
    a_row(
        VisitRef="P1",
        DeliveredVisitDate="04/10/2022",
        PlannedEntryTime="01:00",
        PlannedExitTime="02:00",
        DeliveredEntryTime="01:00",
        DeliveredExitTime="02:00",
        CarerRef="X7",
        **PEARLS,
    ),
    an_undelivered_row(VisitRef="pearl lost", **PEARLS | {"SSRef": "B999"}),
)


@pytest.fixture(scope="module")
def reported(shared: ApiCouncil) -> ApiCouncil:
    """Two providers whose carers share a name; the first delivers 3.05 hours and is paid 1 as frustrated."""
    council = shared.council
    council.import_care(CARE)
    wait_until(council.is_settled, 30)
    council.import_carers(DIAMOND, "CarerRef,Forename,Surname\r\nC1,Mona,Simpson\r\n")
    council.import_carers(PEARL, "CarerRef,Forename,Surname\r\nX7,MONA,simpson\r\n")
    council.import_visits(DIAMOND, DIAMONDS_WEEK)
    council.import_visits(PEARL, PEARLS_WEEK)
    council.books()
    return shared


@pytest.fixture(scope="module")
def diamond(reported: ApiCouncil) -> Browser:
    return reported.browser("home_manager", DIAMOND)


@pytest.fixture(scope="module")
def pearl(reported: ApiCouncil) -> Browser:
    return reported.browser("home_manager", PEARL)


@pytest.fixture(scope="module")
def officer(reported: ApiCouncil) -> Browser:
    return reported.browser("finance")


def words_of(browser: Browser, path: str, **query: str) -> str:
    """What a page shows, without its markup."""
    answer = browser.client.get(path, query_string=query)
    assert answer.status_code == 200, answer.text
    main = answer.text.partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def rows_of(browser: Browser, path: str, **query: str) -> list[dict[str, str]]:
    """The rows of a CSV."""
    answer = browser.client.get(path, query_string=query)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv"), answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def pdf_words(browser: Browser, path: str, **query: str) -> str:
    """What a PDF says."""
    answer = browser.client.get(path, query_string=query)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text
    return "\n".join(pages_of(answer.get_data()))


def test_commissioned_v_actuals_has_the_golden_figures_everywhere(diamond: Browser) -> None:
    rows = {row["SSRef"]: row for row in rows_of(diamond, "/reports/commissioned-actuals.csv")}
    assert rows["A332295"] == {
        "Organisation": DIAMOND,
        "Service level": "Personal Care",
        "Service": "Diamond Home Care - DAPL Oxford",
        "Client": "Skinner, Principal",
        "SSRef": "A332295",
        "CPLI": "1",
        "Service start": "2022-10-03",
        "Actual week": "2022-10-03",
        "Gen.": "N",
        "Visits": "3",
        "Cost centre": "Support at Home - Under 65",
        "Subjective": "Home Support",
        "Quantity Comm.": "5.00",
        "Quantity Actual": "3.05",
        "Quantity Frust.": "1.00",
        "Quantity Diff.": "-0.95",
        "Cost Comm.": "116.13",
        "Cost Actual": "70.84",
        "Cost Frust.": "23.23",
        "Cost Diff.": "22.06",
    }
    shown = words_of(diamond, "/reports/commissioned-actuals", **OCTOBER)
    assert "Skinner, Principal (A332295), Diamond Home Care - DAPL Oxford, service start 3 Oct 2022" in shown
    assert "5.00 3.05 1.00 −0.95 £116.13 £70.84 £23.23 £22.06" in shown
    assert "In 1 week, 7.00 hours were planned and 5.05 delivered." in shown
    printed = pdf_words(diamond, "/reports/commissioned-actuals.pdf", **OCTOBER)
    assert "5.00\n3.05\n1.00\n-0.95\n£116.13\n£70.84\n£23.23\n£22.06" in printed
    assert "Date from: 3 Oct 2022; Date to: 9 Oct 2022" in printed
    assert (rows["A2"]["Quantity Diff."], rows["A2"]["Cost Diff."]) == ("0.00", "0.00")


@pytest.mark.parametrize(
    ("limits", "clients"),
    [
        ({"differences": "y"}, ["A332295"]),
        ({"client": "A2"}, ["A2"]),
        ({"group_class": "Other"}, ["A2"]),
        ({"empty": "y", "client": "A2", "last": "2022-10-23"}, ["A2"] * 3),
        ({"empty": "y", "differences": "y", "client": "A2", "last": "2022-10-23"}, ["A2"] * 2),
        ({"first": "2022-09-26", "last": "2022-10-02"}, []),
    ],
)
def test_commissioned_v_actuals_is_limited(
    diamond: Browser, limits: dict[str, str], clients: list[str]
) -> None:
    rows = rows_of(diamond, "/reports/commissioned-actuals.csv", **OCTOBER | limits)
    assert [row["SSRef"] for row in rows] == clients
    assert all(row["Gen."] == ("N" if row["Visits"] != "0" else "") for row in rows)


def test_the_council_chooses_a_provider_or_a_client_for_a_long_report(
    officer: Browser, diamond: Browser
) -> None:
    year = {"first": "2022-01-03", "last": "2022-12-25"}
    assert "Choose a provider or a client for more than 13 weeks" in words_of(
        officer, "/reports/commissioned-actuals", **year
    )
    refused = officer.client.get("/reports/commissioned-actuals.csv", query_string=year)
    assert refused.status_code == 303
    rows = rows_of(officer, "/reports/commissioned-actuals.csv", **year, organisation=DIAMOND)
    assert {row["Organisation"] for row in rows} == {DIAMOND}
    assert len(rows_of(diamond, "/reports/commissioned-actuals.csv", **year)) == 2
    assert len(rows_of(officer, "/reports/commissioned-actuals.csv", **OCTOBER)) == 3


def test_unmatched_visits_are_listed_with_reason_and_what_to_do(diamond: Browser, officer: Browser) -> None:
    (row,) = rows_of(diamond, "/reports/unmatched-visits.csv", **OCTOBER)
    assert (row["Visit"], row["SSRef"], row["Reason code"]) == ("'=lost", "A999", "no_package")
    assert "Check the client’s SSRef." in words_of(diamond, "/reports/unmatched-visits", **OCTOBER)
    rows = rows_of(officer, "/reports/unmatched-visits.csv", **OCTOBER)
    assert [row["Organisation"] for row in rows] == [DIAMOND, PEARL]
    for limits in (
        {"reason": "suspended"},
        {"client": "A1"},
        {"first": "2022-10-06"},
        {"service": "Pearl - APL", "organisation": DIAMOND},
    ):
        query = OCTOBER | limits
        path = "/reports/unmatched-visits.csv"
        answer = officer.client.get(path, query_string=query)
        assert "=lost" not in answer.text, limits


def test_overlapping_visits_are_found_past_midnight_and_across_providers(
    officer: Browser, diamond: Browser
) -> None:
    rows = rows_of(officer, "/reports/overlapping-visits.csv", **OCTOBER)
    shown = [
        (row["First visit Visit"], row["Second visit Visit"], row["Known by"], row["Minutes"]) for row in rows
    ]
    assert shown == [("V2", "after midnight", "CarerRef", "10"), ("after midnight", "P1", "Name", "60")]
    (own,) = rows_of(diamond, "/reports/overlapping-visits.csv", **OCTOBER)
    assert (own["Carer"], own["Second visit Delivered"]) == ("Mona Simpson", "00:20 to 02:20, 4 Oct 2022")
    assert [
        r["Known by"] for r in rows_of(officer, "/reports/overlapping-visits.csv", **OCTOBER, where="across")
    ] == ["Name"]
    assert rows_of(officer, "/reports/overlapping-visits.csv", **OCTOBER, carer="nobody") == []
    assert len(rows_of(officer, "/reports/overlapping-visits.csv", **OCTOBER, carer="mona simpson")) == 2
    assert (
        len(rows_of(officer, "/reports/overlapping-visits.csv", first="2022-09-26", last="2022-10-20")) == 2
    )
    assert "Choose at most 35 days" in words_of(
        officer, "/reports/overlapping-visits", first="2022-08-01", last="2022-10-09"
    )


def test_remittance_advice_by_line_and_in_summary(pearl: Browser, officer: Browser) -> None:
    rows = rows_of(pearl, "/reports/remittance-advice.csv", period="2022-10-03")
    assert [(row["SSRef"], row["Cost or income"], row["Value"]) for row in rows] == [
        ("B1", "Cost", "10.00"),
        ("B1", "Income", "-4.00"),
    ]
    shown = words_of(pearl, "/reports/remittance-advice")
    assert "Remitted in all £6.00" in shown
    assert "Remitted in all: £6.00" in pdf_words(pearl, "/reports/remittance-advice.pdf")
    summary = rows_of(officer, "/reports/remittance-advice.csv", period="2022-10-03", summary="y")
    assert [(row["Organisation"], row["Lines"], row["Value"]) for row in summary] == [
        (DIAMOND, "2", "140.52"),
        (PEARL, "1", "10.00"),
        (PEARL, "1", "-4.00"),
    ]


def test_what_is_one_providers_is_in_no_report_of_another(pearl: Browser) -> None:
    for name in REPORTS:
        for ending in ("", ".csv"):
            answer = pearl.client.get(f"/reports/{name}{ending}", query_string=OCTOBER)
            assert answer.status_code == 200
            for secret in (DIAMOND, "A332295", "Skinner", "=lost", "after midnight", "Mona"):
                assert secret not in answer.text, (name, secret)
        assert DIAMOND not in pdf_words(pearl, f"/reports/{name}.pdf", **OCTOBER)
        named = pearl.client.get(f"/reports/{name}", query_string={"organisation": DIAMOND})
        assert named.status_code == 404, name


def the_client(officer: Browser) -> str:
    """The address of the statement of A332295."""
    found = re.search(r'href="(/charges/[0-9a-f-]{36})">A332295', officer.get("/charges").text)
    assert found
    return found[1]


def test_a_clients_statement_says_how_the_charge_came_about(officer: Browser, pearl: Browser) -> None:
    path = the_client(officer)
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
    path = the_client(officer)
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
    (week,) = rows_of(officer, f"{the_client(officer)}/statement.csv")
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
        (week,) = rows_of(officer, f"{the_client(officer)}/statement.csv")
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

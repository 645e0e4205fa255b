"""The reports, through all services: golden figures, and who sees what (RULES 8, 15, 16, 17)."""

from __future__ import annotations

import pytest

from tests.journeys.api_council import DIAMOND, PEARL, ApiCouncil, shared
from tests.journeys.reported_council import (
    OCTOBER,
    diamond,
    officer,
    pdf_words,
    pearl,
    reported,
    rows_of,
    words_of,
)
from tests.support.builders.visit_files import a_file, a_row
from tests.support.portal.accounts import Browser

__all__ = ["diamond", "officer", "pearl", "reported", "shared"]

REPORTS = (
    "commissioned-actuals",
    "pending-payments",
    "remittance-advice",
    "unmatched-visits",
    "overlapping-visits",
    "more-carers",
    "what-fits-nothing",
)


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
    assert "5.00\n3.05\n1.00\n−0.95\n£116.13\n£70.84\n£23.23\n£22.06" in printed
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


def test_a_service_that_nobody_knows_is_printed_as_it_was_written(
    reported: ApiCouncil, diamond: Browser
) -> None:
    day = {"PlannedVisitDate": "11/10/2022", "DeliveredVisitDate": "11/10/2022", "SSRef": "A2"}
    unknown = {"ServiceName": "Diamond NIGHT Owls – Bürgerstraße", "ServiceLevel": "personal CARE"}
    reported.council.import_visits(DIAMOND, a_file(a_row(VisitRef="owl", **day, **unknown)))
    reported.council.books()
    dates = {"first": "2022-10-10", "last": "2022-10-16"}
    (row,) = rows_of(diamond, "/reports/unmatched-visits.csv", **dates)
    assert (row["Reason code"], row["Service"]) == ("wrong_service", unknown["ServiceName"])
    assert row["Service level"] == "Personal Care"
    assert unknown["ServiceName"] in words_of(diamond, "/reports/unmatched-visits", **dates)
    assert unknown["ServiceName"] in words_of(diamond, "/unmatched")


def test_overlapping_visits_are_found_past_midnight_and_across_providers(
    officer: Browser, diamond: Browser
) -> None:
    rows = rows_of(officer, "/reports/overlapping-visits.csv", **OCTOBER)
    shown = [
        (row["First visit Visit"], row["Second visit Visit"], row["Known by"], row["Minutes"]) for row in rows
    ]
    assert shown == [("V2", "after midnight", "CarerRef", "10"), ("after midnight", "P1", "Name", "60")]
    stakes = [(row["At stake"], row["Unit cost"], row["Unit cost of"], row["Left running?"]) for row in rows]
    assert stakes == [("3.87", "23.226", "First visit", ""), ("23.23", "23.226", "First visit", "")]
    assert rows_of(officer, "/reports/overlapping-visits.csv", **OCTOBER, left_running="y") == []
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
    assert "Choose at most 92 days" in words_of(
        officer, "/reports/overlapping-visits", first="2022-07-01", last="2022-10-09"
    )


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

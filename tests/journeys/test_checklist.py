"""The checklist before finalising, by API and page: all services answer (RULES 8)."""

import datetime as dt
from typing import Any

import pytest

from tests.journeys.api_council import COUNCIL, DIAMOND, PEARL, ApiCouncil, shared
from tests.oracle.rows import a_visit, a_visits_file
from tests.support.builders.care_files import a_care_file, a_care_row

__all__ = ["shared"]

PERIOD = dt.date(2022, 10, 3)
WEEK = dt.timedelta(days=7)
CARE = a_care_file(
    a_care_row(1, UnitCost="25.00", StartDate="03/10/2022", EndDate="16/10/2022"),
    a_care_row(
        2,
        OrganisationName=PEARL,
        ServiceName="Pearl - DAPL",
        StartDate="10/10/2022",
        EndDate="23/10/2022",
        Suspensions="17/10/2022-23/10/2022 holiday",
    ),
    a_care_row(
        3,
        SSRef="A300",
        OrganisationName=PEARL,
        ServiceName="Pearl - DAPL",
        PaymentMethod="Invoice",
        StartDate="03/10/2022",
    ),
)
VISITS = a_visits_file(
    [
        a_visit("D1", PERIOD),
        a_visit("D2", PERIOD, ServiceName="A service that nobody knows"),
        a_visit("D3", PERIOD, VisitType="What?"),
        a_visit("D4", PERIOD, VisitType="What?"),
    ]
)


@pytest.fixture
def site(shared: ApiCouncil) -> ApiCouncil:
    """£25.00 for the first provider, a visit without a match and two rejected rows; the second has sent nothing."""
    shared.empty()
    shared.council.import_care(CARE)
    shared.council.import_visits(DIAMOND, VISITS)
    shared.council.books()
    return shared


def checks_of(site: ApiCouncil) -> dict[str, Any]:
    found = site.api(COUNCIL).get(f"/payment-periods/{PERIOD}/checklist")
    assert found.status_code == 200, found.json
    return {check["name"]: check for check in found.json["checks"]}


def test_the_api_says_what_each_service_knows(site: ApiCouncil) -> None:
    checks = checks_of(site)
    assert all(check["is_known"] for check in checks.values()), checks
    missing = [(line["organisation"], line["week"]) for line in checks["without_visits"]["lines"]]
    assert missing == [(DIAMOND, str(PERIOD + WEEK)), (PEARL, str(PERIOD + WEEK))]
    assert (checks["unmatched"]["number"], checks["unmatched"]["amount"]) == (1, "25.00")
    assert (checks["rejected_rows"]["number"], checks["difference"]["amount"]) == (2, "25.00")
    assert (checks["disputes"]["number"], checks["holds"]["number"]) == (0, 0)


def test_rows_that_were_sent_again_are_not_counted_any_more(site: ApiCouncil) -> None:
    site.council.import_visits(DIAMOND, a_visits_file([a_visit("D3", PERIOD + WEEK)]))
    site.council.books()
    checks = checks_of(site)
    assert checks["rejected_rows"]["number"] == 1
    assert [line["organisation"] for line in checks["without_visits"]["lines"]] == [PEARL]


def test_the_page_shows_it_finalises_and_says_what_was_frozen(site: ApiCouncil) -> None:
    finance = site.browser("finance")
    page = finance.get(f"/payments/{PERIOD}/finalise").text
    assert "Finalising freezes DAPL." in page
    assert f"/reports/unmatched-visits?first={PERIOD}" in page
    assert finance.post(f"/payments/{PERIOD}/finalise", contract="").status_code == 303
    assert "Frozen: DAPL." in finance.get(f"/payments/{PERIOD}").text
    again = finance.get(f"/payments/{PERIOD}/finalise").text
    assert "is finalised already" in again


def test_a_provider_has_no_checklist(site: ApiCouncil) -> None:
    assert site.api(DIAMOND).get(f"/payment-periods/{PERIOD}/checklist").status_code == 404
    assert site.api(COUNCIL).get(f"/payment-periods/{PERIOD}/checklist", contract="None").status_code == 422

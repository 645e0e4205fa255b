"""Pages and files show pounds and hours to two decimals, half up; rates alone as their contract gives them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from libs.common.rights import table
from tests.journeys import every_object
from tests.journeys.api_council import DIAMOND, PEARL, ApiCouncil, shared
from tests.journeys.every_object import a_document, objects
from tests.journeys.route_map import Route, routes
from tests.journeys.test_import_in_two_steps import a_visit
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, an_undelivered_row
from tests.support.portal.pdf_text import pdf_text
from tests.support.run.waiting import wait_until

__all__ = ["objects", "shared"]

RATES = {"23.226", "1.005"}
CARE = a_care_file(
    a_care_row(1, SSRef="A123456", UnitCost="23.226", Quantity="10.333", AssessedContribution="9.99"),
    a_care_row(2, SSRef="A2", UnitCost="1.005", Quantity="1", Unit="Payment", Frequency="One-off"),
    a_care_row(5, SSRef="A123456", UnitCost="23.226", Quantity="1.111", **every_object.BY_INVOICE),
    a_care_row(3, SSRef="B1", OrganisationName=PEARL, ServiceName="Pearl - APL", Contract="APL"),
)
NEVER = {
    "VisitType": "U",
    "SSRef": "A123456",
    "PlannedVisitDate": "04/10/2022",
    "PlannedEntryTime": "20:00",
    "PlannedExitTime": "20:07",
}
VISITS = a_file(
    # 58 and 37 minutes at 23.226 an hour come to 22.4518 and 14.3227
    a_visit("A-ONLY", DeliveredExitTime="09:58"),
    a_visit("A-TOO", DeliveredEntryTime="09:20", DeliveredExitTime="09:57"),
    an_undelivered_row(VisitRef="A-NOT", **NEVER),
    an_undelivered_row(VisitRef="A-LOST", **NEVER | {"SSRef": "A999"}),
    a_visit("A-BAD", VisitType="X"),
)

MORE = (
    "/payments/2022-10-03?tab=non_payable",
    "/payments/2022-10-03/remittance?summary=y",
    "/reports/commissioned-actuals?first=2022-10-03&last=2022-10-09&empty=y",
    "/reports/commissioned-actuals.csv?first=2022-10-03&last=2022-10-09",
    "/reports/commissioned-actuals.pdf?first=2022-10-03&last=2022-10-09",
    "/reports/pending-payments.csv",
    "/reports/remittance-advice.csv?period=2022-10-03",
    "/reports/remittance-advice.pdf?period=2022-10-03",
)
"""What addresses of the map show only when they are asked for more."""
AS_CARE_SAYS = "/care/commissioned-care.csv"
"""Says quantities to other systems, as exact as care does."""
LOOKERS = {"home_manager": (), "finance": (), "approver": ("finance",), "helpdesk": ("finance", "approver")}
"""Who looks at pages, but for those that others look at."""


@pytest.fixture(scope="module")
def a_council(shared: ApiCouncil) -> Iterator[ApiCouncil]:
    """Two providers with care; the first with a week whose amounts don't end with the penny."""
    shared.council.import_care(CARE)
    wait_until(shared.council.is_settled, 30)
    shared.api(DIAMOND).file(VISITS, confirm="true")
    # 95 minutes delivered are 36.7745, 7 minutes frustrated 2.7097, the one-off 1.005
    assert shared.council.books()["total_payable"] == "40.49"
    officer = shared.browser("finance")
    page = officer.get("/clients/A123456").location
    officer.post(f"{page}/circumstances", at=page, kind="respite", from_on="2022-10-03")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(every_object, "CARE", CARE)
        yield shared


def words_of(answer: TestResponse) -> str:
    """What people read of a page or file."""
    if answer.mimetype == "application/pdf":
        return pdf_text(answer.get_data())
    if answer.mimetype == "text/html":
        main = answer.text.partition("<main")[2].partition("</main>")[0]
        return html.unescape(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", main, flags=re.DOTALL))
    return answer.text


def faults_of(words: str) -> list[str]:
    """Numbers with more than two decimals that are no rates, and pounds without two."""
    long = [number for number in re.findall(r"\d+\.\d{3,}", words) if number not in RATES]
    pounds = [number.rstrip(".,") for number in re.findall(r"£\s?([\d,.]+)", words)]
    return long + [one for one in pounds if not re.fullmatch(r"[\d,]+\.\d\d", one) and one not in RATES]


def pages_of(council: ApiCouncil, objects: dict[str, str], role: str) -> Iterator[str]:
    """Addresses that somebody with this role looks at."""
    for route in routes(council.app, objects):
        if route.method != "GET" or route.is_api or route.path == AS_CARE_SAYS:
            continue
        if may_see(role, route) and not any(may_see(other, route) for other in LOOKERS[role]):
            yield route.path
    yield from () if LOOKERS[role] else MORE


def may_see(role: str, route: Route) -> bool:
    return not route.is_open and (not route.allowed or role in route.allowed)


@pytest.mark.parametrize("role", LOOKERS)
def test_no_page_and_no_file_shows_more_than_two_decimals_but_for_rates(
    a_council: ApiCouncil, objects: dict[str, str], role: str
) -> None:
    who = a_council.browser(role, DIAMOND if role in table.PROVIDER_ROLES else None)
    looked_at, faults = set(), {}
    for path in pages_of(a_council, objects, role):
        answer = who.get(path)
        if answer.status_code == 200 and not path.startswith("/attachments"):
            looked_at.add(path)
            if found := faults_of(words_of(answer)):
                faults[path] = found
    assert faults == {}
    assert len(looked_at) > (1 if LOOKERS[role] else 30)


def test_a_quantity_has_two_decimals_at_most(a_council: ApiCouncil) -> None:
    finance = a_council.browser("finance")
    assert "10.33 x Hours" in words_of(finance.get("/care/1"))
    assert "10.33 Hrs every week" in words_of(finance.get("/contract-documents/" + a_document(a_council)))
    assert "1 x Payment at £1.005" in words_of(finance.get("/care/2"))


def test_an_item_says_what_its_parts_come_to_in_pence(a_council: ApiCouncil) -> None:
    shown = words_of(a_council.browser("home_manager", DIAMOND).get("/payments/2022-10-03"))
    assert re.search(r"Actual\s+1 h 35 min\s+£23.226\s+£36.77\s", shown), shown
    assert re.search(r"Frustrated\s+7 min\s+£23.226\s+£2.71\s", shown)

"""A council whose reports and statements are looked at: what two providers sent, and how their pages are read."""

from __future__ import annotations

import csv
import io
import re

import pytest

from tests.journeys.api_council import DIAMOND, PEARL, ApiCouncil
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row, an_undelivered_row
from tests.support.portal.accounts import Browser
from tests.support.portal.pdf_text import pages_of
from tests.support.run.waiting import wait_until

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
        Title="Ms",
        Forename="Zażółć",
        Surname="O’Brien-Щерба",
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
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def pdf_words(browser: Browser, path: str, **query: str) -> str:
    """What a PDF says."""
    answer = browser.client.get(path, query_string=query)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text
    return "\n".join(pages_of(answer.get_data()))

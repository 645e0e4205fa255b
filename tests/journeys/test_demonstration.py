"""The demonstration follows the clock: the guide's figures stay, and pages open on what happened of late (RULES 17)."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from deploy.dev.demo import example
from deploy.dev.demo.care import packages
from deploy.dev.demo.dates import calendar_on
from deploy.dev.demo.months import SEED, as_care_file, carers_file
from deploy.dev.demo.providers import providers_by
from deploy.dev.demo.visits import as_csv, weeks_of
from libs.common.care.clock import london_day, now
from libs.common.rpc import SYSTEM
from services.portal.clients.gateway import Gateway
from tests.journeys.api_council import ApiCouncil, shared
from tests.support.portal.accounts import Browser
from tests.support.run.waiting import wait_until

__all__ = ["shared"]

SMALLEST = min(providers_by("Visits"), key=lambda provider: provider.clients)
DEFAULT_PAGES = (
    "/visits",
    "/unmatched",
    "/worklist",
    "/payments",
    "/reports/commissioned-actuals",
    "/reports/unmatched-visits",
    "/reports/pending-payments",
    "/reports/remittance-advice",
)


@pytest.fixture(scope="module")
def demonstrated(shared: ApiCouncil, tmp_path_factory: pytest.TempPathFactory) -> ApiCouncil:
    """The example week, and the smallest of the demonstration's providers."""
    council, folder = shared.council, tmp_path_factory.mktemp("example")
    calendar = calendar_on(london_day(now()))
    whose = example.organisation()
    care, carers, visits = example.write_example(folder, calendar.example_monday)
    council.import_care(care.read_bytes())
    for file in carers:
        council.import_carers(whose, file.read_bytes())
    for file in visits:
        assert council.import_visits(whose, file.read_bytes())["file_warnings"] == []
    books = council.books()
    assert (books["matched"], books["unmatched"]) == (21, {})
    assert (books["payable"], books["total_charges"]) == ({whose: "255.49"}, "125.88")
    chance = random.Random(SEED)
    all_care = packages(chance, calendar)
    council.import_care(as_care_file([row for package in all_care for row in package.rows]))
    council.import_carers(SMALLEST.name, carers_file(SMALLEST))
    weeks = list(weeks_of(SMALLEST, all_care, calendar, chance))
    for monday, rows in zip(calendar.mondays, weeks, strict=True):
        for start in calendar.finished_periods if monday == calendar.open_from else ():
            council.finalise(start)
        council.import_visits(SMALLEST.name, as_csv(rows))
        wait_until(council.is_settled, 60)
    gateway: Gateway = shared.app.extensions["gateway"]
    gateway.ask("disputes", "look_at_week", SYSTEM, monday=calendar.mondays[-1].isoformat())
    wait_until(council.is_settled, 60)
    return shared


@pytest.fixture(scope="module")
def finance(demonstrated: ApiCouncil) -> Browser:
    return demonstrated.browser("finance")


@pytest.mark.parametrize("path", DEFAULT_PAGES)
def test_a_page_opened_without_a_choice_shows_what_happened_of_late(finance: Browser, path: str) -> None:
    page = finance.get(path).text
    bodies = re.findall(r'<tbody class="govuk-table__body">(.*?)</tbody>', page, re.DOTALL)
    assert any("<tr" in body for body in bodies), path


def test_the_guides_files_are_those_of_the_cases() -> None:
    case = Path(__file__).parents[1] / "cases" / "example-week"
    for file in (file for file in case.rglob("*") if file.is_file()):
        assert (example.EXAMPLE / file.relative_to(case)).read_bytes() == file.read_bytes()

"""What reports are answered from: a page at a time they say what the whole says, and terms are those in force."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from libs.common.care.terms import FROM_START, Term, term_on
from libs.common.care.weeks import next_period
from services.ingest.overlaps import views as overlaps_views
from services.matching.reports import views as reports_views
from services.payments.care import steps as care_steps
from services.payments.posting import steps as posting_steps
from services.payments.reports import views as answers_reports
from services.payments.reports.store import Span, compared_weeks, exceptional_items, weekly_sums
from tests.payments.database.test_holds import FINANCE, PERIOD, WHOLE, move, post
from tests.payments.database.test_holds import council as of_three_weeks
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.messages import (
    DIAMOND,
    MONDAY,
    PEARL,
    a_message,
    a_package,
    a_week,
    weeks_matched,
)
from tests.support.builders.visit_files import a_file, a_row
from tests.support.council.council import Council
from tests.support.run.schemas import Schemas

__all__ = ["of_three_weeks"]

NAME, OTHER = "Diamond Home Care Ltd", "Pearl Carers Ltd"
A_WEEK = dt.timedelta(days=7)
MONDAYS = [MONDAY + number * A_WEEK for number in range(4)]
BEGUN = {
    1: ("2022-08-01", {FROM_START: "1"}),
    2: ("2022-08-01", {FROM_START: "2", MONDAYS[1]: "4", MONDAYS[2] + dt.timedelta(days=1): "8"}),
    3: (
        str(MONDAYS[1] + dt.timedelta(days=3)),
        {MONDAYS[1] + dt.timedelta(days=2): "16", MONDAYS[3]: "32"},
    ),
    4: ("2022-08-01", {MONDAYS[1]: "64", MONDAYS[2]: "128"}),
    5: ("2022-08-01", {FROM_START: "256"}),
}
"""By CPLI: when it starts, and its hours a week from days on."""
SUSPENDED = [MONDAYS[1] + dt.timedelta(days=number) for number in (5, 6, 7)]
"""days of the fifth CPLI, in two weeks"""
DELIVERED = {
    (1, MONDAYS[0]),
    (2, MONDAYS[1]),
    (2, MONDAYS[2]),
    (2, MONDAYS[3]),
    (3, MONDAYS[1]),
    (4, MONDAYS[0]),
    (5, MONDAYS[1]),
}


@pytest.fixture
def dated(idle_council: Council) -> Council:
    """CPLIs whose terms change, the last one of another provider; some of their weeks were delivered."""
    packages = []
    for cpli_id, (start_on, terms) in BEGUN.items():
        package = a_package(cpli_id, start_on=start_on, organisation=PEARL if cpli_id == 4 else DIAMOND)
        (term,) = package["terms"]
        if cpli_id == 5:
            package["plan"] = {"timetable": [], "suspensions": [[str(SUSPENDED[0]), str(SUSPENDED[-1])]]}
        package["terms"] = [
            term | {"effective_from": str(day), "quantity": hours} for day, hours in terms.items()
        ]
        packages.append(package)
    weeks = [
        a_week(cpli_id, monday=monday, organisation=PEARL if cpli_id == 4 else DIAMOND)
        for cpli_id, monday in sorted(DELIVERED)
    ]
    with idle_council.payments() as session:
        care_steps.take_care(
            session, a_message("care_changed", {"reference_version": 1, "packages": packages})
        )
    with idle_council.payments() as session:
        posting_steps.take_weeks(session, weeks_matched(*weeks))
    return idle_council


def hours_on(cpli_id: int, monday: dt.date) -> Decimal:
    """What is commissioned of a CPLI without a timetable: a seventh of each day's own hours a week."""
    start_on, hours = BEGUN[cpli_id]
    terms = [Term(day, Decimal(quantity), Decimal(0), None, "") for day, quantity in sorted(hours.items())]
    days = [monday + dt.timedelta(days=number) for number in range(7)]
    in_force = [day for day in days if str(day) >= start_on and not (cpli_id == 5 and day in SUSPENDED)]
    return sum((term_on(terms, day).quantity for day in in_force), Decimal(0)) / 7


@pytest.mark.parametrize("with_empty", [False, True])
@pytest.mark.parametrize("organisation_id", [None, PEARL])
@pytest.mark.parametrize("cpli_ids", [None, [2, 3, 4, 5]])
def test_each_week_takes_the_term_in_force_and_sums_are_those_of_the_lines(
    dated: Council, with_empty: bool, organisation_id: str | None, cpli_ids: list[int] | None
) -> None:
    in_force = {
        (cpli_id, monday)
        for cpli_id, (start_on, _) in BEGUN.items()
        for monday in MONDAYS
        if dt.date.fromisoformat(start_on) <= monday + dt.timedelta(days=6)
    }
    wanted = {
        (cpli_id, monday): hours_on(cpli_id, monday)
        for cpli_id, monday in (in_force if with_empty else DELIVERED)
        if cpli_id in (cpli_ids or BEGUN) and (organisation_id is None or cpli_id == 4)
    }
    span = Span(MONDAYS[0], MONDAYS[-1], with_empty, cpli_ids, organisation_id)
    with dated.payments() as session:
        lines, sums = compared_weeks(session, span), weekly_sums(session, span)
    assert [(line["cpli_id"], line["monday"]) for line in lines] == sorted(wanted)
    assert {(line["cpli_id"], line["monday"]): line["commissioned"].hours for line in lines} == wanted
    assert {(line["cpli_id"], line["monday"]) for line in lines if line["visits"]} == DELIVERED & set(wanted)
    for total in sums:
        of_week = [line for line in lines if line["monday"] == total["monday"]]
        assert total["commissioned"] == sum(line["commissioned"].hours for line in of_week)
        assert total["delivered"] == sum(line["delivered_seconds"] for line in of_week)
    assert [total["monday"] for total in sums] == sorted({monday for _, monday in wanted})


def test_exceptions_page_by_page_are_those_of_the_whole_list(of_three_weeks: Council) -> None:
    move(of_three_weeks, 2, "split", instalments=3)
    move(of_three_weeks, 3, "suspend")
    post(of_three_weeks, "-5.00")

    def page(after: uuid.UUID | None, limit: int) -> list[dict[str, Any]]:
        with of_three_weeks.payments() as session:
            asked = WHOLE | {"start": PERIOD, "after": after, "limit": limit}
            return answers_reports.list_payment_exceptions(session, FINANCE, **asked)

    whole = page(None, 100)
    assert [(item["cpli_id"], item["exceptions"]) for item in whole] == [
        (None, ["adjustment", "negative"]),
        (1, ["first"]),
        (2, ["first", "moved"]),
    ]
    assert in_pages(lambda last: page(uuid.UUID(last["item_id"]) if last else None, 1)) == whole


def test_what_is_first_of_a_package_is_an_exception_once(of_three_weeks: Council) -> None:
    later = a_week(1, monday=MONDAY + A_WEEK)
    with of_three_weeks.payments() as session:
        posting_steps.take_weeks(session, weeks_matched(later))
        found = exceptional_items(
            session,
            PERIOD,
            organisation_id=DIAMOND,
            contract=None,
            payment_method=None,
            finalised=[],
            after=None,
            limit=100,
        )
    assert [(item["cpli_id"], item["monday"]) for item in found] == [(1, MONDAY), (2, MONDAY)]


def test_later_instalments_and_late_visits_of_an_earlier_week_are_no_first_payment(
    of_three_weeks: Council,
) -> None:
    move(of_three_weeks, 2, "split", instalments=2)
    of_three_weeks.finalise(PERIOD)
    earlier = a_week(1, monday=MONDAY - A_WEEK)
    with of_three_weeks.payments() as session:
        posting_steps.take_weeks(session, weeks_matched(earlier))
    with of_three_weeks.payments() as session:
        asked = WHOLE | {"start": next_period(PERIOD), "after": None, "limit": 100}
        found = answers_reports.list_payment_exceptions(session, FINANCE, **asked)
    assert [one["cpli_id"] for one in found] == [1, 2]
    assert all("first" not in one["exceptions"] for one in found), found


def in_pages(page: Callable[[Any], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """All rows; `page` is called with the last row, None at first."""
    found: list[dict[str, Any]] = []
    while rows := page(found[-1] if found else None):
        found += rows
    return found


def test_packages_and_unmatched_visits_and_overlaps_page_by_page(council: Council) -> None:
    council.import_care(
        a_care_file(
            *(a_care_row(number, SSRef=f"A{number}", Surname=f"Name {9 - number}") for number in range(1, 5)),
            *(
                a_care_row(
                    number,
                    SSRef=f"A{number}",
                    Surname=f"Name {number}",
                    OrganisationName=OTHER,
                    ServiceName="Pearl - DAPL",
                )
                for number in range(5, 8)
            ),
        )
    )
    council.books()
    for name in (NAME, OTHER):
        council.import_carers(name, "CarerRef,Forename,Surname\nC1,Ann,Lee\n")
        council.import_visits(name, a_file(*(a_row(**cells) for cells in overlapping(name))))
    council.books()
    days = {"first": MONDAY, "last": MONDAY + dt.timedelta(days=6)}

    def packages(last: Any, limit: int = 1) -> list[dict[str, Any]]:
        asked = {"organisation": None, "client": None, "group_class": None, "limit": limit}
        after = last["cpli_id"] if last else -1
        with council.sessions["matching"].begin() as session:
            return reports_views.packages_by_client(session, FINANCE, after=after, **asked, **days)

    whole = packages(None, 100)
    assert [row["cpli_id"] for row in whole] == [4, 3, 2, 1, 5, 6, 7]
    assert in_pages(packages) == whole

    def unmatched(last: Any, limit: int = 1) -> list[dict[str, Any]]:
        asked = {"organisation": None, "reason": None, "client": None, "service_name": None, "limit": limit}
        after = last["place"] if last else None
        with council.sessions["matching"].begin() as session:
            return reports_views.unmatched_for_report(session, FINANCE, after=after, **asked, **days)

    whole = unmatched(None, 100)
    assert [row["organisation"] for row in whole] == [NAME] * 4 + [OTHER] * 4
    assert in_pages(unmatched) == whole

    def overlaps(last: Any, limit: int = 1, **more: Any) -> list[dict[str, Any]]:
        asked = {"organisation": None, "carer": None, "where": None, "is_left_running": False} | more
        after = [dt.date.fromisoformat(str(last["place"][0])), *last["place"][1:]] if last else None
        with council.sessions["ingest"].begin() as session:
            return overlaps_views.list_overlapping_visits(
                session, FINANCE, after=after, limit=limit, **asked, **days
            )

    whole = overlaps(None, 100)
    assert [str(row["day"]) for row in whole] == ["2022-10-03"] * 6 + ["2022-10-05"] * 6
    assert in_pages(overlaps) == whole
    within = [row for row in whole if not row["is_across"]]
    assert overlaps(None, 100, where="within") == within
    own = [row for row in within if row["visits"][0]["organisation"] == OTHER]
    assert overlaps(None, 100, where="within", organisation=OTHER) == own
    for carer in ("c1", "ANN LEE"):
        assert overlaps(None, 100, carer=carer) == whole
    assert overlaps(None, 100, carer="C2") == []


def overlapping(name: str) -> list[dict[str, str]]:
    """Two visits on each of two days, of a carer at once, to a client who has no care."""
    return [
        {
            "VisitRef": f"{name} {date} {time}",
            "SSRef": "A999",
            "ServiceName": "",
            "CarerRef": "C1",
            **{f"{kind}VisitDate": date for kind in ("Planned", "Delivered")},
            **{f"{kind}EntryTime": time for kind in ("Planned", "Delivered")},
            **{f"{kind}ExitTime": "12:00" for kind in ("Planned", "Delivered")},
        }
        for date in ("03/10/2022", "05/10/2022")
        for time in ("09:00", "10:00")
    ]


def test_a_policy_asks_once_a_statement_who_asks(schemas: Callable[[], Schemas]) -> None:
    """Asked for each row, PostgreSQL would expect that a council sees next to nothing, and plan for that."""
    with psycopg.connect(schemas().admin_url) as connection:
        policies = connection.execute(
            "SELECT schemaname || '.' || tablename, qual FROM pg_policies"
        ).fetchall()
    assert policies
    for table, condition in policies:
        once = re.findall(r"SELECT \((?:NULLIF\()?current_setting", condition)
        assert len(once) == condition.count("current_setting"), table

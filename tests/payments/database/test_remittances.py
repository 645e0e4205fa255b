"""Remittances on a real PostgreSQL: lines by service, subtotals, number, state and date of payment (RULES 8, 15)."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.care.weeks import next_period, period_start_of
from libs.common.process import database
from services.payments.care import steps as care_steps
from services.payments.posting import steps as posting_steps
from services.payments.remittances import views
from tests.payments.database.test_holds import FINANCE, NAMES, PROVIDER, post
from tests.payments.database.test_public_events import data_of, read_events
from tests.payments.database.test_runs import approve, prepare
from tests.support.builders.messages import (
    BEA,
    DIAMOND,
    MONDAY,
    PEARL,
    a_message,
    a_package,
    a_week,
    weeks_matched,
)
from tests.support.council.council import Council

PERIOD = period_start_of(MONDAY)
NEXT = next_period(PERIOD)
ALL: dict[str, Any] = {"organisation": None, "contract": None}
ZONE_6, ZONE_7 = {"service": "Diamond - Zone 6"}, {"service": "Diamond - Zone 7"}


@pytest.fixture
def council(idle_council: Council) -> Council:
    """One client of two services of a provider, 20.00 and 40.00, the latter on another contract; 60.00 of another."""
    packages = [
        a_package(1, client=BEA) | ZONE_7,
        a_package(2, client=BEA, contract="APL") | ZONE_6,
        a_package(3, client=BEA, organisation=PEARL) | {"service": "Pearl - Oxford"},
    ]
    takes_care(idle_council, *packages)
    weeks = [
        a_week(1, client=BEA),
        a_week(2, client=BEA, hours=(2,)),
        a_week(3, client=BEA, organisation=PEARL, hours=(3,)),
    ]
    with idle_council.payments() as session:
        posting_steps.take_weeks(session, weeks_matched(*weeks))
    return idle_council


def takes_care(council: Council, *packages: dict[str, Any]) -> None:
    care = {"reference_version": 1, "packages": list(packages), "organisations": NAMES}
    with council.payments() as session:
        care_steps.take_care(session, a_message("care_changed", care))


def remittance(council: Council, start: dt.date = PERIOD, **asked: Any) -> dict[str, Any]:
    wanted: dict[str, Any] = {"summary": False, "after": 0, "limit": 100} | ALL | asked
    with council.payments() as session:
        return views.describe_remittance(session, FINANCE, start=start, **wanted)


def test_each_service_and_each_provider_ends_with_what_it_comes_to(council: Council) -> None:
    post(council, "5.00", cpli_id=1)
    post(council, "7.00")
    found = remittance(council)
    shown = ("organisation", "service", "amount", "service_total", "organisation_total")
    assert [tuple(line[name] for name in shown) for line in found["lines"]] == [
        ("Diamond Home Care Ltd", "Diamond - Zone 6", "40.00", "40.00", None),
        ("Diamond Home Care Ltd", "Diamond - Zone 7", "20.00", None, None),
        ("Diamond Home Care Ltd", "Diamond - Zone 7", "5.00", "25.00", None),
        ("Diamond Home Care Ltd", "", "7.00", "7.00", "72.00"),
        ("Pearl Carers Ltd", "Pearl - Oxford", "60.00", "60.00", "60.00"),
    ]
    assert found["totals"]["total"] == "132.00"


@pytest.mark.parametrize("is_summary", [False, True])
def test_page_by_page_it_is_the_same_remittance(council: Council, is_summary: bool) -> None:
    post(council, "5.00", cpli_id=1)
    whole = remittance(council, summary=is_summary)["lines"]
    by_ones = (remittance(council, summary=is_summary, after=n, limit=1)["lines"] for n in itertools.count())
    assert list(itertools.chain(*itertools.takewhile(bool, by_ones))) == whole


def test_a_summary_says_how_many_lines_it_is_made_of_and_comes_to_the_same(council: Council) -> None:
    takes_care(council, a_package(4) | ZONE_7)
    with council.payments() as session:
        posting_steps.take_weeks(session, weeks_matched(a_week(4)))
    for _ in range(2):
        post(council, "-7.50", cpli_id=1)
    detailed, summed = remittance(council), remittance(council, summary=True)
    shown = [(line["service"], line["kind"], line["lines"], line["amount"]) for line in summed["lines"]]
    assert shown == [
        ("Diamond - Zone 6", "cost", 1, "40.00"),
        ("Diamond - Zone 7", "cost", 2, "40.00"),
        ("Diamond - Zone 7", "manual", 1, "-7.50"),
        ("Diamond - Zone 7", "manual", 1, "-7.50"),
        ("Pearl - Oxford", "cost", 1, "60.00"),
    ]
    assert {line["client"] for line in summed["lines"]} == {""}
    for found in (detailed, summed):
        assert sum(Decimal(line["amount"]) for line in found["lines"]) == Decimal(found["totals"]["total"])


def test_its_number_begins_as_the_id_that_other_systems_hear(council: Council) -> None:
    (diamond, pearl) = remittance(council)["advices"]
    council.finalise(PERIOD)
    issued = {
        data["organisation_id"]: data["remittance_id"]
        for data in data_of(read_events(council), "remittance.issued.v1")
    }
    start = f"RA-{PERIOD:%Y%m%d}-"
    assert diamond["number"] == start + issued[DIAMOND][:8].upper()
    assert pearl["number"] == start + issued[PEARL][:8].upper()
    numbers = {
        remittance(council, when, **asked)["lines"][0]["number"]
        for when, asked in ((PERIOD, {}), (PERIOD, {"contract": "APL"}))
    }
    assert len(numbers) == 2


def test_it_says_what_is_open_and_when_each_contract_was_paid(council: Council) -> None:
    def stands(**asked: Any) -> tuple[str, list[str], list[tuple[str, str | None]]]:
        found = remittance(council, organisation="Diamond Home Care Ltd", **asked)
        paid = [(one["contract"], one["paid_on"]) for one in found["advices"][0]["paid"]]
        assert {(line["contract"], line["paid_on"]) for line in found["lines"]} == set(paid)
        return found["state"], found["open_contracts"], paid

    assert stands() == ("current", ["APL", "DAPL"], [("APL", None), ("DAPL", None)])
    council.finalise(PERIOD, "APL")
    assert stands() == ("partially finalised", ["DAPL"], [("APL", None), ("DAPL", None)])
    assert stands(contract="APL") == ("finalised", [], [("APL", None)])
    approve(council, prepare(council, contract="APL"))
    with council.as_owner("payments") as session:
        session.execute(text("UPDATE run_decisions SET decided_at = '2022-11-07T23:30Z'"))
    assert stands() == (
        "partially finalised",
        ["DAPL"],
        [("APL", "2022-11-07"), ("DAPL", None)],
    )
    assert remittance(council)["lines"][-1]["paid_on"] is None
    council.finalise(PERIOD)
    assert stands()[:2] == ("finalised", [])


def test_a_renamed_service_renames_its_subtotal_and_one_that_left_gives_no_name(council: Council) -> None:
    takes_care(council, a_package(1, client=BEA, version=2) | {"service": "Diamond - Zone 7 North"})
    assert [line["service"] for line in remittance(council)["lines"]][:2] == [
        "Diamond - Zone 6",
        "Diamond - Zone 7 North",
    ]
    council.finalise(PERIOD)
    moved = a_package(1, client=BEA, organisation=PEARL, version=3) | {"service": "Pearl - Oxford"}
    takes_care(council, moved)
    ours = remittance(council, organisation="Diamond Home Care Ltd")["lines"]
    assert [(line["service"], line["amount"]) for line in ours] == [
        ("Diamond - Zone 6", "40.00"),
        ("", "20.00"),
    ]


def test_a_provider_and_the_council_see_one_remittance(council: Council) -> None:
    post(council, "5.00", cpli_id=1)
    theirs = remittance(council, organisation="Diamond Home Care Ltd")
    engine = database.engine(council.schemas.url_of("payments_rpc"), "payments")
    try:
        with database.transaction(database.sessions(engine), PROVIDER) as session:
            own = views.describe_remittance(
                session, PROVIDER, start=PERIOD, summary=False, after=0, limit=100, **ALL
            )
    finally:
        engine.dispose()
    assert own == theirs


def test_nothing_is_a_remittance_too(council: Council) -> None:
    found = remittance(council, NEXT)
    assert (found["lines"], found["advices"], found["totals"]["total"]) == ([], [], "0.00")
    assert (found["state"], found["open_contracts"]) == ("current", ["APL", "DAPL"])

"""The real workers against a second calculation of the books (tests/oracle/books.py), under all that can happen.

Every test tells the same story to both, and compares all counts, the books, and what was posted to which period.
"""

import csv
import datetime as dt
import random
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.test_cases import a_made_council
from tests.oracle.books import DAYS
from tests.oracle.lives import Chance
from tests.oracle.story import (
    CONTRACTS,
    DIAMOND,
    FIRST_PERIOD,
    GUIDS,
    PEARL,
    PEARL_DAPL,
    PEARL_SPOT,
    SECOND_PERIOD,
    THIRD_PERIOD,
    ZONE,
    Story,
    a_deletion,
    a_visit,
    a_week,
    changed_visit,
    items_of,
)
from tests.support.care_files import a_care_row
from tests.support.council import Council
from tests.support.pay_rules import a_rate, pay_rules

LATE_VISITS = "Retrospective change to visits data"
LATE_CARE = "Retrospective change to a Care Package Line Item"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def story(council: Council) -> Iterator[Story]:
    """A story to tell to a council that knows nothing yet."""
    story = Story(council)
    yield story
    story.settle()


def tell_council(story: Story, folder: Path) -> dict[Path, list[dict[str, str]]]:
    """Tell a made council in name order; its visits by file."""
    story.care_text((folder / "care.csv").read_text())
    for carers in sorted((folder / "carers").iterdir()):
        story.carers(f"{carers.stem} Ltd", carers.read_text())
    files = {path: rows_of(path) for path in sorted((folder / "visits").glob("*/*.csv"))}
    for path, rows in files.items():
        story.visits(f"{path.parent.name} Ltd", *rows)
    return files


@pytest.mark.parametrize(
    "arguments",
    [
        ("--clients", "60", "--seed", "11", "--weeks", "3", "--faults", "0.3", "--pack", "tight"),
        ("--clients", "100", "--seed", "23", "--weeks", "1", "--faults", "0.1"),
    ],
)
def test_a_made_council_agrees_also_when_its_files_are_sent_again_with_changes(
    story: Story, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    folder = a_made_council(tmp_path / "council", *arguments)
    files = tell_council(story, folder)
    story.compare()

    rnd = random.Random(arguments[3])
    for path, rows in files.items():
        organisation = f"{path.parent.name} Ltd"
        again = [changed_visit(rnd, row) if rnd.random() < 0.2 else row for row in rows]
        counts = story.visits(organisation, *again)
        assert counts["updated"]
        assert counts["unchanged"]
        gone = [row["VisitRef"] for row in rows if rnd.random() < 0.1]
        story.visits(organisation, *map(a_deletion, gone))
        story.visits(
            organisation, *map(a_deletion, gone[::2]), *(r for r in again if r["VisitRef"] in gone[1::4])
        )
    story.compare()

    care = rows_of(folder / "care.csv")
    changed = [changed_care(rnd, row) for row in care if rnd.random() < 0.3]
    story.care(*changed)
    story.compare()


def changed_care(rnd: random.Random, row: dict[str, str]) -> dict[str, str]:
    """The CPLI with another rate, quantity, contribution, end, timetable, authorisation, method or suspension."""
    day = f"{rnd.randrange(4, 15):02}/10/2022"
    change: list[dict[str, str]] = [
        {"UnitCost": rnd.choice(("19.995", "25.3335", "23.226"))},
        {"UnitCost": rnd.choice(("19.995", "25.3335")), "EffectiveFrom": day},
        {"Quantity": rnd.choice(("1.00", "3.25", "0.5"))},
        {"Quantity": rnd.choice(("1.00", "12")), "EffectiveFrom": day},
        {"AssessedContribution": rnd.choice(("", "0", "12.34", "500"))},
        {"AssessedContribution": "20.00", "EffectiveFrom": day, "ContributionCollectedBy": "Provider"},
        {"ContributionCollectedBy": "Provider"},
        {"EndDate": day},
        {"Timetable": ""},
        {"Authorised": "N" if row["Authorised"] == "Y" else "Y"},
        {"PaymentMethod": rnd.choice(("Visits", "Invoice", "Actuals"))},
        {"Suspensions": f"{day}-20/10/2022 holiday"},
        {"ServiceLevel": rnd.choice(("Personal Care", "Home Support")), "ServiceLevelRef": ""},
    ]
    return row | rnd.choice(change)


def diamond_care(cpli_id: int = 1, **cells: Any) -> dict[str, str]:
    """A CPLI of client A100 with Diamond under DAPL at 20.00 an hour, from 1 August 2022."""
    return a_care_row(cpli_id, **cells)


def pearl_care(cpli_id: int, **cells: Any) -> dict[str, str]:
    """A CPLI of client A100 with Pearl."""
    cells = {"OrganisationName": PEARL, "ServiceName": PEARL_DAPL} | cells
    return a_care_row(cpli_id, **{"Contract": CONTRACTS[str(cells["ServiceName"])]} | cells)


def test_visits_that_come_before_their_care_are_paid_when_it_comes_in_pieces(story: Story) -> None:
    story.visits(DIAMOND, *a_week("a", SECOND_PERIOD), *a_week("b", SECOND_PERIOD, SSRef="A200"))
    story.visits(PEARL, *a_week("a", SECOND_PERIOD, ServiceName=PEARL_SPOT))
    story.compare()
    story.care(diamond_care(1, StartDate="05/10/2022"))
    story.compare()
    story.care(pearl_care(3, ServiceName=PEARL_SPOT, UnitCost="24.105", AssessedContribution="61.20"))
    story.care(diamond_care(2, SSRef="A200", EndDate="06/10/2022", ContributionCollectedBy="Provider"))
    story.compare()
    assert story.oracle.books()["unmatched"] == {"before_start": 2, "after_end": 3}


def test_a_visit_deleted_twice_and_brought_back_counts_as_the_rules_say(story: Story) -> None:
    story.care(diamond_care())
    week = a_week("a", SECOND_PERIOD)
    story.visits(DIAMOND, *week)
    assert story.visits(DIAMOND, *week)["unchanged"] == 7
    assert story.visits(DIAMOND, a_deletion("a0"), a_deletion("a1"), a_deletion("a9"))["deleted"] == 2
    again = story.visits(DIAMOND, a_deletion("a0"), week[1], week[2] | {"Comments": "Late"})
    assert (again["unchanged"], again["updated"], again["deleted"]) == (1, 2, 0)
    twice = story.visits(DIAMOND, a_deletion("a3"), a_deletion("a3"), week[4], week[4])
    assert twice["rejected"] == 4
    story.compare()
    story.visits(DIAMOND, *(row | {"PlannedVisitDate": "12/10/2022"} for row in week))
    story.compare()


def test_care_that_changes_later_prices_and_matches_again(story: Story) -> None:
    slots = "; ".join(f"{day} 09:00-10:00" for day in DAYS)
    care = diamond_care(UnitCost="23.226", Timetable=slots, AssessedContribution="88.75")
    story.care(care)
    for monday in (FIRST_PERIOD, SECOND_PERIOD):
        story.visits(DIAMOND, *a_week(f"{monday}", monday, DeliveredExitTime="09:55:55"))
    story.compare()
    for change in (
        {"UnitCost": "25.3335", "EffectiveFrom": "06/10/2022"},
        {"UnitCost": "21.4"},
        {"UnitCost": "25.335", "EffectiveFrom": "06/10/2022", "AssessedContribution": "99.99"},
        {"EndDate": "07/10/2022"},
        {"EndDate": "", "ContributionCollectedBy": "Provider"},
        {"Suspensions": "04/10/2022-05/10/2022 hospital; 09/09/2022-09/09/2022 holiday"},
        {"Authorised": "N"},
        {"PaymentMethod": "Actuals"},
        {"PaymentMethod": "Invoice"},
        {"ServiceLevel": "Home Support"},
        {"ServiceName": ZONE, "Contract": "LWAH"},
        {"StartDate": "08/09/2022"},
        {"OrganisationName": PEARL, "ServiceName": PEARL_DAPL},
        {},
    ):
        story.care(care | change)
        story.compare()


def test_quantity_and_timetable_decide_which_of_two_packages_a_visit_goes_to(story: Story) -> None:
    first = diamond_care(1, Quantity="3.00")
    second = diamond_care(2, Quantity="2.00", UnitCost="30", StartDate="02/08/2022")
    story.care(first, second)
    story.visits(DIAMOND, *a_week("a", SECOND_PERIOD))
    story.compare()
    for row in (
        second | {"Timetable": "Mon 09:00-10:00; Tue 09:00-10:00; Sun 09:00-10:00"},
        first | {"Quantity": "1", "EffectiveFrom": "06/10/2022"},
        first | {"Quantity": "6"},
        second | {"StartDate": "31/07/2022"},
        second | {"Timetable": "", "Unit": "Hr", "Quantity": "0.99"},
        first | {"EndDate": "04/10/2022"},
        first | {"EndDate": "", "PaymentMethod": "Invoice"},
    ):
        story.care(row)
        story.compare()


def test_a_client_is_the_same_under_each_identifier_and_a_late_one_too(story: Story) -> None:
    ada, bea = str(uuid.uuid5(GUIDS, "Ada")).upper(), str(uuid.uuid5(GUIDS, "Bea")).upper()
    by_guid = {"SSRef": "", "ClientRef": ada}
    by_number = {"SSRef": "", "NHSNumber": "943 476 5919"}
    story.visits(DIAMOND, *a_week("s", SECOND_PERIOD), *a_week("g", SECOND_PERIOD, **by_guid))
    story.visits(DIAMOND, *a_week("n", SECOND_PERIOD, **by_number))
    story.care(diamond_care(1, **by_guid))
    story.compare()
    story.care(diamond_care(1, SSRef="A100", ClientRef=ada.lower()))
    story.compare()
    story.care(diamond_care(2, SSRef="A100", NHSNumber="9434765919"))
    story.compare()
    story.care(diamond_care(3, SSRef="A300", ClientRef=bea), diamond_care(4, SSRef="A300", ClientRef=ada))
    story.compare()
    # With an SSRef that is nobody's, the other identifiers are not tried.
    story.visits(DIAMOND, *a_week("x", SECOND_PERIOD, SSRef="A999", ClientRef=ada))
    story.compare()
    assert story.oracle.books()["unmatched"] == {"no_package": 7}


def test_a_package_that_moves_to_another_client_takes_its_charges_along(story: Story) -> None:
    story.care(
        diamond_care(1, AssessedContribution="40"),
        diamond_care(2, ServiceName=ZONE, Contract="LWAH"),
        diamond_care(3, SSRef="A200", AssessedContribution="25", StartDate="04/08/2022"),
    )
    story.visits(DIAMOND, *a_week("a", FIRST_PERIOD), *a_week("b", FIRST_PERIOD, SSRef="A200"))
    story.visits(DIAMOND, *a_week("c", FIRST_PERIOD, ServiceName=ZONE, VisitType="DHF"))
    story.compare()
    story.finalise(FIRST_PERIOD)
    story.care(diamond_care(1, SSRef="A200", AssessedContribution="40"))
    story.compare()
    story.care(
        diamond_care(2, SSRef="A200", ServiceName=ZONE, Contract="LWAH", ContributionCollectedBy="Provider")
    )
    story.compare()
    story.care(diamond_care(1, AssessedContribution="40"))
    story.compare()


def test_packages_in_several_organisations_share_one_contribution(story: Story) -> None:
    story.care(
        diamond_care(5, AssessedContribution="100.00", StartDate="01/08/2022"),
        pearl_care(4, AssessedContribution="88.75", StartDate="02/08/2022"),
        pearl_care(
            6, ServiceName=PEARL_SPOT, AssessedContribution="61.20", StartDate="05/10/2022", UnitCost="24.10"
        ),
    )
    for monday in (SECOND_PERIOD, SECOND_PERIOD + dt.timedelta(days=7)):
        story.visits(DIAMOND, *a_week(f"d{monday}", monday))
        story.visits(PEARL, *a_week(f"p{monday}", monday, ServiceName=PEARL_DAPL, DeliveredExitTime="09:20"))
        story.visits(
            PEARL, *a_week(f"s{monday}", monday, ServiceName=PEARL_SPOT, entry="20:00", exit_="20:40")
        )
    story.compare()
    # In the first week the package of 5 October is not yet in force on the Monday: 88.75 holds; then 61.20.
    assert story.oracle.books()["total_charges"] == "149.95"
    story.care(
        pearl_care(
            4, AssessedContribution="30.00", StartDate="02/08/2022", ContributionCollectedBy="Provider"
        )
    )
    story.compare()
    spot = {"ServiceName": PEARL_SPOT, "StartDate": "05/10/2022", "UnitCost": "24.10"}
    story.care(pearl_care(6, AssessedContribution="", ContributionCollectedBy="Provider", **spot))
    story.compare()
    story.care(pearl_care(6, AssessedContribution="250.55", ContributionCollectedBy="Provider", **spot))
    story.compare()
    story.care(diamond_care(5, EndDate="02/10/2022"), pearl_care(4, EndDate="02/10/2022"))
    story.compare()


def test_a_package_that_starts_within_the_week_brings_its_contribution_when_it_is_alone(story: Story) -> None:
    care = diamond_care(1, StartDate="05/10/2022", AssessedContribution="35.00")
    story.care(care, diamond_care(2, StartDate="01/06/2022", EndDate="31/07/2022", AssessedContribution="5"))
    story.visits(DIAMOND, *a_week("a", SECOND_PERIOD))
    story.compare()
    assert story.oracle.books()["total_charges"] == "35.00"
    story.care(care | {"AssessedContribution": "30.00", "EffectiveFrom": "06/10/2022"})
    story.compare()
    story.care(diamond_care(2, StartDate="01/06/2022", AssessedContribution="5"))
    story.compare()
    assert story.oracle.books()["total_charges"] == "5.00"


def test_what_changes_after_a_period_was_finalised_is_an_adjustment_with_its_reason(story: Story) -> None:
    story.care(diamond_care(AssessedContribution="120.00", ContributionCollectedBy="Provider"))
    story.visits(DIAMOND, *a_week("a", FIRST_PERIOD), *a_week("b", SECOND_PERIOD))
    story.finalise(FIRST_PERIOD)
    before = items_of(story.council, FIRST_PERIOD)

    late = FIRST_PERIOD + dt.timedelta(days=7)
    story.visits(DIAMOND, a_visit("late", late), a_visit("a0", FIRST_PERIOD, VisitType="C", Comments="Out"))
    story.visits(DIAMOND, a_deletion("a1"), a_visit("a2", FIRST_PERIOD + dt.timedelta(days=2), exit_="10:30"))
    story.compare()
    adjustments = [item for item in items_of(story.council, SECOND_PERIOD) if item[1] == "adjustment"]
    assert {item[2] for item in adjustments} == {LATE_VISITS}
    assert sum(Decimal(item[5]) for item in adjustments) == 20 - 20 + 10
    assert {item[4] for item in adjustments} == {"2022-09-05", "2022-09-12"}

    story.finalise(SECOND_PERIOD)
    story.care(diamond_care(UnitCost="21.00", AssessedContribution="120.00", EndDate="08/10/2022"))
    story.compare()
    third = items_of(story.council, THIRD_PERIOD)
    assert {item[1] for item in third if item[0] == "cost"} == {"adjustment"}
    assert {item[2] for item in third} == {LATE_CARE}
    story.visits(DIAMOND, *map(a_deletion, ("late", "b0", "b6")), a_visit("new", THIRD_PERIOD))
    story.care(diamond_care())
    story.compare()
    assert items_of(story.council, FIRST_PERIOD) == before


def test_pay_rules_from_a_date_change_the_open_period_and_adjust_the_finalised_one(story: Story) -> None:
    story.care(diamond_care(AssessedContribution="120.00"))
    story.visits(DIAMOND, *a_week("a", FIRST_PERIOD), *a_week("b", SECOND_PERIOD))
    story.finalise(FIRST_PERIOD)
    before = items_of(story.council, FIRST_PERIOD)

    from_saturday = FIRST_PERIOD + dt.timedelta(days=5)
    story.pay_rules("DAPL", from_saturday, pay_rules(rates=[a_rate("weekend", "150%")], minimum=75))
    story.compare()
    second = items_of(story.council, SECOND_PERIOD)
    assert [(kind, reason) for _, kind, reason, _, monday, _ in second if monday == "2022-09-05"] == [
        ("adjustment", LATE_CARE)
    ]
    assert items_of(story.council, FIRST_PERIOD) == before
    assert story.oracle.books()["weeks"]["1/2022-09-05"][0] == 5 * 3600 + 2 * 4500

    story.pay_rules("DAPL", SECOND_PERIOD, pay_rules())
    story.pay_rules("DAPL", from_saturday, pay_rules(cap=0))
    story.compare()


def test_a_visit_type_is_paid_from_a_planned_date_on_and_finalised_periods_are_adjusted(story: Story) -> None:
    story.care(diamond_care(AssessedContribution="120.00"))
    away = {"VisitType": "H", **dict.fromkeys(("DeliveredVisitDate", "DeliveredEntryTime"), "")}
    rows = (
        a_visit(f"{monday}{i}", monday + dt.timedelta(days=i), **away | {"DeliveredExitTime": ""})
        for monday in (FIRST_PERIOD, SECOND_PERIOD)
        for i in range(7)
    )
    story.visits(DIAMOND, *rows, *a_week("a", SECOND_PERIOD, entry="18:00", exit_="18:30"))
    story.finalise(FIRST_PERIOD)
    story.visit_type("H", FIRST_PERIOD + dt.timedelta(days=5), "planned")
    story.compare()
    assert story.oracle.books()["weeks"]["1/2022-09-05"] == [0, 2 * 3600, "0.00", "40.00"]
    story.visit_type("H", SECOND_PERIOD + dt.timedelta(days=2), "")
    story.visit_type("DHS", SECOND_PERIOD, "planned")
    story.compare()
    story.visit_type("H", FIRST_PERIOD + dt.timedelta(days=5), "")
    story.compare()


def test_periods_are_finalised_contract_by_contract(story: Story) -> None:
    zone = {"ServiceName": ZONE, "Contract": "LWAH", "UnitCost": "23.77"}
    delivered = {"ServiceName": ZONE, "VisitType": "DHF"}
    story.care(diamond_care(1, AssessedContribution="61.20"), diamond_care(2, **zone))
    story.visits(DIAMOND, *a_week("a", FIRST_PERIOD), *a_week("z", FIRST_PERIOD, **delivered))
    story.finalise(FIRST_PERIOD, "LWAH")
    story.visits(DIAMOND, a_deletion("a0"), a_deletion("z0"))
    story.care(diamond_care(2, **zone | {"UnitCost": "24.00"}), diamond_care(1, AssessedContribution="71.20"))
    story.compare()
    story.visits(DIAMOND, *a_week("y", SECOND_PERIOD, **delivered))
    story.finalise(SECOND_PERIOD, "LWAH")
    story.compare()
    story.finalise(FIRST_PERIOD, "DAPL")
    story.care(diamond_care(1, AssessedContribution="10.00"))
    story.visits(DIAMOND, a_deletion("a1"), a_deletion("z1"), a_deletion("y1"))
    story.compare()
    story.visits(DIAMOND, *a_week("c", SECOND_PERIOD))
    story.finalise(SECOND_PERIOD)
    story.visits(DIAMOND, a_deletion("c0"), a_deletion("y0"))
    story.compare()


def test_the_last_contract_finalised_finalises_the_charges_also_when_it_was_ahead_of_the_others(
    story: Story,
) -> None:
    zone = {"ServiceName": ZONE, "Contract": "LWAH"}
    story.care(diamond_care(1), diamond_care(2, SSRef="A200", **zone))
    story.visits(DIAMOND, *a_week("a", FIRST_PERIOD))
    story.finalise(FIRST_PERIOD, "DAPL")
    story.visits(DIAMOND, *a_week("z", SECOND_PERIOD, SSRef="A200", ServiceName=ZONE, VisitType="DHF"))
    story.finalise(SECOND_PERIOD, "LWAH")  # the first period holds nothing of LWAH and is finalised along
    story.care(diamond_care(1, AssessedContribution="10.00"))
    story.compare()


def test_an_adjustment_stays_where_it_is_when_its_package_moves_to_a_contract_whose_period_is_open(
    story: Story,
) -> None:
    zone = {"ServiceName": ZONE, "Contract": "LWAH"}
    story.care(diamond_care(1), diamond_care(2, SSRef="A200", **zone), diamond_care(3, SSRef="A300"))
    story.visits(DIAMOND, *a_week("a", FIRST_PERIOD, ServiceName="")[:3])
    story.finalise(FIRST_PERIOD, "DAPL")
    story.visits(DIAMOND, *a_week("b", FIRST_PERIOD, ServiceName="")[4:6])
    story.compare()
    story.care(diamond_care(1, **zone))
    story.compare()
    story.visits(DIAMOND, a_deletion("b4"))
    story.compare()
    first, second = (items_of(story.council, period) for period in (FIRST_PERIOD, SECOND_PERIOD))
    assert [item[-1] for item in (*first, *second)] == ["60.00", "-20.00", "40.00"]


def test_what_was_paid_too_much_comes_off_what_is_paid_later(story: Story) -> None:
    zone = {"ServiceName": ZONE, "Contract": "LWAH"}
    story.care(diamond_care(1), diamond_care(2, **zone), pearl_care(3))
    story.visits(DIAMOND, *a_week("a", FIRST_PERIOD), *a_week("b", SECOND_PERIOD)[:2])
    story.finalise(FIRST_PERIOD)
    story.visits(DIAMOND, *(a_deletion(f"a{i}") for i in range(6)))
    story.finalise(SECOND_PERIOD)
    story.compare()
    assert items_of(story.council, SECOND_PERIOD)[-1][1:3] == (
        "debt_carried",
        "The total was below nothing: it comes off a later payment",
    )
    third = ("c", THIRD_PERIOD), ("d", THIRD_PERIOD + dt.timedelta(days=7))
    story.visits(DIAMOND, *a_week(*third[0])[:1])
    for name, monday in third:
        story.visits(
            DIAMOND, *a_week(f"z{name}", monday, ServiceName=ZONE, VisitType="DHF", DeliveredExitTime="09:15")
        )
    story.finalise(THIRD_PERIOD)
    story.compare()
    assert story.oracle.debts.heaps[0].owed == 0


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_whatever_happens_in_whatever_order_the_books_agree(story: Story, seed: int) -> None:
    chance = Chance(seed, story)
    try:
        chance.go(30)
    except BaseException:
        print("after", len(chance.log), "operations:", *chance.log)
        raise

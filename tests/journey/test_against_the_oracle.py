"""The real workers against a second calculation of the books (tests/oracle.py), under all that can happen.

Every test tells the same story to both, and compares all counts, the books, and what was posted to which period.
"""

import csv
import datetime as dt
import io
import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.errors import Refused
from libs.common.rpc import SYSTEM
from services.matching import circumstances, store
from services.payments.pay_rules import set_pay_rules
from tests.care_files import a_care_file, a_care_row
from tests.council import Council
from tests.journey.test_cases import a_made_council
from tests.oracle import DAYS, HEADINGS, Oracle, fold
from tests.pay_rules import a_rate, pay_rules, some_pay_rules
from tests.schemas import Schemas
from tests.waiting import wait_until

DIAMOND, PEARL = "Diamond Home Care Ltd", "Pearl Care Ltd"
DAPL, ZONE = "Diamond Home Care - DAPL Oxford", "Diamond Home Care - Zone 6 - Oxford"
PEARL_DAPL, PEARL_SPOT, PEARL_HTLAH = "Pearl Care - DAPL Vale", "Pearl Care - Spot", "Pearl Care - HTLAH"
CONTRACTS = {DAPL: "DAPL", ZONE: "LWAH", PEARL_DAPL: "DAPL", PEARL_SPOT: "Spot", PEARL_HTLAH: "HTLAH"}
SERVICES = {DIAMOND: (DAPL, ZONE), PEARL: (PEARL_DAPL, PEARL_SPOT, PEARL_HTLAH)}
GUIDS = uuid.UUID("6c1f4f0a-53d5-4a52-8f2a-94b7a1b7a001")
FIRST_PERIOD = dt.date(2022, 9, 5)
SECOND_PERIOD = dt.date(2022, 10, 3)
THIRD_PERIOD = dt.date(2022, 10, 31)
LATE_VISITS = "Retrospective change to visits data"
LATE_CARE = "Retrospective change to a Care Package Line Item"


class Story:
    """Tells a council and the oracle the same things, and compares what they make of them."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self.oracle = Oracle()

    def care(self, *rows: dict[str, str]) -> None:
        self.care_text(a_care_file(*rows))

    def care_text(self, content: str) -> None:
        """Import care on both sides; what a visits file is checked against has arrived afterwards."""
        document = self.council.import_care(content)
        assert document["state"] == "imported", document
        accepted = self.oracle.care(content)
        counts = document["counts"]
        assert counts["new"] + counts["changed"] + counts["unchanged"] == accepted, document["errors"]
        self.settle()

    def carers(self, organisation: str, content: str) -> None:
        self.council.import_carers(organisation, content)
        self.oracle.carers(organisation, content)

    def visits(self, organisation: str, *rows: dict[str, str]) -> dict[str, int]:
        return self.visits_text(organisation, a_visits_file(rows))

    def visits_text(self, organisation: str, content: str) -> dict[str, int]:
        """Import and confirm visits on both sides: the counts, which are equal."""
        file = self.council.import_visits(organisation, content)
        assert file["state"] == "applied", file
        counts = self.oracle.visits(organisation, content)
        assert file["counts"] == counts | {k: v for k, v in file["counts"].items() if k not in counts}
        return counts

    def stay(
        self, identifier: tuple[str, str], kind: str, first: dt.date, last: dt.date | None
    ) -> str | None:
        """Enter a circumstance of a client on both sides; its id, None where it overlaps with another."""
        by = {"SSRef": "S", "ClientRef": "C", "NHSNumber": "N"}[identifier[0]] + f":{identifier[1]}"
        try:
            with self.council.sessions["matching"].begin() as s:
                facts = {"kind": kind, "from_on": first, "to_on": last, "note": ""}
                client_id = uuid.UUID(store.clients_by_identifier(s, [by])[by])
                stay_id = circumstances.enter(s, SYSTEM, client_id=client_id, **facts)
        except Refused as refused:
            if refused.code != "overlaps":
                raise
            return None
        self.oracle.stay(stay_id, identifier, kind, first, last or dt.date.max)
        return stay_id

    def no_stay(self, stay_id: str) -> None:
        """Withdraw a circumstance on both sides."""
        with self.council.sessions["matching"].begin() as s:
            circumstances.withdraw(s, SYSTEM, circumstance_id=uuid.UUID(stay_id), note="an error")
        self.oracle.no_stay(stay_id)

    def finalise(self, start: dt.date, contract: str | None = None) -> None:
        self.settle()
        self.council.finalise(start, contract)
        self.oracle.finalise(start, contract)

    def pay_rules(self, contract: str, start: dt.date, rules: dict[str, Any]) -> None:
        """Set pay rules on both sides."""
        self.settle()
        with self.council.payments() as s:
            set_pay_rules(s, contract=contract, effective_from=start, rules=rules, who="a tester")
        self.oracle.pay_rules(contract, start, rules)
        self.settle()

    def settle(self) -> None:
        wait_until(self.council.is_settled, seconds=60)

    def compare(self) -> None:
        """Books, sums by period and organisation, and the council's own proof."""
        assert self.council.books() == self.oracle.books()
        assert posted_sums(self.council) == self.oracle.sums()
        assert self.council.differences() == []


def posted_sums(council: Council) -> dict[tuple[str, ...], Decimal]:
    """What was posted by (series, period, organisation), as the oracle says it."""
    with council.payments() as s:
        items = s.execute(
            text(
                "SELECT CASE series WHEN 'cost' THEN 'payable' ELSE 'deduction' END, period_start::text, o.name,"
                " sum(CASE series WHEN 'cost' THEN amount ELSE -amount END)"
                " FROM items JOIN organisations o USING (organisation_id) GROUP BY 1, 2, 3"
            )
        ).all()
        charges = s.execute(text("SELECT period_start::text, sum(amount) FROM charges GROUP BY 1")).all()
    sums = {(series, period, fold(name)): amount for series, period, name, amount in items}
    sums |= {("charge", period): amount for period, amount in charges}
    return {key: amount for key, amount in sums.items() if amount}


def items_of(council: Council, period: dt.date) -> list[tuple[str, str, str, int, str, str]]:
    """A period's items: series, kind, reason, CPLI, Monday and pounds."""
    with council.payments() as s:
        rows = s.execute(
            text(
                "SELECT series, kind, reason, cpli_id, monday::text, amount::text FROM items"
                " WHERE period_start = :period ORDER BY cpli_id, monday, series, ordinal"
            ),
            {"period": period},
        )
        return [tuple(row) for row in rows]


def a_visit(
    ref: str, on: str | dt.date, entry: str = "09:00", exit_: str = "10:00", **cells: str
) -> dict[str, str]:
    """A visit to client A100 by Diamond under DAPL, delivered as planned when its type is a delivered one."""
    day = on.strftime("%d/%m/%Y") if isinstance(on, dt.date) else on
    row = dict.fromkeys(HEADINGS, "") | {
        "VisitRef": ref,
        "PlannedVisitDate": day,
        "PlannedEntryTime": entry,
        "PlannedExitTime": exit_,
        "VisitType": "DHS",
        "SSRef": "A100",
        "ServiceLevel": "Personal Care",
        "ServiceName": DAPL,
    }
    row |= cells
    if row["VisitType"] in ("DHS", "DHF", "E"):
        given = {name: cells[name] for name in cells if name.startswith("Delivered")}
        row |= {"DeliveredVisitDate": day, "DeliveredEntryTime": entry, "DeliveredExitTime": exit_} | given
    return row


def a_deletion(ref: str) -> dict[str, str]:
    return dict.fromkeys(HEADINGS, "") | {"VisitRef": ref, "Deleted": "1"}


def a_visits_file(rows: Sequence[dict[str, str]]) -> str:
    """These rows as CSV; every file's bytes are its own, as the same bytes may not be confirmed twice."""
    content = io.StringIO(newline="")
    writer = csv.DictWriter(content, [*HEADINGS, f"Sent {uuid.uuid4()}"], restval="")
    writer.writeheader()
    writer.writerows(rows)
    return content.getvalue()


def a_week(prefix: str, monday: dt.date, **cells: str) -> list[dict[str, str]]:
    """Seven visits of an hour."""
    return [a_visit(f"{prefix}{i}", monday + dt.timedelta(days=i), **cells) for i in range(7)]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def working_council(schemas: Callable[[], Schemas], rabbitmq: Any) -> Iterator[Council]:
    """One council and its workers for all stories."""
    council = Council(schemas())
    name = f"test-{uuid.uuid4().hex[:12]}"
    with council.working(rabbitmq.add_vhost(name)):
        yield council
    council.close()
    rabbitmq.delete_vhost(name)


@pytest.fixture
def story(working_council: Council) -> Iterator[Story]:
    """A story to tell to a council that knows nothing yet."""
    story = Story(working_council)
    yield story
    story.settle()
    working_council.empty()


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


def changed_visit(rnd: random.Random, row: dict[str, str]) -> dict[str, str]:
    """The visit with something else in one or a few cells."""
    hour = rnd.randrange(6, 22)
    change: dict[str, Callable[[], dict[str, str]]] = {
        "times": lambda: {
            "PlannedEntryTime": f"{hour}:00",
            "PlannedExitTime": f"{hour}:{rnd.choice((15, 30, 45))}",
        },
        "exit": lambda: {"DeliveredExitTime": "23:59:59"} if row["DeliveredExitTime"] else {},
        "type": lambda: not_delivered(rnd.choice(("C", "U", "C24", "H"))),
        "level": lambda: {
            "ServiceLevel": rnd.choice(("Personal Care", "home  support", "HTLAH – Maintenance"))
        },
        "service": lambda: {"ServiceName": "", "ServiceRef": ""},
        "unknown": lambda: {"ServiceName": "A service that nobody knows", "ServiceRef": ""},
        "comment": lambda: {"Comments": rnd.choice(("", "On the phone"))},
        "day": lambda: {"PlannedVisitDate": f"{rnd.randrange(3, 17):02}/10/2022"},
    }
    return row | change[rnd.choice(sorted(change))]()


def not_delivered(type_: str) -> dict[str, str]:
    empty = dict.fromkeys(("DeliveredVisitDate", "DeliveredEntryTime", "DeliveredExitTime"), "")
    return empty | {"VisitType": type_, "Comments": "Away"}


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


class Chance:
    """Draws a council's life: care, visits, corrections and periods, the same for the same seed."""

    LEVELS = (
        "Personal Care",
        "Personal Care",
        "Personal Care",
        "Home Support",
        "HTLAH Maintenance",
        "Live in care",
    )
    WEEKS = tuple(FIRST_PERIOD + dt.timedelta(days=7 * i) for i in range(10))

    def __init__(self, seed: int, story: Story) -> None:
        self.rnd = random.Random(seed)
        self.rnd_of_rules = random.Random(seed)
        self.story = story
        self.clients = [self.a_client(i) for i in range(8)]
        self.care: dict[int, dict[str, str]] = {}
        self.sent: dict[str, dict[str, dict[str, str]]] = {DIAMOND: {}, PEARL: {}}
        self.log: list[str] = []

    def a_client(self, number: int) -> dict[str, str]:
        everything = {
            "SSRef": f"A{100 + number}",
            "ClientRef": self.guid(f"client {number}"),
            "NHSNumber": f"94347659{10 + number}",
        }
        kept = self.rnd.choice(
            (("SSRef",), ("SSRef", "ClientRef"), ("ClientRef",), ("ClientRef", "NHSNumber"))
        )
        return {name: everything[name] if name in kept else "" for name in everything} | {
            "number": str(number)
        }

    @staticmethod
    def guid(name: str) -> str:
        return str(uuid.uuid5(GUIDS, name)).upper()

    def day(self, first: int = -10, last: int = 70) -> dt.date:
        return FIRST_PERIOD + dt.timedelta(days=self.rnd.randrange(first, last))

    def time(self) -> int:
        return self.rnd.randrange(7 * 4, 24 * 4) * 15

    def go(self, operations: int) -> None:
        self.new_care(12)
        for i in range(operations):
            operation = self.rnd.choices(
                (
                    self.week_of_visits,
                    self.corrections,
                    self.changed_care,
                    self.new_care,
                    self.identifier,
                    self.finalise,
                    self.stay,
                ),
                (5, 5, 6, 1, 1, 1, 2),
            )[0]
            self.log.append(operation.__name__)
            operation()
            if i % 6 == 5:
                self.pay_rules()
            if i % 4 == 3:
                self.story.compare()
        self.story.compare()

    def new_care(self, count: int = 2) -> None:
        rows = [self.a_package(len(self.care) + i + 1) for i in range(count)]
        self.send_care(rows)

    def a_package(self, cpli_id: int) -> dict[str, str]:
        rnd = self.rnd
        organisation = rnd.choice((DIAMOND, DIAMOND, PEARL))
        service = rnd.choice(SERVICES[organisation])
        level = rnd.choice(self.LEVELS)
        start = self.day(-60, 20)
        return a_care_row(
            cpli_id,
            **self.who(rnd.choice(self.clients)),
            OrganisationName=organisation,
            OrganisationRef=self.guid(organisation),
            ServiceName=service,
            ServiceRef=self.guid(service),
            Contract=CONTRACTS[service],
            ServiceLevel=level,
            ServiceLevelRef=self.guid(level),
            StartDate=start,
            EndDate=rnd.choice(("", "", "", start + dt.timedelta(days=rnd.randrange(40)))),
            Quantity=rnd.choice(("0.50", "1.25", "2.00", "3.5", "7")),
            UnitCost=rnd.choice(("20", "23.226", "23.77", "19.9995")),
            Timetable=self.timetable(),
            AssessedContribution=self.contribution(),
            ContributionCollectedBy=rnd.choice(("Council", "Council", "Provider", "")),
        )

    def who(self, client: dict[str, str]) -> dict[str, str]:
        return {name: client[name] for name in ("SSRef", "ClientRef", "NHSNumber")}

    def timetable(self) -> str:
        slots = []
        for _ in range(self.rnd.choice((0, 1, 2))):
            entry = self.rnd.choice((8, 9, 20)) * 60
            slots += [f"{day} {hhmm(entry)}-{hhmm(entry + 30)}" for day in DAYS if self.rnd.random() < 0.8]
        return "; ".join(slots)

    def contribution(self) -> str:
        return self.rnd.choice(("", "0", "0.00", "9.995", "12.34", "35.50", "61.20"))

    def send_care(self, rows: Sequence[dict[str, str]]) -> None:
        self.story.care(*rows)
        self.care |= {int(row["CpliId"]): row | {"EffectiveFrom": ""} for row in rows}

    def changed_care(self) -> None:
        rows = []
        for cpli_id in self.rnd.sample(sorted(self.care), self.rnd.choice((1, 1, 2, 4))):
            row = dict(self.care[cpli_id])
            for _ in range(self.rnd.choice((1, 1, 2))):
                row |= self.a_care_change(row)
            rows.append(row)
        self.send_care(rows)

    def a_care_change(self, row: dict[str, str]) -> dict[str, str]:
        rnd = self.rnd
        day = str(self.day())
        service = rnd.choice(SERVICES[rnd.choice((DIAMOND, PEARL))])
        organisation = DIAMOND if service in SERVICES[DIAMOND] else PEARL
        level = rnd.choice(self.LEVELS)
        last = str(self.day(0, 60) + dt.timedelta(days=20))
        return rnd.choice(
            (
                {"UnitCost": rnd.choice(("20.01", "23.226", "27.3335", "0"))},
                {"UnitCost": rnd.choice(("18.5", "23.79", "30.0005")), "EffectiveFrom": day},
                {"Quantity": rnd.choice(("0.25", "1", "2.75", "5"))},
                {"Quantity": rnd.choice(("0.25", "1", "2.75", "5")), "EffectiveFrom": day},
                {"AssessedContribution": self.contribution()},
                {"AssessedContribution": self.contribution(), "EffectiveFrom": day},
                {"ContributionCollectedBy": rnd.choice(("Council", "Provider"))},
                {"StartDate": str(self.day(-60, 0))},
                {"EndDate": last},
                {"EndDate": ""},
                {"EndDate": "2020-01-01"},
                {"Timetable": self.timetable()},
                {"Authorised": rnd.choice("YN"), "PaymentMethod": "Visits"},
                {"Authorised": "Y", "PaymentMethod": rnd.choice(("Visits", "Actuals", "Invoice"))},
                {"Suspensions": f"{self.day(0, 30):%d/%m/%Y}-{self.day(30, 60):%d/%m/%Y} hospital"},
                {"Suspensions": ""},
                {"ServiceLevel": level, "ServiceLevelRef": self.guid(level)},
                {
                    "OrganisationName": organisation,
                    "OrganisationRef": self.guid(organisation),
                    "ServiceName": service,
                    "ServiceRef": self.guid(service),
                    "Contract": CONTRACTS[service],
                },
                self.who(rnd.choice(self.clients)),
                {"Unit": "Day"},
            )
        )

    def identifier(self) -> None:
        """A client gets another identifier: a new one, or one that may be somebody else's."""
        client = self.rnd.choice(self.clients)
        theirs = [i for i, row in self.care.items() if self.who(row) == self.who(client)]
        lender = client if self.rnd.random() < 0.7 else self.rnd.choice(self.clients)
        name = self.rnd.choice(("SSRef", "ClientRef", "NHSNumber"))
        number = lender["number"]
        value = {"SSRef": f"A{100 + int(number)}", "ClientRef": self.guid(f"client {number}")}
        row = {name: value.get(name, f"94347659{10 + int(number)}")}
        if theirs:
            self.send_care([self.care[theirs[0]] | row])
            if lender is client:
                client |= row

    def week_of_visits(self) -> None:
        organisation = self.rnd.choice((DIAMOND, PEARL))
        monday = self.rnd.choice(self.WEEKS)
        rows = [self.a_visit(organisation, monday, f"{len(self.sent[organisation]) + i}") for i in range(25)]
        self.send_visits(organisation, rows)

    def a_visit(self, organisation: str, monday: dt.date, ref: str) -> dict[str, str]:
        rnd = self.rnd
        package = rnd.choice([p for p in self.care.values() if p["OrganisationName"] == organisation] or [{}])
        package = package or self.a_package(0)
        client = rnd.choice(self.clients) if rnd.random() < 0.1 else package
        named = [name for name in ("SSRef", "ClientRef", "NHSNumber") if client[name]]
        level = package["ServiceLevel"] if rnd.random() < 0.9 else rnd.choice(self.LEVELS)
        entry = rnd.choice((8, 9, 20)) * 60 if rnd.random() < 0.6 else self.time()
        length = rnd.choice((15, 30, 30, 30, 45, 60))
        delivered = (entry + rnd.randrange(0, 9), hhmm(entry + length + rnd.choice((0, 0, 7, 90))))
        cells = {
            "VisitType": rnd.choice(("DHS", "DHS", "DHS", "DHF", "E", "C", "U", "C24", "H", "X")),
            "Comments": rnd.choice(("", "Said why")),
            "SSRef": "",
            rnd.choice(named): "",
            "ServiceLevel": level,
            "ServiceLevelRef": self.guid(level) if rnd.random() < 0.2 and level in self.levels_said() else "",
            "ServiceName": package["ServiceName"] if rnd.random() < 0.8 else "",
        }
        one = rnd.choice(named)
        cells |= {name: client[name] for name in named if name == one or rnd.random() < 0.3}
        if rnd.random() < 0.05:
            cells["ServiceName"] = rnd.choice((*SERVICES[organisation], "Nobody's"))
        elif rnd.random() < 0.1:
            cells["ServiceRef"] = self.guid(rnd.choice((DAPL, ZONE, PEARL_DAPL, PEARL_SPOT)))
        if cells["VisitType"] in ("DHS", "DHF", "E"):
            cells["DeliveredEntryTime"] = hhmm(delivered[0])
            cells["DeliveredExitTime"] = delivered[1] + rnd.choice(("", "", ":07"))
        day = monday + dt.timedelta(days=rnd.randrange(7))
        return a_visit(ref, day, hhmm(entry), hhmm(entry + length), **cells)

    def levels_said(self) -> set[str]:
        return {row["ServiceLevel"] for row in self.care.values()}

    def corrections(self) -> None:
        """A file with some visits as before, some changed, some deleted."""
        organisation = self.rnd.choice((DIAMOND, PEARL))
        sent = self.sent[organisation]
        rows = []
        for ref in self.rnd.sample(sorted(sent), min(len(sent), 30)):
            kind = self.rnd.choice(("same", "changed", "other", "gone"))
            if kind == "same":
                rows.append(sent[ref])
            elif kind == "gone":
                rows.append(a_deletion(ref))
            elif kind == "other":
                rows.append(self.a_visit(organisation, self.rnd.choice(self.WEEKS), ref))
            else:
                rows.append(sent[ref] | changed_visit(self.rnd, sent[ref]))
        self.send_visits(organisation, rows)

    def send_visits(self, organisation: str, rows: Sequence[dict[str, str]]) -> None:
        if rows:
            self.story.visits(organisation, *rows)
            self.sent[organisation] |= {row["VisitRef"]: row for row in rows if not row["Deleted"]}

    def stay(self) -> None:
        """A client is away, or an entry that said so was an error."""
        stays = self.story.oracle.stays
        if stays and self.rnd.random() < 0.3:
            self.story.no_stay(self.rnd.choice(list(stays)))
            return
        known = sorted(self.story.oracle.identifiers)
        first = self.day(0, 60)
        last = self.rnd.choice((None, first + dt.timedelta(days=self.rnd.randrange(14))))
        kind = self.rnd.choice(("hospital", "hospital", "holiday", "residential_care", "respite"))
        self.story.stay(self.rnd.choice(known), kind, first, last)

    def pay_rules(self) -> None:
        """Other pay rules for a contract, or none any more."""
        rnd = self.rnd_of_rules
        contract = rnd.choice(sorted({row["Contract"] for row in self.care.values()}))
        start = FIRST_PERIOD + dt.timedelta(days=rnd.randrange(-10, 60))
        self.story.pay_rules(contract, start, some_pay_rules(rnd) if rnd.random() < 0.9 else pay_rules())

    def finalise(self) -> None:
        """The next period of all, or of one contract; the last weeks stay open."""
        oracle = self.story.oracle
        contract = self.rnd.choice((None, *sorted({row["Contract"] for row in self.care.values()})))
        through = max(oracle.all_finalised_through, oracle.finalised_through.get(contract or "", dt.date.min))
        start = FIRST_PERIOD if through < FIRST_PERIOD else through + dt.timedelta(days=28)
        if start <= SECOND_PERIOD:
            self.story.finalise(start, contract)


def hhmm(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_whatever_happens_in_whatever_order_the_books_agree(story: Story, seed: int) -> None:
    chance = Chance(seed, story)
    try:
        chance.go(30)
    except BaseException:
        print("after", len(chance.log), "operations:", *chance.log)
        raise

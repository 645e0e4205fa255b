"""The final books are the same whatever the order, and however often messages are delivered (DESIGN 1, State converges)."""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.payments.pay_rules.steps import note
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.pay_rules import some_pay_rules
from tests.support.builders.visit_files import a_file, a_row
from tests.support.council.council import Council
from tests.support.council.delivery import Delivery
from tests.support.run.schemas import Schemas

DAYS = ("03/10/2022", "04/10/2022", "08/10/2022", "11/10/2022")
TIMES = (("08:00", "09:00"), ("09:00", "09:30"), ("23:30", "00:30"))
TIMETABLES = ("", "Mon 08:00-09:00; Tue 09:00-09:30", "Sat 23:30-00:30; Tue 08:00-09:00")
CLIENTS = ("A100", "A200")
PROVIDERS = ("Diamond Home Care Ltd", "Pearl Carers Ltd")

a_package = st.fixed_dictionaries(
    {
        "SSRef": st.sampled_from(CLIENTS),
        "OrganisationName": st.sampled_from(PROVIDERS),
        "StartDate": st.sampled_from(("01/08/2022", "04/10/2022")),
        "EndDate": st.sampled_from(("", "", "07/10/2022")),
        "Quantity": st.sampled_from(("1.00", "2.00", "7.00")),
        "UnitCost": st.sampled_from(("20.00", "23.226")),
        "Timetable": st.sampled_from(TIMETABLES),
        "AssessedContribution": st.sampled_from(("", "0.00", "12.50", "35.00")),
        "ContributionCollectedBy": st.sampled_from(("Council", "Provider")),
        "Authorised": st.sampled_from(("Y", "Y", "Y", "N")),
    }
)
a_new_term = st.fixed_dictionaries(
    {
        "EffectiveFrom": st.sampled_from(("05/10/2022", "10/10/2022")),
        "UnitCost": st.sampled_from(("21.00", "25.00")),
        "Quantity": st.sampled_from(("1.00", "9.00")),
        "AssessedContribution": st.sampled_from(("", "5.00", "50.00")),
    }
)


@st.composite
def a_visit(draw: st.DrawFn) -> dict[str, str]:
    kind = draw(st.sampled_from(("DHS", "DHS", "E", "U", "C24", "H")))
    day, (entry, exit_) = draw(st.sampled_from(DAYS)), draw(st.sampled_from(TIMES))
    is_delivered = kind in ("DHS", "E")
    return {
        "VisitType": kind,
        "PlannedVisitDate": day,
        "PlannedEntryTime": entry,
        "PlannedExitTime": exit_,
        "DeliveredVisitDate": day if is_delivered else "",
        "DeliveredEntryTime": entry if is_delivered else "",
        "DeliveredExitTime": draw(st.sampled_from((exit_, "09:47:13"))) if is_delivered else "",
        "Comments": "As agreed",
        "SSRef": draw(st.sampled_from((*CLIENTS, "A900"))),
        "ServiceName": "",
        "OrganisationName": "",
        "OrganisationRef": "",
    }


Import = tuple[str, str, str]  # what, for whom (rules: from when), the file (rules: the seed that makes them)
RULES_FROM = ("2022-10-01", "2022-10-05")


@st.composite
def imports(draw: st.DrawFn) -> list[Import]:
    """Care in up to three files, visits in up to three, pay rules of two dates: none replaces what another says."""
    packages = draw(st.lists(a_package, min_size=1, max_size=4))
    rows = [
        a_care_row(n, ServiceName=f"{p['OrganisationName']} - DAPL", **p) for n, p in enumerate(packages, 1)
    ]
    rows += [row | draw(a_new_term) for row in rows if draw(st.booleans())]
    files: list[Import] = [("care", "", a_care_file(*part)) for part in draw(parts_of(rows))]
    for provider in PROVIDERS:
        visits = draw(st.lists(a_visit(), max_size=8))
        cells = [a_row(**visit | {"VisitRef": f"V{n}"}) for n, visit in enumerate(visits)]
        files += [("visits", provider, a_file(*part)) for part in draw(parts_of(cells))]
    seeds = draw(st.lists(st.integers(0, 99), max_size=2))
    files += [("rules", day, str(seed)) for day, seed in zip(RULES_FROM, seeds, strict=False)]
    return files


def parts_of(rows: list[Any]) -> st.SearchStrategy[list[list[Any]]]:
    """The rows in one or two files, in order."""
    return st.integers(0, len(rows)).map(lambda at: [part for part in (rows[:at], rows[at:]) if part])


@pytest.fixture(scope="module")
def emptied_council(schemas: Callable[[], Schemas]) -> Iterator[Council]:
    council = Council(schemas())
    yield council
    council.close()


def books_after(council: Council, files: list[Import], choice: random.Random, copies: int) -> dict[str, Any]:
    """The books after these imports in this order, with messages delivered in between and after, in any order."""
    council.empty()
    delivery = Delivery(council, choice, copies=copies)
    for what, provider, content in files:
        if what == "care":
            delivery.import_care(content)
        elif what == "rules":
            set_rules(council, dt.date.fromisoformat(provider), int(content))
        else:
            delivery.import_visits(provider, content)
        delivery.deliver_some(choice.randrange(4))
    delivery.deliver_all()
    assert council.differences() == []
    return council.books_now() | council.money()


def set_rules(council: Council, start: dt.date, seed: int) -> None:
    """Set pay rules, be the contract known in payments yet or not."""
    rules = some_pay_rules(random.Random(seed))
    with council.payments() as session:
        note(session, contract="DAPL", effective_from=start, rules=rules, who="a tester")


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(files=imports(), seed=st.integers(0, 2**32))
def test_the_books_do_not_depend_on_the_order_of_files_nor_on_repeated_or_shuffled_messages(
    emptied_council: Council, files: list[Import], seed: int
) -> None:
    choice = random.Random(seed)
    in_order = books_after(emptied_council, files, random.Random(0), copies=1)
    shuffled = files.copy()
    choice.shuffle(shuffled)
    assert books_after(emptied_council, shuffled, choice, copies=3) == in_order


def test_an_organisation_whose_visits_pay_nothing_stands_in_the_books_with_pence(
    emptied_council: Council,
) -> None:
    provider = PROVIDERS[0]
    hospital = {"VisitType": "H", "DeliveredVisitDate": "", "DeliveredEntryTime": "", "DeliveredExitTime": ""}
    names = {"OrganisationName": "", "OrganisationRef": "", "ServiceName": "", "SSRef": "A100"}
    care = a_care_file(
        a_care_row(1, SSRef="A100", OrganisationName=provider, ServiceName=f"{provider} - DAPL")
    )
    files: list[Import] = [
        ("care", "", care),
        ("visits", provider, a_file(a_row(VisitRef="V0", PlannedVisitDate=DAYS[0], **names, **hospital))),
    ]
    assert books_after(emptied_council, files, random.Random(0), copies=1)["payable"] == {provider: "0.00"}

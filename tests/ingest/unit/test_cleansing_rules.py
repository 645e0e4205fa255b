"""What rows name that fits nothing (RULES 16, before go-live)."""

from __future__ import annotations

import datetime as dt

import pytest

from services.ingest.cleansing.rules import (
    CARERS,
    CLIENTS,
    LEVELS,
    SERVICES,
    Named,
    RejectedCell,
    fits,
    misfits,
    named_in,
)
from tests.support.builders.visit_files import (
    DAPL,
    DAPL_REF,
    FOREIGN_SERVICE_REF,
    OTHER_REF,
    PERSONAL_CARE_REF,
    a_reference,
)

MONDAY, SUNDAY = dt.date(2022, 10, 3), dt.date(2022, 10, 9)


@pytest.mark.parametrize(
    ("named", "is_known"),
    [
        (Named(LEVELS, "personal  CARE"), True),
        (Named(LEVELS, PERSONAL_CARE_REF.lower()), True),
        (Named(LEVELS, "Personnal Care"), False),
        (Named(LEVELS, OTHER_REF), False),
        (Named(SERVICES, DAPL.upper()), True),
        (Named(SERVICES, DAPL_REF), True),
        (Named(SERVICES, DAPL, OTHER_REF), True),
        (Named(SERVICES, "Night Owls", DAPL_REF), True),
        (Named(SERVICES, "Night Owls"), False),
        (Named(SERVICES, FOREIGN_SERVICE_REF), False),
        (Named(CARERS, "C1"), True),
        (Named(CARERS, "c1"), False),
    ],
)
def test_what_the_council_or_the_provider_knows_fits(named: Named, is_known: bool) -> None:
    assert fits(a_reference(), named) == is_known


def test_what_fits_nothing_is_counted_with_the_nearest() -> None:
    named = [
        (Named(CARERS, "C11"), 4),
        (Named(LEVELS, "Personnal Care"), 2),
        (Named(SERVICES, "Diamond Home Care DAPL Oxfrd", ""), 1),
        (Named(SERVICES, "Diamond Home Care DAPL Oxfrd", OTHER_REF), 2),
        (Named(LEVELS, "Gardening"), 5),
        (Named(CLIENTS, "A1", "S"), 9),
        (Named(LEVELS, "Personal Care"), 7),
    ]
    reference = a_reference(carers=frozenset({"C1", "C111", "X9"}))
    assert [tuple(one.values()) for one in misfits(reference, named)] == [
        (LEVELS, "Gardening", 5, []),
        (LEVELS, "Personnal Care", 2, ["Personal Care"]),
        (SERVICES, "Diamond Home Care DAPL Oxfrd", 3, [DAPL]),
        (CARERS, "C11", 4, ["C1", "C111"]),
    ]


def a_cell(column: str, value: str, planned: str = "03/10/2022", client: str = "A1") -> RejectedCell:
    return RejectedCell("V1", "a file", column, value, client, planned)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (a_cell("ServiceLevel", "Gardening"), [Named(CLIENTS, "A1"), Named(LEVELS, "Gardening")]),
        (a_cell("ServiceRef", "x", client=""), [Named(SERVICES, "x")]),
        (a_cell("CarerRef", "C9", client="NULL"), [Named(CARERS, "C9")]),
        (a_cell("PlannedEntryTime", "25:00"), [Named(CLIENTS, "A1")]),
        (a_cell("CarerRef", "", client=""), []),
        (a_cell("CarerRef", "C9", "10/10/2022"), []),
        (a_cell("CarerRef", "C9", "what?", client=""), [Named(CARERS, "C9")]),
    ],
)
def test_a_rejected_row_names_its_client_and_what_it_was_rejected_for(
    cell: RejectedCell, found: list[Named]
) -> None:
    assert list(named_in([cell], MONDAY, SUNDAY)) == [(one, "V1") for one in found]


def test_a_file_has_all_of_its_days() -> None:
    assert len(list(named_in([a_cell("CarerRef", "C9", "10/10/2022")], None, None))) == 2


def test_of_a_visit_that_several_files_rejected_the_newest_counts() -> None:
    newer = a_cell("CarerRef", "C9", client="")
    older = newer._replace(file_id="an older file", column="ServiceLevel", value="Gardening")
    another = older._replace(key="V2")
    found = [one.written for one, _ in named_in([newer, older, another], MONDAY, SUNDAY)]
    assert found == ["C9", "Gardening"]

"""Two VisitRefs that may be one visit (RULES 4): which are named, and which are not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.matching.matches.duplicates import find_duplicates
from services.matching.matches.store import ReplicaVisit

CLIENT, ANOTHER = "11111111-2222-4333-8444-555555555555", "11111111-2222-4333-8444-555555555556"


def a_visit(ref: str, **facts: Any) -> ReplicaVisit:
    """An hour of carer C1 with one client on 3 October 2022."""
    day = facts.pop("planned_on", dt.date(2022, 10, 3))
    known: dict[str, Any] = {
        "visit_ref": ref,
        "service_ref": "",
        "service_name": "diamond",
        "service_level": "personal care",
        "planned_on": day,
        "planned_entry": 32_400,
        "planned_exit": 36_000,
        "version": 1,
        "deleted": False,
        "identifier": "S:A123456",
        "visit_type": "DHS",
        "monday": dt.date(2022, 10, 3),
        "delivered_seconds": 3_600,
        "delivered_entry": 32_400,
        "entry_overridden": False,
        "exit_overridden": False,
        "carer_ref": "C1",
        "written_service": "Diamond",
        "written_level": "Personal Care",
        "client_id": CLIENT,
    }
    return ReplicaVisit(**known | facts)


@pytest.mark.parametrize(
    ("facts", "is_found"),
    [
        ({}, True),
        ({"visit_type": "C", "delivered_seconds": None}, True),
        ({"delivered_entry": 33_000, "delivered_seconds": 1_800}, True),
        ({"service_level": "home support"}, True),
        ({"identifier": "N:4857773456"}, True),
        ({"client_id": ANOTHER}, False),
        ({"carer_ref": "C2"}, False),
        ({"carer_ref": ""}, False),
        ({"planned_on": dt.date(2022, 10, 4)}, False),
        ({"planned_entry": 32_460}, False),
        ({"planned_exit": 36_060}, False),
        ({"deleted": True}, False),
    ],
)
def test_what_makes_two_visits_possibly_one(facts: dict[str, Any], is_found: bool) -> None:
    another = a_visit("V2", **facts)
    in_file = list(find_duplicates([a_visit("V1"), another], []))
    beside = list(find_duplicates([another], [a_visit("V1")]))
    assert in_file == beside == ([("V2", "V1")] if is_found else [])


def test_visits_without_a_carer_are_not_compared() -> None:
    assert list(find_duplicates([a_visit("V1", carer_ref=""), a_visit("V2", carer_ref="")], [])) == []


def test_each_names_one_other_a_stored_one_first() -> None:
    three = [a_visit(ref) for ref in ("V3", "V1", "V2")]
    assert list(find_duplicates(three, [])) == [("V2", "V1"), ("V3", "V1")]
    stored = [a_visit("X2"), a_visit("X1")]
    assert list(find_duplicates(three, stored)) == [("V1", "X1"), ("V2", "X1"), ("V3", "X1")]


def test_as_many_are_named_as_there_are_too_many_however_large_the_group() -> None:
    many = [a_visit(f"V{number:04}") for number in range(1_000)]
    assert len(list(find_duplicates(many, []))) == 999

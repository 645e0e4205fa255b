"""What a dispute was raised on, in words: when, and what the data shows of the provider's own visits (RULES 9)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.disputes.doubts.rules import doubt_to_tell
from services.portal.casework.disputes.doubted import doubts_in_words, kinds_in_words, letter_lines

MONDAY = dt.date(2022, 10, 3)
OVERLAP = {
    "visit_ref": "V1",
    "delivered": [32400, 36000],
    "carer_ref": "C1",
    "other_organisation": "Pearl Carers Ltd",
    "other_ref": "P1",
    "other_on": "2022-10-03",
    "other_delivered": [34200, 37800],
    "overlap_seconds": 1800,
    "is_across": True,
}


def a_doubt(kind: str, evidence: dict[str, Any], **facts: Any) -> Any:
    row = {"kind": kind, "visits": ["V1"], "cpli_id": None, "first_on": MONDAY, "last_on": MONDAY}
    return doubt_to_tell(row | {"evidence": evidence} | facts)


def test_an_overlap_with_another_provider_tells_the_own_visit_and_how_long() -> None:
    told = a_doubt("carer_overlap", OVERLAP)
    assert "Pearl" not in str(told)
    assert "P1" not in str(told)
    (shown,) = doubts_in_words({"doubts": [told]})
    assert (shown["about"], shown["when"]) == ("V1", "3 Oct 2022")
    assert shown["seen_by"] == [
        "V1 delivered 09:00 to 10:00",
        "Its carer, C1, was elsewhere for 30 min of it",
    ]
    (within,) = doubts_in_words({"doubts": [a_doubt("carer_overlap", OVERLAP | {"is_across": False})]})
    assert "P1, 3 Oct 2022, 09:30 to 10:30" in within["seen_by"][1]


def test_hospital_days_of_another_provider_are_not_told() -> None:
    stay = {"planned": [32400, 36000], "hospital_days": ["2022-10-04"], "is_elsewhere": True}
    (shown,) = doubts_in_words({"doubts": [a_doubt("hospital_visit", stay)]})
    assert "Oct" not in " ".join(shown["seen_by"])
    (own,) = doubts_in_words({"doubts": [a_doubt("hospital_visit", stay | {"is_elsewhere": False})]})
    assert own["seen_by"][1] == "Hospital visits on 4 Oct 2022"


def test_a_doubt_about_a_week_says_which() -> None:
    week = {"planned_seconds": 10800, "commissioned_seconds": 7200}
    about = {"visits": [], "cpli_id": 12, "last_on": dt.date(2022, 10, 9)}
    told = a_doubt("planned_week", week, **about)
    (shown,) = doubts_in_words({"doubts": [told]})
    assert (shown["about"], shown["when"]) == ("Care package line item 12", "Mon 3 to Sun 9 Oct 2022")
    assert letter_lines("Incorrect Data", [told]) == [
        "Incorrect Data, 3 Oct 2022 to 9 Oct 2022: Planned week unequal to the hours",
        "- Care package line item 12, Mon 3 to Sun 9 Oct 2022: Planned 3 h, commissioned 2 h",
    ]


def test_kinds_are_counted_and_a_letter_of_many_ends() -> None:
    silent = a_doubt("missing_comment", {"visit_type": "C", "planned": [32400, 36000]})
    overlaps = [a_doubt("carer_overlap", OVERLAP)] * 12
    assert kinds_in_words([*overlaps, silent]) == "One carer in two places (12), missing comment"
    assert letter_lines("Incorrect Data", [*overlaps, silent])[-1] == "- and 3 others"
    assert letter_lines("Incorrect Data", []) == []

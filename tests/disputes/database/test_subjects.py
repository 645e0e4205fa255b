"""What disputes holds about a person, on a real PostgreSQL: every part is read, and a reference means a person for the
days on which it was theirs (RULES 20)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from libs.common.errors import Refused
from libs.common.rpc import SYSTEM
from libs.common.subjects.reading import teller_of
from services.disputes.disputes import steps as disputes_steps
from services.disputes.subjects.parts import PARTS, SHARED
from tests.disputes.database.test_cases import MANAGER, NOW, OFFICER, Do, a_case, do
from tests.support.builders.messages import DIAMOND

__all__ = ["do"]

HELD_PARTS, HELD_ROWS = teller_of(PARTS)
JUNE = dt.date(2022, 6, 1)
BEFORE = [("X1", dt.date.min, JUNE - dt.timedelta(days=1))]
AFTER = [("X1", JUNE, dt.date.max)]


def rows(do: Do, part: str, meant: list[Any], cpli_ids: tuple[int, ...] = ()) -> list[list[Any]]:
    asked = {"client_ids": [], "meant": meant, "cpli_ids": cpli_ids, "visits": [], "after": None}
    found: list[list[Any]] = do(HELD_ROWS, SYSTEM, part=part, **asked)["rows"]
    return found


@pytest.mark.parametrize("part", [part.name for part in PARTS])
def test_every_part_can_be_read_and_holds_nothing_of_nobody(do: Do, part: str) -> None:
    assert rows(do, part, [("nobody of this name", dt.date.min, dt.date.max)]) == []


def test_a_reference_that_was_given_to_another_is_taken_by_its_days(do: Do) -> None:
    for day in (JUNE - dt.timedelta(days=9), JUNE):
        a_case(do, client_reference="X1", first_on=day, last_on=day, words=f"About {day}")
    assert [row[7] for row in rows(do, "cases", BEFORE)] == ["2022-05-23"]
    assert [row[7] for row in rows(do, "cases", AFTER)] == ["2022-06-01"]
    assert [row[5] for row in rows(do, "case-messages", BEFORE)] == ["About 2022-05-23"]


def test_what_was_said_of_two_people_is_left_out_and_that_it_was_said_is_not(do: Do) -> None:
    visits = [
        {"visit_ref": ref, "version": 1, "deleted": False, "values": {"SSRef": named, "CarerRef": "C9"}}
        for ref, named in (("V1", "X7"), ("V2", "X8"))
    ]
    asked: dict[str, Any] = {"case_id": uuid.uuid4(), "organisation_id": uuid.UUID(DIAMOND)}
    asked |= {"reason": "Incorrect Data", "words": "Both were late", "visits": visits}
    do(disputes_steps.raise_disputes, OFFICER, disputes=[asked], now=NOW)
    meant = [("X7", dt.date.min, dt.date.max)]
    assert [row[4] for row in rows(do, "cases", meant)] == [SHARED]
    assert [row[5] for row in rows(do, "case-messages", meant)] == [SHARED]
    ((_, visit_ref, said),) = rows(do, "disputed-visits", meant)
    assert (visit_ref, "X7" in said, "C9" in said) == ("V1", True, False)


def test_a_provider_learns_nothing_so(do: Do) -> None:
    with pytest.raises(Refused, match="no such part"):
        do(HELD_PARTS, MANAGER)

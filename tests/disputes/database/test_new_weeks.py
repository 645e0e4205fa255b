"""A week that is over is looked at without a press; one carer's overlaps stand together and become disputes at once."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import Refused
from libs.common.process.housekeeping import Housekeeping
from libs.common.rpc import Caller
from services.disputes.disputes import views as disputes_views
from services.disputes.doubts import steps as doubts_steps
from services.disputes.doubts import views as doubts_views
from services.disputes.doubts.raising import raise_doubts
from services.ingest.doubts.steps import QUIET, ask_for_looks
from services.ingest.visits import views as visits_views
from tests.disputes.database.test_doubts import (
    CARE,
    CARERS,
    NAME,
    NOW,
    OFFICER,
    OTHER,
    STRANGER,
    Do,
    cells_on,
    do,
)
from tests.support.builders.messages import MONDAY
from tests.support.builders.visit_files import a_file, a_row
from tests.support.council.council import Council

__all__ = ["do"]

OF = {"SSRef": "A1", "ServiceName": ""}
WEEK = {"week": MONDAY, "organisation_id": None, "kind": None, "states": ["proposed"]}
DAYS = (3, 4, 5)


@pytest.fixture
def a_week(council: Council) -> Council:
    """Carer C1 overlaps on three days, once with the other provider too; one visit is hours late."""
    council.import_care(CARE)
    council.books()
    council.import_carers(NAME, CARERS)
    council.import_carers(OTHER, CARERS)
    overlapping = [
        a_row(VisitRef=f"{ref}-{day}", **cells_on(day, times, CarerRef="C1"), **OF | {"SSRef": client})
        for day in DAYS
        for ref, times, client in (("ONE", "20:00-21:00", "A1"), ("TWO", "20:30-21:30", "A2"))
    ]
    late = a_row(VisitRef="LATE", **cells_on(3, DeliveredEntryTime="12:00", DeliveredExitTime="13:00"), **OF)
    council.import_visits(NAME, a_file(*overlapping, late))
    council.import_visits(
        OTHER, a_file(a_row(VisitRef="PEARL-1", **cells_on(5, "20:45-21:15", CarerRef="C1"), **OF))
    )
    council.books()
    return council


def ticks(council: Council) -> None:
    """The clock of a worker of ingest comes round, when the providers have been quiet."""

    def later(session: Any, now: dt.datetime) -> int:
        return ask_for_looks(session, now + QUIET)

    Housekeeping(council.sessions["ingest"], (), (later,)).tidy(later)
    council.books()


def groups_of(do: Do, **more: Any) -> dict[tuple[str, str | None], Any]:
    """What is proposed, put together, by kind and carer (or client)."""
    found = do(doubts_views.list_groups, after=None, limit=200, **WEEK | more)
    named = {
        (one["kind"], one["carer_ref"] or one["first"]["client_reference"]): one
        for one in found
        if one["organisation_id"] == str(organisation_id_of(NAME))
    }
    assert list(found) == sorted(found, key=lambda one: -one["number"])
    return named


def test_a_new_week_is_looked_at_by_itself_and_after_a_late_file_again(a_week: Council, do: Do) -> None:
    week = {"monday": MONDAY, "organisation_id": None, "kind": None}
    assert do(doubts_views.find_week, **week)["looked_at"] is None
    ticks(a_week)
    first = do(doubts_views.find_week, **week)["looked_at"]
    assert first is not None
    assert ("far_from_plan", "A1") in groups_of(do)
    ticks(a_week)
    assert do(doubts_views.find_week, **week)["looked_at"] == first
    said = {"Comments": "She was at the dentist's"}
    late = cells_on(3, DeliveredEntryTime="12:00", DeliveredExitTime="13:00")
    a_week.import_visits(NAME, a_file(a_row(VisitRef="LATE", **late, **OF | said)))
    ticks(a_week)
    assert do(doubts_views.find_week, **week)["looked_at"] > first
    assert ("far_from_plan", "A1") not in groups_of(do)


def test_one_carers_overlaps_stand_together_page_by_page(a_week: Council, do: Do) -> None:
    ticks(a_week)
    group = groups_of(do)["carer_overlap", "C1"]
    assert (group["number"], group["days"], group["clients"]) == (5, 3, 2)
    assert (group["first_on"], group["last_on"]) == ("2022-10-03", "2022-10-05")
    assert group["overlap_seconds"] == 3 * 1800 + 900 + 1800  # PEARL-1 beside ONE-5 and TWO-5
    everything, place = [], None
    while page := do(doubts_views.list_groups, after=place, limit=1, **WEEK):
        everything.append(page[0]["group_id"])
        number, organisation_id, about, kind = page[0]["place"]
        place = (number, uuid.UUID(organisation_id), about, kind)
    assert len(everything) == len(set(everything))
    assert everything == [
        one["group_id"] for one in do(doubts_views.list_groups, after=None, limit=200, **WEEK)
    ]
    with pytest.raises(Refused, match="not_found"):
        do(doubts_views.list_groups, STRANGER, after=None, limit=200, **WEEK)


def singly(do: Do, group_id: str) -> list[Any]:
    asked = {"sample_id": None, "after": None, "limit": 201, "group_ids": [uuid.UUID(group_id)]}
    return list(do(doubts_views.list_doubts, **WEEK, **asked))


def test_a_group_is_raised_at_once_and_its_disputes_say_when_and_why(a_week: Council, do: Do) -> None:
    ticks(a_week)
    group = groups_of(do)["carer_overlap", "C1"]
    doubts = singly(do, group["group_id"])
    assert {doubt["group_id"] for doubt in doubts} == {group["group_id"]}
    refs = [(uuid.UUID(one["organisation_id"]), ref) for one in doubts for ref in one["visits"]]
    with a_week.sessions["ingest"].begin() as session:
        saying = visits_views.list_visits_of_refs(session, refs=refs)
    visits = [
        {"organisation_id": one["organisation_id"], "visit_ref": one["ref"]}
        | {name: one[name] for name in ("version", "deleted", "values")}
        for one in saying
    ]
    done = do(
        raise_doubts,
        seed=uuid.uuid4(),
        doubt_ids=[uuid.UUID(one["doubt_id"]) for one in doubts],
        words={"Incorrect Data": "Please check."},
        visits=visits,
        now=NOW,
    )
    assert (done["done"], done["left"]) == (5, [])
    assert ("carer_overlap", "C1") not in groups_of(do)
    own: Caller = {"who": "manager", "role": "provider", "organisation": str(organisation_id_of(NAME))}
    told = []
    for one in done["disputes"]:
        shown = do(disputes_views.find_dispute, own, case_id=uuid.UUID(one["case_id"]), now=NOW)
        assert shown["facts"]["doubts"] == one["doubts"]
        assert shown["first_on"]
        assert shown["last_on"]
        assert "pearl" not in str(shown).casefold()
        told += one["doubts"]
    assert sorted(ref for doubt in told for ref in doubt["visits"]) == sorted(
        ref for doubt in doubts for ref in doubt["visits"]
    )
    across = [one for one in told if "other_ref" not in one["evidence"]]
    assert {tuple(one["visits"]) for one in across} == {("ONE-5",), ("TWO-5",)}


def test_a_group_is_dismissed_at_once_and_stays_so(a_week: Council, do: Do) -> None:
    ticks(a_week)
    group = groups_of(do)["carer_overlap", "C1"]
    ids = [uuid.UUID(one["doubt_id"]) for one in singly(do, group["group_id"])]
    assert do(doubts_steps.dismiss, doubt_ids=ids, why="Two clocks", now=NOW) == {"done": 5, "left": 0}
    do(doubts_steps.look_at_week, OFFICER, monday=MONDAY)
    a_week.books()
    assert ("carer_overlap", "C1") not in groups_of(do)

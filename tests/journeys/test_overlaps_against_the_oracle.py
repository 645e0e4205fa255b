"""Overlaps and what is at stake against a second calculation (tests/oracle/overlaps.py) of a made council (RULES 16)."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections import defaultdict
from pathlib import Path
from typing import Any

from services.ingest.overlaps import views as overlaps_views
from services.matching.overlaps import views as stakes_views
from tests.journeys.test_against_the_oracle import tell_council
from tests.journeys.test_cases import a_made_council
from tests.oracle.facts.reading import read_date
from tests.oracle.facts.values import fold
from tests.oracle.overlaps import Together, overlaps_within
from tests.oracle.rows import a_deletion, changed_visit
from tests.oracle.story import OFFICER, Story
from tests.support.council.council import Council

A_WEEK = dt.timedelta(days=7)


def overlaps_said(council: Council, first: dt.date, last: dt.date) -> dict[str, set[Together]]:
    """As ingest and matching say them week by week, by the organisation's name."""
    pairs: list[Any] = []
    while first <= last:
        days = {"first": first, "last": min(first + A_WEEK - dt.timedelta(days=1), last)}
        asked = {"organisation": None, "carer": None, "where": "within", "is_left_running": False}
        with council.sessions["ingest"].begin() as session:
            pairs += overlaps_views.list_overlapping_visits(
                session, OFFICER, **asked, **days, after=None, limit=100_000
            )
        first += A_WEEK
    ids = [[(uuid.UUID(v["organisation_id"]), v["ref"]) for v in pair["visits"]] for pair in pairs]
    with council.sessions["matching"].begin() as session:
        stakes = stakes_views.stakes(
            session,
            pairs=[
                {"first": one, "second": other, "seconds": pair["seconds"]}
                for pair, (one, other) in zip(pairs, ids, strict=True)
            ],
        )
    found: dict[str, set[Together]] = defaultdict(set)
    for pair, stake in zip(pairs, stakes, strict=True):
        one, other = pair["visits"]
        pence = None if stake is None else int(stake["amount"].replace(".", ""))
        signs = tuple(pair["left_running"])
        found[fold(one["organisation"])].add(
            Together(one["ref"], other["ref"], pair["seconds"], signs, pence)
        )
    return found


def test_a_made_council_has_the_overlaps_that_its_files_say(story: Story, tmp_path: Path) -> None:
    folder = a_made_council(tmp_path / "council", "--clients", "60", "--seed", "3", "--weeks", "2")
    files = tell_council(story, folder)
    days = sorted(
        day for rows in files.values() for row in rows if (day := read_date(row["PlannedVisitDate"]))
    )
    first, last = days[0], days[-1]

    def compare() -> int:
        story.settle()
        worked_out = {fold(name): found for name, found in overlaps_within(story.oracle, first, last).items()}
        assert overlaps_said(story.council, first, last) == worked_out
        return sum(map(len, worked_out.values()))

    assert compare()
    rnd = random.Random(3)
    for path, rows in files.items():
        again = [changed_visit(rnd, row) for row in rows if rnd.random() < 0.2]
        gone = [a_deletion(row["VisitRef"]) for row in rows if rnd.random() < 0.1]
        story.import_visits(f"{path.parent.name} Ltd", *again)
        story.import_visits(f"{path.parent.name} Ltd", *gone)
    assert compare()

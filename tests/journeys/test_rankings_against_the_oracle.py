"""Rankings against a second calculation (tests/oracle/ranking.py), of a made council with faults (RULES 16)."""

import datetime as dt
import uuid
from decimal import Decimal
from pathlib import Path

from libs.common.care.names import fold
from libs.common.rpc import Caller
from services.matching.ranking import steps, views
from tests.journeys.test_against_the_oracle import tell_council
from tests.journeys.test_cases import a_made_council
from tests.oracle.ranking import Weight, rank_providers
from tests.oracle.story import Story

OFFICER: Caller = {"who": "an officer", "role": "council", "organisation": None}
FIRST, LAST, QUARTER = dt.date(2022, 10, 1), dt.date(2022, 12, 31), "2022-Q4"
NOW = dt.datetime(2023, 1, 9, 9, tzinfo=dt.UTC)
WEIGHTS = {
    "late": Weight("0", "12.5", "0.3"),
    "logged_share": Weight("100", "50", "0.25"),
    "missed": Weight("0", "10", "0.2"),
    "frustrated": Weight("1", "9", "0.15"),
    "continuity": Weight("1", "3", "0.1"),
}


def test_a_made_council_is_ranked_as_its_files_say(story: Story, tmp_path: Path) -> None:
    folder = a_made_council(
        tmp_path / "council", "--clients", "60", "--seed", "11", "--weeks", "2", "--faults", "0.3"
    )
    tell_council(story, folder)
    story.settle()
    names = sorted(story.oracle.care.names.values(), key=fold)
    prices = {name: str(Decimal(1999 + 37 * (number % 5)) / 100) for number, name in enumerate(names)}
    list_id = uuid.uuid4()
    with story.council.sessions["matching"].begin() as session:
        steps.make_list(session, OFFICER, list_id=list_id, name="All")
        for name, price in prices.items():
            asked = {"list_id": list_id, "organisation": name, "quarter": QUARTER}
            steps.set_price(session, OFFICER, **asked, price=Decimal(price))
        measures = [
            {"measure": measure, **{part: Decimal(text) for part, text in weight._asdict().items()}}
            for measure, weight in WEIGHTS.items()
        ]
        share = {"quality_share": Decimal(65), "measures": measures}
        steps.set_terms(session, OFFICER, list_id=list_id, quarter=QUARTER, **share)
        ranking = views.work_out(session, (list_id, "All"), QUARTER, NOW)
    said = [
        (fold(one["organisation"]), one["quality"], one["price"], one["total"])
        for one in ranking["organisations"]
    ]
    worked_out = rank_providers(story.oracle, (FIRST, LAST), prices, 65, WEIGHTS)
    assert said == [(fold(line.name), *line[1:]) for line in worked_out]
    assert len({quality for _, quality, *_ in said}) > 1

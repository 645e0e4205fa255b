"""Ranked lists on a real PostgreSQL: dated data, rankings frozen by two people, places, appeals (RULES 16)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.errors import Refused
from libs.common.process import database
from libs.common.proposals import steps as proposals_steps
from libs.common.rpc import Caller
from services.matching.ranking import appeals, freezing, steps, store_frozen, views
from services.matching.schema.tables import ROWS_OF_COUNCIL
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.council.council import Council

DIAMOND, PEARL = "Diamond Home Care Ltd", "Pearl Carers Ltd"
QUARTER = "2022-Q4"
NOW = dt.datetime(2023, 1, 9, 9, tzinfo=dt.UTC)
OFFICER: Caller = {"who": "officer", "role": "council", "organisation": None}
SECOND: Caller = {"who": "second", "role": "council", "organisation": None}
MANAGER: Caller = {"who": "manager", "role": "provider", "organisation": str(organisation_id_of(DIAMOND))}
STRANGER: Caller = {"who": "stranger", "role": "provider", "organisation": str(organisation_id_of(PEARL))}
CARE = a_care_file(
    a_care_row(1, SSRef="A1"),
    a_care_row(2, SSRef="A2", OrganisationName=PEARL, ServiceName="Pearl - DAPL"),
)
Do = Callable[..., Any]


@pytest.fixture
def do(council: Council) -> Iterator[Do]:
    """Call it with a function, who asks, and what is asked: as the RPC process would, under its policies."""
    council.import_care(CARE)
    council.books()
    engine = database.engine(council.schemas.url_of("matching_rpc"), "matching")
    sessions = database.sessions(engine, "matching")

    def run_step(step: Callable[..., Any], caller: Caller = OFFICER, **asked: Any) -> Any:
        with database.transaction(sessions, caller) as session:
            return step(session, caller, **asked)

    yield run_step
    engine.dispose()


def a_list(do: Do, **prices: str) -> uuid.UUID:
    """A list with both providers on it."""
    list_id = uuid.uuid4()
    do(steps.make_list, list_id=list_id, name="Zone 6")
    for organisation, price in ({DIAMOND: "25.00", PEARL: "20.00"} | prices).items():
        set_price(do, list_id, organisation, price)
    return list_id


def set_price(
    do: Do, list_id: uuid.UUID, organisation: str, price: str | None, quarter: str = "2022-Q3"
) -> None:
    asked = {"list_id": list_id, "organisation": organisation, "quarter": quarter}
    do(steps.set_price, **asked, price=None if price is None else Decimal(price))


def ranking(do: Do, list_id: uuid.UUID, *, is_now: bool = True, quarter: str = QUARTER) -> Any:
    asked = {"list_id": list_id, "list_name": None, "quarter": quarter, "is_now": is_now, "now": NOW}
    return do(freezing.find_ranking, **asked)


def propose(do: Do, list_id: uuid.UUID, seen: uuid.UUID | None = None) -> Any:
    return do(freezing.propose_ranking, list_id=list_id, quarter=QUARTER, seen=seen, now=NOW)


def confirm(do: Do, proposal_id: str, who: Caller = SECOND) -> None:
    about = {"proposal_id": uuid.UUID(proposal_id), "approves": True, "reason": ""}
    do(proposals_steps.decide, who, **about, steps={store_frozen.KIND: freezing.freeze})


def froze(do: Do, list_id: uuid.UUID) -> uuid.UUID:
    """The ranking that two people freeze of the list as it stands."""
    confirm(do, propose(do, list_id)["proposal_id"])
    return uuid.UUID(ranking(do, list_id, is_now=False)["frozen"]["ranking_id"])


def refusal(do: Do, step: Callable[..., Any], caller: Caller = OFFICER, **asked: Any) -> str:
    """The code of a refusal."""
    with pytest.raises(Refused) as refused:
        do(step, caller, **asked)
    return refused.value.code


def test_figures_come_from_visits_and_the_ranking_explains_itself(council: Council, do: Do) -> None:
    late = {"DeliveredEntryTime": "09:16", "DeliveredEntryTimeIsOverridden": "Y"}
    rows = [
        a_row(VisitRef=f"V{day}", SSRef="A1", **at(day) | (late if day == 3 else {})) for day in (3, 4, 5, 6)
    ]
    council.import_visits(DIAMOND, a_file(*rows))
    council.books()
    found = ranking(do, a_list(do))["ranking"]
    assert (found["measured_from"], found["measured_to"], found["lowest_price"]) == (
        "2022-10-01",
        "2022-12-31",
        "20.00",
    )
    pearl, diamond = sorted(found["organisations"], key=lambda one: one["unit_price"])
    assert diamond["measures"]["late"] == {
        "figure": "25.00",
        "points": "0.00",
        "weight": "0.6",
        "scaled_weight": "0.6",
        "product": "0.00",
    }
    assert diamond["measures"]["logged_share"]["product"] == "20.00"
    assert (diamond["quality"], diamond["price"], diamond["total"]) == ("20.00", "80.00", "50.00")
    assert pearl["measures"]["late"]["figure"] is None
    assert (pearl["quality"], pearl["price"], pearl["total"]) == ("0.00", "100.00", "50.00")
    assert [one["organisation"] for one in found["organisations"]] == [PEARL, DIAMOND]


def at(day: int) -> dict[str, str]:
    """A visit of October 2022, 09:00 to 10:00."""
    date = f"{day:02}/10/2022"
    times = {f"{kind}EntryTime": "09:00" for kind in ("Planned", "Delivered")}
    times |= {f"{kind}ExitTime": "10:00" for kind in ("Planned", "Delivered")}
    return {"PlannedVisitDate": date, "DeliveredVisitDate": date, **times}


def test_prices_and_terms_hold_from_their_quarter_on(do: Do) -> None:
    list_id = a_list(do)
    set_price(do, list_id, DIAMOND, "10.00", "2023-Q1")
    set_price(do, list_id, PEARL, None, "2023-Q1")
    early = ranking(do, list_id, quarter="2022-Q2")["ranking"]
    assert early["organisations"] == []
    assert [one["unit_price"] for one in ranking(do, list_id)["ranking"]["organisations"]] == [
        "20.00",
        "25.00",
    ]
    later = ranking(do, list_id, quarter="2023-Q2")["ranking"]["organisations"]
    assert [(one["organisation"], one["unit_price"]) for one in later] == [(DIAMOND, "10.00")]
    weighed = {"measure": "early", "best": Decimal(0), "worst": Decimal(10), "weight": Decimal(1)}
    every = {"quarter": "2022-Q3", "measures": [weighed]}
    do(steps.set_terms, list_id=None, quality_share=Decimal(60), **every)
    assert ranking(do, list_id)["ranking"]["terms"]["quality_share"] == "60"
    do(steps.set_terms, list_id=list_id, quality_share=Decimal(70), **every | {"quarter": "2022-Q4"})
    assert ranking(do, list_id)["ranking"]["terms"]["quality_share"] == "70"
    assert ranking(do, list_id, quarter="2022-Q3")["ranking"]["terms"]["quality_share"] == "60"
    assert len(do(views.find_list, list_id=list_id, quarter=QUARTER)["all_terms"]) == 2
    wrong = {"list_id": list_id, "quality_share": Decimal(50), "quarter": QUARTER}
    assert (
        refusal(do, steps.set_terms, measures=[weighed | {"weight": Decimal("0.5")}], **wrong)
        == "terms_wrong"
    )


def test_one_proposes_and_another_confirms_what_then_keeps_its_figures(do: Do) -> None:
    list_id = a_list(do)
    seen = ranking(do, list_id)
    proposed = propose(do, list_id, uuid.UUID(seen["seen"]))
    assert propose(do, list_id) == proposed
    assert do(views.find_list, list_id=list_id, quarter=QUARTER)["proposal_id"] == proposed["proposal_id"]
    decide = {"proposal_id": uuid.UUID(proposed["proposal_id"]), "approves": True, "reason": ""}
    decide |= {"steps": {store_frozen.KIND: freezing.freeze}}
    assert refusal(do, proposals_steps.decide, OFFICER, **decide) == "proposed_by_yourself"
    assert ranking(do, list_id, is_now=False)["frozen"] is None
    set_price(do, list_id, DIAMOND, "5.00")
    confirm(do, proposed["proposal_id"])
    found = ranking(do, list_id, is_now=False)
    assert found["ranking"] == seen["ranking"]
    assert (found["frozen"]["proposed_by"], found["frozen"]["confirmed_by"]) == ("officer", "second")
    assert ranking(do, list_id)["ranking"]["lowest_price"] == "5.00"
    newest = do(freezing.find_newest, list_id=list_id)
    assert [one["organisation"] for one in newest["organisations"]] == [PEARL, DIAMOND]


def test_nothing_is_frozen_that_was_not_seen_or_says_nothing_new(do: Do) -> None:
    list_id = a_list(do)
    assert refusal(do, freezing.find_newest, list_id=list_id) == "nothing_frozen"
    asked = {"list_id": list_id, "quarter": QUARTER, "now": NOW}
    assert refusal(do, freezing.propose_ranking, seen=uuid.uuid4(), **asked) == "seen_another"
    empty = asked | {"quarter": "2022-Q1"}
    assert refusal(do, freezing.propose_ranking, seen=None, **empty) == "nobody_on_it"
    froze(do, list_id)
    assert propose(do, list_id)["state"] == "unchanged"


def test_of_two_proposals_at_once_one_is_frozen(do: Do) -> None:
    list_id = a_list(do)
    first = propose(do, list_id)["proposal_id"]
    set_price(do, list_id, DIAMOND, "5.00")
    other = propose(do, list_id)["proposal_id"]

    def decide(proposal_id: str) -> str:
        try:
            confirm(do, proposal_id)
        except Refused as refused:
            return refused.code
        return "frozen"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, (first, other))) == ["frozen", "wrong_state"]
    assert len(do(views.find_list, list_id=list_id, quarter=QUARTER)["frozen"]) == 1


def test_a_provider_sees_its_own_place_and_nothing_of_others(do: Do) -> None:
    ranking_id = froze(do, a_list(do))
    (place,) = do(appeals.list_own_places, MANAGER)
    assert (place["list"], place["place"], place["out_of"], place["is_newest"]) == ("Zone 6", 2, 2, True)
    explained = do(appeals.find_own_place, MANAGER, ranking_id=ranking_id)
    assert (explained["explained"]["organisation"], explained["explained"]["price"]) == (DIAMOND, "80.00")
    assert PEARL not in str(explained)
    for step, asked in (
        (freezing.find_frozen, {"ranking_id": ranking_id}),
        (freezing.find_newest, {"list_id": uuid.UUID(place["list_id"])}),
        (views.list_lists, {"quarter": QUARTER}),
        (appeals.list_appeals, {}),
    ):
        assert refusal(do, step, MANAGER, **asked) == "not_allowed"
    hidden = [table for table in ROWS_OF_COUNCIL if "rank" in table]
    counts = {
        table: do(lambda s, _, t=table: s.scalar(text(f"SELECT count(*) FROM {t}")), MANAGER)
        for table in hidden
    }
    assert counts == {"ranked_prices": 0, "ranking_workings": 0, "frozen_rankings": 0}
    assert do(lambda s, _: s.scalar(text("SELECT count(*) FROM frozen_places")), STRANGER) == 1


def test_an_upheld_appeal_leads_to_another_freezing_by_two_people(do: Do) -> None:
    list_id = a_list(do)
    ranking_id = froze(do, list_id)
    asked = {"appeal_id": uuid.uuid4(), "ranking_id": ranking_id, "note": "Our price is 18.00", "now": NOW}
    assert do(appeals.appeal, MANAGER, **asked) == do(appeals.appeal, MANAGER, **asked)
    assert refusal(do, appeals.appeal, MANAGER, **asked | {"appeal_id": uuid.uuid4()}) == "wrong_state"
    assert refusal(do, appeals.appeal, OFFICER, **asked) == "not_allowed"
    assert do(appeals.count_waiting) == {"ranking_appeals": 1}
    assert do(appeals.count_waiting, MANAGER) == {}
    answer = {"appeal_id": asked["appeal_id"], "reason": "So it is", "now": NOW}
    assert refusal(do, appeals.answer_appeal, MANAGER, is_upheld=True, **answer) == "not_allowed"
    assert do(appeals.answer_appeal, is_upheld=True, **answer)["refrozen_as"] is None
    assert refusal(do, appeals.answer_appeal, is_upheld=False, **answer) == "wrong_state"
    set_price(do, list_id, DIAMOND, "18.00")
    with pytest.raises(Refused, match="proposed_by_yourself"):
        confirm(do, propose(do, list_id)["proposal_id"], OFFICER)
    anew = froze(do, list_id)
    old = do(appeals.find_own_place, MANAGER, ranking_id=ranking_id)
    assert (old["place"], old["is_newest"], old["appeals"][0]["state"]) == (2, False, "upheld")
    assert do(appeals.find_own_place, MANAGER, ranking_id=anew)["place"] == 1
    assert refusal(do, appeals.appeal, MANAGER, **asked | {"appeal_id": uuid.uuid4()}) == "wrong_state"


def test_a_dismissed_appeal_has_a_reason_and_may_be_made_again(do: Do) -> None:
    ranking_id = froze(do, a_list(do))
    asked = {"ranking_id": ranking_id, "note": "We were never late", "now": NOW}
    made = do(appeals.appeal, STRANGER, appeal_id=uuid.uuid4(), **asked)
    dismissed = {
        "appeal_id": uuid.UUID(made["appeal_id"]),
        "is_upheld": False,
        "reason": "See the visits",
        "now": NOW,
    }
    assert do(appeals.answer_appeal, **dismissed)["state"] == "dismissed"
    found = do(appeals.find_own_place, STRANGER, ranking_id=ranking_id)
    assert found["appeals"][0]["reason"] == "See the visits"
    assert do(appeals.find_own_place, MANAGER, ranking_id=ranking_id)["appeals"] == []
    assert do(appeals.appeal, STRANGER, appeal_id=uuid.uuid4(), **asked)["state"] == "waiting"


def test_two_lists_do_not_have_one_name(do: Do) -> None:
    list_id = a_list(do)
    do(steps.make_list, list_id=list_id, name="Zone 6")
    assert refusal(do, steps.make_list, list_id=uuid.uuid4(), name="ZONE  6") == "name_taken"
    gone = {"list_id": uuid.uuid4(), "quarter": QUARTER}
    assert refusal(do, views.find_list, **gone) == "not_found"

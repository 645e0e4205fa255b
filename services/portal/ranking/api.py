"""/api/v1/ranked-lists, rankings and ranking-places (RULES 16). A person freezes, on the page: a token is none."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response

from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.api.asked import NoQuery
from services.portal.api.operation import Answer, Operation, answered, operation
from services.portal.audit.telling import tell
from services.portal.clients.gateway import Gateway
from services.portal.ranking import api_schemas
from services.portal.ranking.letters import tell_of_answer
from services.portal.ranking.quarters import this_quarter
from services.portal.web.calls import matching

Row = dict[str, Any]
ONE = "/ranked-lists/<uuid:list_id>"
LIST = Answer("The list in that quarter", api_schemas.RankedList)
TERMS = Answer("What holds then, and all that was set", api_schemas.TermsFound)
APPEAL = Answer("The appeal as it is now", api_schemas.Appeal)
PROBLEMS = (404, 409, 413, 415, 422)


def register(api: Blueprint, gateway: Gateway) -> None:
    """Add the routes."""
    api.get("/ranked-lists")(ranked_lists)
    api.post("/ranked-lists")(make_ranked_list)
    api.get(ONE)(ranked_list)
    api.put(f"{ONE}/prices")(set_ranked_price)
    api.put(f"{ONE}/terms")(set_list_terms)
    api.post(f"{ONE}/proposals")(propose_ranking)
    api.get("/ranking-terms")(ranking_terms)
    api.put("/ranking-terms")(set_ranking_terms)
    api.get("/rankings")(ranking)
    api.get("/rankings/<uuid:ranking_id>")(frozen_ranking)
    api.put("/rankings/<uuid:ranking_id>/appeals/<uuid:appeal_id>")(answer_ranking_appeal)
    api.get("/ranking-places")(ranking_places)
    api.get("/ranking-places/<uuid:ranking_id>")(ranking_place)
    api.post("/ranking-places/<uuid:ranking_id>/appeals")(appeal_ranking)


@operation(
    Operation(
        "Ranked lists as they stand in a quarter; for the council’s tokens",
        {200: Answer("All lists", api_schemas.Lists)},
        query=api_schemas.QuarterQuery,
        problems=(404, 422),
        needs=(rights.READ_RANKINGS,),
    )
)
def ranked_lists(query: Row) -> Response:
    return answered(api_schemas.Lists, {"items": matching().ranked_lists(quarter=_quarter(query))})


@operation(
    Operation(
        "Make a ranked list; for the council’s tokens",
        {201: LIST},
        query=api_schemas.QuarterQuery,
        json_body=api_schemas.NewList,
        problems=PROBLEMS,
        is_idempotent=True,
        needs=(rights.CHANGE_RANKINGS,),
    )
)
def make_ranked_list(query: Row, body: Row, seed: uuid.UUID | None) -> Response:
    list_id = seed or uuid.uuid4()
    matching().make_ranked_list(list_id=list_id, name=body["name"])
    tell(outcome=body["name"])
    return _list(list_id, _quarter(query), 201)


@operation(
    Operation(
        "A ranked list in a quarter, with its history; for the council’s tokens",
        {200: LIST},
        query=api_schemas.QuarterQuery,
        problems=(404, 422),
        needs=(rights.READ_RANKINGS,),
    )
)
def ranked_list(list_id: uuid.UUID, query: Row) -> Response:
    return _list(list_id, _quarter(query))


@operation(
    Operation(
        "Put a provider on a list at a price from a quarter on, or take it off; for the council’s tokens",
        {200: LIST},
        query=NoQuery,
        json_body=api_schemas.NewPrice,
        problems=PROBLEMS,
        needs=(rights.CHANGE_RANKINGS,),
    )
)
def set_ranked_price(list_id: uuid.UUID, query: Row, body: Row) -> Response:
    about = {"organisation": body["organisation"], "quarter": body["quarter"], "price": body["price"]}
    matching().set_ranked_price(list_id=list_id, **about)
    tell(organisation=body["organisation"], outcome=body["price"] or "off the list")
    return _list(list_id, body["quarter"])


@operation(
    Operation(
        "Rank a list by these from a quarter on; for the council’s tokens",
        {200: LIST},
        query=NoQuery,
        json_body=api_schemas.NewRankingTerms,
        problems=PROBLEMS,
        needs=(rights.CHANGE_RANKINGS,),
    )
)
def set_list_terms(list_id: uuid.UUID, query: Row, body: Row) -> Response:
    matching().set_ranking_terms(list_id=list_id, **body)
    return _list(list_id, body["quarter"])


@operation(
    Operation(
        "Propose to freeze a list’s ranking as it stands: a person confirms it on the page; for the council’s tokens",
        {200: Answer("What became of it", api_schemas.Proposed)},
        query=NoQuery,
        json_body=api_schemas.NewProposal,
        problems=PROBLEMS,
        needs=(rights.CHANGE_RANKINGS,),
    )
)
def propose_ranking(list_id: uuid.UUID, query: Row, body: Row) -> Response:
    seen = body["seen"]
    done = matching().propose_ranking(
        list_id=list_id, quarter=body["quarter"], seen=None if seen is None else str(seen)
    )
    tell(outcome=f"{body['quarter']}: {done['state']}")
    return answered(api_schemas.Proposed, done)


@operation(
    Operation(
        "By what lists are ranked that have no terms of their own; for the council’s tokens",
        {200: TERMS},
        query=api_schemas.QuarterQuery,
        problems=(404, 422),
        needs=(rights.READ_RANKINGS,),
    )
)
def ranking_terms(query: Row) -> Response:
    return answered(api_schemas.TermsFound, matching().ranking_terms(quarter=_quarter(query)))


@operation(
    Operation(
        "Rank all lists that have no terms of their own by these from a quarter on; for the council’s tokens",
        {200: TERMS},
        query=NoQuery,
        json_body=api_schemas.NewRankingTerms,
        problems=PROBLEMS,
        needs=(rights.CHANGE_RANKINGS,),
    )
)
def set_ranking_terms(query: Row, body: Row) -> Response:
    matching().set_ranking_terms(list_id=None, **body)
    return answered(api_schemas.TermsFound, matching().ranking_terms(quarter=body["quarter"]))


@operation(
    Operation(
        "What is frozen of a list and quarter, else what it would be now; for the council’s tokens",
        {200: Answer("The ranking with what led to it", api_schemas.RankingFound)},
        query=api_schemas.RankingQuery,
        problems=(404, 422),
        needs=(rights.READ_RANKINGS,),
    )
)
def ranking(query: Row) -> Response:
    found = matching().ranking(list_name=query["list"], quarter=query["quarter"], is_now=query["now"])
    return answered(api_schemas.RankingFound, found)


@operation(
    Operation(
        "A frozen ranking with the appeals against it; for the council’s tokens",
        {200: Answer("The ranking", api_schemas.FrozenRanking)},
        query=NoQuery,
        problems=(404,),
        needs=(rights.READ_RANKINGS,),
    )
)
def frozen_ranking(ranking_id: uuid.UUID, query: Row) -> Response:
    return answered(api_schemas.FrozenRanking, matching().frozen_ranking(ranking_id=ranking_id))


@operation(
    Operation(
        "Uphold or dismiss an appeal against a ranking; for the council’s tokens",
        {200: APPEAL},
        query=NoQuery,
        json_body=api_schemas.AppealAnswer,
        problems=PROBLEMS,
        needs=(rights.CHANGE_RANKINGS,),
    )
)
def answer_ranking_appeal(ranking_id: uuid.UUID, appeal_id: uuid.UUID, query: Row, body: Row) -> Response:
    known = matching().frozen_ranking(ranking_id=ranking_id)
    if all(one["appeal_id"] != str(appeal_id) for one in known["appeals"]):
        raise Refused("not_found", "There is no such appeal.")
    done = matching().answer_ranking_appeal(
        appeal_id=appeal_id, is_upheld=body["is_upheld"], reason=body["reason"]
    )
    tell(outcome=done["state"])
    tell_of_answer(done)
    return answered(api_schemas.Appeal, done)


@operation(
    Operation(
        "Your places in frozen rankings; for providers’ tokens",
        {200: Answer("The newest quarter first", api_schemas.OwnPlaces)},
        query=NoQuery,
        problems=(404,),
        needs=(rights.READ_OWN_RANKINGS,),
    )
)
def ranking_places(query: Row) -> Response:
    return answered(api_schemas.OwnPlaces, {"items": matching().ranking_places()})


@operation(
    Operation(
        "Your place in a frozen ranking, with what led to it; for providers’ tokens",
        {200: Answer("The place", api_schemas.OwnPlaceExplained)},
        query=NoQuery,
        problems=(404,),
        needs=(rights.READ_OWN_RANKINGS,),
    )
)
def ranking_place(ranking_id: uuid.UUID, query: Row) -> Response:
    return answered(api_schemas.OwnPlaceExplained, matching().ranking_place(ranking_id=ranking_id))


@operation(
    Operation(
        "Appeal against your place in a ranking; for providers’ tokens",
        {201: APPEAL},
        query=NoQuery,
        json_body=api_schemas.NewAppeal,
        problems=PROBLEMS,
        is_idempotent=True,
        needs=(rights.APPEAL_RANKINGS,),
    )
)
def appeal_ranking(ranking_id: uuid.UUID, query: Row, body: Row, seed: uuid.UUID | None) -> Response:
    done = matching().appeal_ranking(appeal_id=seed or uuid.uuid4(), ranking_id=ranking_id, note=body["note"])
    tell(outcome=f"{done['list']}, {done['quarter']}")
    return answered(api_schemas.Appeal, done, 201)


def _quarter(query: Row) -> str:
    return query.get("quarter") or str(this_quarter().before())


def _list(list_id: uuid.UUID, quarter: str, status: int = 200) -> Response:
    return answered(api_schemas.RankedList, matching().ranked_list(list_id=list_id, quarter=quarter), status)

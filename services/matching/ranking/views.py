"""Ranked lists as the council sees them, and a ranking as it would be now (RULES 16)."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.care.quarters import parse_quarter
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.matching.monitoring.ranking import ListedRankedList, RankedList, Ranking, TermsFound
from services.matching.ranking import store, store_frozen
from services.matching.ranking.documents import (
    frozen_document,
    price_document,
    ranking_document,
    terms_set_document,
)
from services.matching.ranking.figures import figures_between
from services.matching.ranking.rules import Candidate, rank
from services.matching.ranking.steps import require_list


def work_out(session: Session, about: tuple[uuid.UUID, str], quarter: str, now: dt.datetime) -> Ranking:
    """The ranking of a list, by id and name, from its visits, prices and terms as they stand now."""
    span = parse_quarter(quarter)
    if span is None:
        raise Refused("not_found", "There is no such quarter.")
    last = max(span.first, min(span.last, london_day(now)))
    terms = store.terms_of(store.terms_in(session, about[0], quarter))
    on_it = store.prices_in(session, about[0], quarter)
    figures = figures_between(session, [row["organisation_id"] for row in on_it], span.first, last)
    candidates = [
        Candidate(row["organisation_id"], row["organisation"], row["price"], figures[row["organisation_id"]])
        for row in on_it
    ]
    return ranking_document(about, quarter, (span.first, last), terms, rank(candidates, terms))


def list_lists(session: Session, caller: Caller, *, quarter: str) -> list[ListedRankedList]:
    """Every list as it stands in a quarter, with what was frozen of it last. Raises Refused ``not_allowed``."""
    require_council(caller)
    newest = {row["list_id"]: row for row in reversed(store_frozen.list_frozen(session))}
    return [
        {
            "list_id": str(list_id),
            "name": name,
            "organisations": len(store.prices_in(session, list_id, quarter)),
            "newest": frozen_document(newest[list_id]) if list_id in newest else None,
        }
        for list_id, name in store.list_lists(session)
    ]


def find_list(session: Session, caller: Caller, *, list_id: uuid.UUID, quarter: str) -> RankedList:
    """A list in a quarter, with its history. Raises Refused ``not_allowed``, ``not_found``."""
    require_council(caller)
    _, name = require_list(session, list_id)
    waiting = store_frozen.find_waiting(session, list_id, quarter)
    terms = _terms(session, list_id, quarter)
    return {
        "list_id": str(list_id),
        "name": name,
        "quarter": quarter,
        "on_it": [price_document(row) for row in store.prices_in(session, list_id, quarter)],
        "prices": [price_document(row) for row in store.all_prices(session, list_id)],
        "terms": terms["terms"],
        "all_terms": terms["all_terms"],
        "frozen": [frozen_document(row) for row in store_frozen.list_frozen(session, list_id)],
        "proposal_id": None if waiting is None else str(waiting),
    }


def find_terms(session: Session, caller: Caller, *, quarter: str) -> TermsFound:
    """What holds for lists that have no terms of their own. Raises Refused ``not_allowed``."""
    require_council(caller)
    return _terms(session, None, quarter)


def _terms(session: Session, list_id: uuid.UUID | None, quarter: str) -> TermsFound:
    held = store.terms_in(session, list_id, quarter)
    return {
        "terms": terms_set_document(held, store.terms_of(held)),
        "all_terms": [
            terms_set_document(row, store.terms_of(row)) for row in store.all_terms(session, list_id)
        ],
    }

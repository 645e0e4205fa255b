"""Rankings, terms, places and appeals as documents: figures are rounded here, and nowhere before (RULES 16). Pure."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from libs.common.care.clock import iso_text
from libs.common.seams.matching.monitoring.ranking import (
    Appeal,
    Frozen,
    OwnPlace,
    PartOfQuality,
    PriceOfOrganisation,
    RankedOrganisation,
    Ranking,
    RankingTerms,
    TermsSet,
    WeighedMeasure,
)
from services.matching.measures.figures import two_decimals
from services.matching.ranking.rules import Part, Ranked, Terms

Row = Mapping[str, Any]
WORKINGS: Final = uuid.UUID("6d8f3f0e-57f7-5f5a-9d0e-2f1f3a6a7f16")
UPHELD, DISMISSED, WAITING = "upheld", "dismissed", "waiting"


def working_id_of(ranking: Ranking) -> uuid.UUID:
    """What tells a ranking from another: all that it says."""
    return uuid.uuid5(WORKINGS, json.dumps(ranking, sort_keys=True))


def number_text(number: Decimal) -> str:
    """A weight, a best or a price as it was set, without noughts at its end."""
    return format(number.normalize(), "f")


def terms_document(terms: Terms) -> RankingTerms:
    """What holds."""
    measures: list[WeighedMeasure] = [
        {
            "measure": one.measure,
            "best": number_text(one.best),
            "worst": number_text(one.worst),
            "weight": number_text(one.weight),
        }
        for one in terms.measures
    ]
    return {
        "quality_share": number_text(terms.quality_share),
        "price_share": number_text(terms.price_share),
        "measures": measures,
    }


def terms_set_document(row: Row, terms: Terms) -> TermsSet:
    """What was set, when and by whom."""
    return {
        **terms_document(terms),
        "quarter": row["quarter"],
        "is_of_list": row["list_id"] is not None,
        "set_by": row["set_by"],
        "set_at": iso_text(row["set_at"]),
    }


def ranking_document(
    about: tuple[uuid.UUID, str],
    quarter: str,
    days: tuple[dt.date, dt.date],
    terms: Terms,
    ranked: Sequence[Ranked],
) -> Ranking:
    """A ranking with all that led to it. about: id and name of the list; days: the first and last that were measured."""
    lowest = min((one.candidate.price for one in ranked), default=None)
    return {
        "list_id": str(about[0]),
        "list": about[1],
        "quarter": quarter,
        "measured_from": days[0].isoformat(),
        "measured_to": days[1].isoformat(),
        "lowest_price": None if lowest is None else price_text(lowest),
        "terms": terms_document(terms),
        "organisations": [_ranked_document(one) for one in ranked],
    }


def price_text(price: Decimal) -> str:
    """Pounds with two decimals, and a third where there is one."""
    return format(
        price if price.normalize().as_tuple().exponent == -3 else price.quantize(Decimal("0.01")), "f"
    )


def _ranked_document(one: Ranked) -> RankedOrganisation:
    return {
        "place": one.place,
        "organisation_id": one.candidate.organisation_id,
        "organisation": one.candidate.name,
        "quality": two_decimals(one.quality),
        "price": two_decimals(one.price_points),
        "total": two_decimals(one.total),
        "unit_price": price_text(one.candidate.price),
        "measures": {part.measure: _part_document(part) for part in one.parts},
    }


def _part_document(part: Part) -> PartOfQuality:
    return {
        "figure": _shown(part.figure),
        "points": _shown(part.points),
        "weight": _weight(part.weight),
        "scaled_weight": None if part.scaled_weight is None else _weight(part.scaled_weight),
        "product": _shown(part.product),
    }


def _shown(figure: Fraction | None) -> str | None:
    return None if figure is None else two_decimals(figure)


def _weight(weight: Fraction) -> str:
    """To four decimals, half up, without noughts at the end."""
    units = int(weight * 10_000 + Fraction(1, 2))
    return number_text(Decimal(units) / 10_000)


def frozen_document(row: Row) -> Frozen:
    """That a ranking was frozen."""
    return {
        "ranking_id": str(row["ranking_id"]),
        "list_id": str(row["list_id"]),
        "list": row["list_name"],
        "quarter": row["quarter"],
        "ordinal": row["ordinal"],
        "proposed_by": row["proposed_by"],
        "confirmed_by": row["confirmed_by"],
        "frozen_at": row["frozen_at"].isoformat(),
    }


def place_document(row: Row) -> OwnPlace:
    """A place without what led to it."""
    return {
        **frozen_document(row),
        "place": row["place"],
        "out_of": row["out_of"],
        "is_newest": row["is_newest"],
    }


def price_document(row: Row) -> PriceOfOrganisation:
    """A price, or that an organisation is off a list."""
    return {
        "organisation_id": row["organisation_id"],
        "organisation": row["organisation"],
        "quarter": row["quarter"],
        "price": None if row["price"] is None else price_text(row["price"]),
        "set_by": row["set_by"],
        "set_at": row["set_at"].isoformat(),
    }


def appeal_document(row: Row) -> Appeal:
    """An appeal with its answer."""
    state = {None: WAITING, True: UPHELD, False: DISMISSED}[row["is_upheld"]]
    return {
        "appeal_id": str(row["appeal_id"]),
        "ranking_id": str(row["ranking_id"]),
        "list_id": str(row["list_id"]),
        "list": row["list_name"],
        "quarter": row["quarter"],
        "organisation_id": str(row["organisation_id"]),
        "note": row["note"],
        "appealed_by": row["appealed_by"],
        "appealed_at": row["appealed_at"].isoformat(),
        "state": state,
        "reason": row["reason"],
        "answered_by": row["answered_by"],
        "answered_at": iso_text(row["answered_at"]),
        "refrozen_as": None if row["refrozen_as"] is None else str(row["refrozen_as"]),
    }

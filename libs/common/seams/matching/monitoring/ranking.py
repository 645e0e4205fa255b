"""Best value ranked lists and their rankings (RULES 16). Figures are text with two decimals, exact until shown."""

from __future__ import annotations

from typing import Final, TypedDict

RANKABLE: Final = (
    "frustrated",
    "cancelled",
    "hospital",
    "missed",
    "late",
    "early",
    "very_late",
    "short",
    "logged_share",
    "under_30_share",
    "continuity",
    "time_critical_share",
)
"""The measures that may be weighed, in the order in which they are shown."""


class WeighedMeasure(TypedDict):
    """A measure's part of quality: no points at ``worst``, 100 at ``best``; weights come to 1. Numbers as text."""

    measure: str
    best: str
    worst: str
    weight: str


class RankingTerms(TypedDict):
    """By what a list is ranked from a quarter on; shares in per cent."""

    quality_share: str
    price_share: str
    measures: list[WeighedMeasure]


class TermsSet(RankingTerms):
    """Terms as they were set, of a list or (``is_of_list`` false) of all lists; without who for the defaults."""

    quarter: str | None
    is_of_list: bool
    set_by: str | None
    set_at: str | None


class PartOfQuality(TypedDict):
    """A measure's figure, its points, its weight, that scaled up where figures lack, and what comes of it.

    Only ``weight`` is known where the measure has no figure.
    """

    figure: str | None
    points: str | None
    weight: str
    scaled_weight: str | None
    product: str | None


class RankedOrganisation(TypedDict):
    """An organisation in a ranking: ``unit_price`` in pounds, ``price`` its points; ``measures`` by measure."""

    place: int
    organisation_id: str
    organisation: str
    quality: str
    price: str
    total: str
    unit_price: str
    measures: dict[str, PartOfQuality]


class Ranking(TypedDict):
    """A ranking, as it would be now or as it was frozen; the best first.

    ``measured_to`` is the last planned day that was measured: the quarter's last, or the day of the working.
    """

    list_id: str
    list: str
    quarter: str
    measured_from: str
    measured_to: str
    lowest_price: str | None
    terms: RankingTerms
    organisations: list[RankedOrganisation]


class Frozen(TypedDict):
    """A ranking that two people have frozen; ``ordinal`` counts those of one list and quarter."""

    ranking_id: str
    list_id: str
    list: str
    quarter: str
    ordinal: int
    proposed_by: str
    confirmed_by: str
    frozen_at: str


class Appeal(TypedDict):
    """A provider's appeal: ``waiting``, ``upheld`` or ``dismissed``, with the council's reason.

    ``refrozen_as`` is the ranking that an upheld one led to.
    """

    appeal_id: str
    ranking_id: str
    list_id: str
    list: str
    quarter: str
    organisation_id: str
    note: str
    appealed_by: str
    appealed_at: str
    state: str
    reason: str
    answered_by: str | None
    answered_at: str | None
    refrozen_as: str | None


class FrozenRanking(Frozen):
    """With what was frozen, the appeals against it, and whether it is the newest of its quarter."""

    ranking: Ranking
    appeals: list[Appeal]
    is_newest: bool


class OwnPlace(Frozen):
    """A provider's place in a frozen ranking."""

    place: int
    out_of: int
    is_newest: bool


class OwnPlaceExplained(OwnPlace):
    """With what led to it, of nobody else; ``lowest_price`` is not said."""

    measured_from: str
    measured_to: str
    terms: RankingTerms
    explained: RankedOrganisation
    appeals: list[Appeal]


class ListedRankedList(TypedDict):
    """A list with how many are on it in a quarter, and what was frozen of it last."""

    list_id: str
    name: str
    organisations: int
    newest: Frozen | None


class PriceOfOrganisation(TypedDict):
    """An organisation on a list from a quarter on, at a price (pounds as text); off it for None."""

    organisation_id: str
    organisation: str
    quarter: str
    price: str | None
    set_by: str
    set_at: str


class RankedList(TypedDict):
    """A list in a quarter: who is on it at which price, what holds, all that was ever set, all that was frozen."""

    list_id: str
    name: str
    quarter: str
    on_it: list[PriceOfOrganisation]
    prices: list[PriceOfOrganisation]
    terms: TermsSet
    all_terms: list[TermsSet]
    frozen: list[Frozen]
    proposal_id: str | None


class OrderOfOffers(TypedDict):
    """A provider's place, as a requisition takes it."""

    place: int
    organisation_id: str
    organisation: str


class NewestRanking(TypedDict):
    """The order that requisitions of a list go down now."""

    ranking_id: str
    list_id: str
    list: str
    quarter: str
    organisations: list[OrderOfOffers]


class RankingFound(TypedDict):
    """A ranking that was frozen, or as it would be now (``frozen`` is None); ``seen`` tells it from any other."""

    frozen: Frozen | None
    ranking: Ranking
    seen: str


class TermsFound(TypedDict):
    """What holds in a quarter for lists without terms of their own, and all that was ever set, the newest first."""

    terms: TermsSet
    all_terms: list[TermsSet]

"""What the API takes and answers about ranked lists and rankings (RULES 16)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from libs.common.care.quarters import QuarterField
from libs.common.seams.matching.monitoring.ranking import RANKABLE
from services.portal.api.asked import Asked, Flag, text_of, words_of
from services.portal.api.schemas import day, moment, pounds
from services.portal.ranking.forms import LONGEST_NAME, decimal_in

QUARTER = {"description": "a quarter of a calendar year, such as 2026-Q3", "example": "2026-Q3"}


def quarter(**options: Any) -> QuarterField:
    """A quarter as it is sent."""
    return QuarterField(metadata=QUARTER, **options)


def is_number(text: str) -> None:
    """Raises ValidationError for what is no number from 0 up with four decimals at most."""
    if decimal_in(text, 4) is None:
        raise ValidationError("Send a number from 0 up with four decimals at most, as text.")


def is_price(text: str) -> None:
    """Raises ValidationError for what is no price."""
    if not decimal_in(text, 3):
        raise ValidationError("Send pounds above nothing with three decimals at most, as text.")


def number(description: str) -> fields.String:
    """A number as text, as it is sent and answered."""
    return fields.String(required=True, validate=is_number, metadata={"description": description})


def a_figure(description: str, *, may_lack: bool = False) -> fields.String:
    """A figure in an answer: two decimals as text."""
    return fields.String(required=True, allow_none=may_lack, metadata={"description": description})


class InQuarter(Asked):
    """Of a quarter."""

    quarter = quarter(required=True)


class QuarterQuery(Asked):
    """Of a quarter; of the last whole one where none is named."""

    quarter = quarter()


class RankingQuery(InQuarter):
    """A list by its name, in a quarter."""

    list = text_of(LONGEST_NAME, required=True, metadata={"description": "the list’s name"})
    now = Flag(load_default=False, metadata={"description": "as it would be now, whatever was frozen"})


class NewList(Asked):
    """A list."""

    name = text_of(LONGEST_NAME, required=True)


class NewPrice(InQuarter):
    """A provider's price from a quarter on."""

    organisation = text_of(200, required=True)
    price = fields.String(
        required=True,
        allow_none=True,
        validate=is_price,
        metadata={"description": "pounds an hour; null takes the provider off the list", "example": "23.50"},
    )


class WeighedMeasure(Asked):
    """A measure's part of quality."""

    measure = fields.String(required=True, validate=validate.OneOf(RANKABLE))
    best = number("where a figure has 100 points")
    worst = number("where it has none")
    weight = number("all weights come to 1")


class NewRankingTerms(InQuarter):
    """By what is ranked from a quarter on; the price counts with what is left of 100."""

    quality_share = number("per cent")
    measures = fields.List(
        fields.Nested(WeighedMeasure), required=True, validate=validate.Length(1, len(RANKABLE))
    )


class NewProposal(InQuarter):
    """What is to be frozen as it stands."""

    seen = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "`seen` of the ranking that was looked at"},
    )


class NewAppeal(Asked):
    """Why a provider does not agree."""

    note = words_of(required=True)


class AppealAnswer(Asked):
    """The council's answer."""

    is_upheld = fields.Boolean(required=True, truthy={True}, falsy={False})
    reason = words_of(required=True)


class RankingTerms(Schema):
    """Shares in per cent, and what quality is made of."""

    quality_share = fields.String(required=True)
    price_share = fields.String(required=True)
    measures = fields.List(fields.Nested(WeighedMeasure), required=True)


class TermsSet(RankingTerms):
    """As they were set; the defaults have no quarter."""

    quarter = fields.String(required=True, allow_none=True)
    is_of_list = fields.Boolean(required=True)
    set_by = fields.String(required=True, allow_none=True)
    set_at = moment(required=True, allow_none=True)


class TermsFound(Schema):
    """What holds in a quarter for lists without terms of their own, and all that was set, the newest first."""

    terms = fields.Nested(TermsSet, required=True)
    all_terms = fields.List(fields.Nested(TermsSet), required=True)


class Part(Schema):
    """What a measure adds to quality."""

    figure = a_figure("per cent, or the mean of continuity; null where there is none", may_lack=True)
    points = a_figure("from 0 to 100", may_lack=True)
    weight = fields.String(required=True)
    scaled_weight = fields.String(required=True, allow_none=True)
    product = a_figure("points × scaled weight", may_lack=True)


class RankedOrganisation(Schema):
    """A provider, and what led to its place."""

    place = fields.Integer(required=True)
    organisation_id = fields.String(required=True)
    organisation = fields.String(required=True)
    quality = a_figure("Σ weight × points")
    price = a_figure("lowest price ÷ price × 100")
    total = a_figure("quality share × quality + price share × price")
    unit_price = pounds(required=True)
    measures = fields.Dict(keys=fields.String(), values=fields.Nested(Part), required=True)


class Ranking(Schema):
    """A ranking, the best first."""

    list_id = fields.String(required=True)
    list = fields.String(required=True)
    quarter = fields.String(required=True)
    measured_from = day(required=True)
    measured_to = day(required=True)
    lowest_price = pounds(required=True, allow_none=True)
    terms = fields.Nested(RankingTerms, required=True)
    organisations = fields.List(fields.Nested(RankedOrganisation), required=True)


class Frozen(Schema):
    """That two people have frozen a ranking."""

    ranking_id = fields.String(required=True)
    list_id = fields.String(required=True)
    list = fields.String(required=True)
    quarter = fields.String(required=True)
    ordinal = fields.Integer(required=True)
    proposed_by = fields.String(required=True)
    confirmed_by = fields.String(required=True)
    frozen_at = moment(required=True)


class RankingFound(Schema):
    """What is frozen, or what it would be now."""

    frozen = fields.Nested(Frozen, required=True, allow_none=True)
    ranking = fields.Nested(Ranking, required=True)
    seen = fields.String(required=True)


class Appeal(Schema):
    """An appeal with its answer."""

    appeal_id = fields.String(required=True)
    ranking_id = fields.String(required=True)
    list_id = fields.String(required=True)
    list = fields.String(required=True)
    quarter = fields.String(required=True)
    organisation_id = fields.String(required=True)
    note = fields.String(required=True)
    appealed_by = fields.String(required=True)
    appealed_at = moment(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("waiting", "upheld", "dismissed")))
    reason = fields.String(required=True)
    answered_by = fields.String(required=True, allow_none=True)
    answered_at = moment(required=True, allow_none=True)
    refrozen_as = fields.String(required=True, allow_none=True)


class FrozenRanking(Frozen):
    """With what was frozen, and the appeals against it."""

    ranking = fields.Nested(Ranking, required=True)
    appeals = fields.List(fields.Nested(Appeal), required=True)
    is_newest = fields.Boolean(required=True)


class Price(Schema):
    """A provider on a list, or off it."""

    organisation_id = fields.String(required=True)
    organisation = fields.String(required=True)
    quarter = fields.String(required=True)
    price = pounds(required=True, allow_none=True)
    set_by = fields.String(required=True)
    set_at = moment(required=True)


class ListedList(Schema):
    """A list, and what was frozen of it last."""

    list_id = fields.String(required=True)
    name = fields.String(required=True)
    organisations = fields.Integer(required=True)
    newest = fields.Nested(Frozen, required=True, allow_none=True)


class Lists(Schema):
    """All lists, by name."""

    items = fields.List(fields.Nested(ListedList), required=True)


class RankedList(TermsFound):
    """A list in a quarter, with all that was ever set."""

    list_id = fields.String(required=True)
    name = fields.String(required=True)
    quarter = fields.String(required=True)
    on_it = fields.List(fields.Nested(Price), required=True)
    prices = fields.List(fields.Nested(Price), required=True)
    frozen = fields.List(fields.Nested(Frozen), required=True)
    proposal_id = fields.String(required=True, allow_none=True)


class Proposed(Schema):
    """Waits for a second person, or says nothing new."""

    state = fields.String(required=True, validate=validate.OneOf(("proposed", "unchanged")))
    proposal_id = fields.String(required=True, allow_none=True)


class OwnPlace(Frozen):
    """A provider's place."""

    place = fields.Integer(required=True)
    out_of = fields.Integer(required=True)
    is_newest = fields.Boolean(required=True)


class OwnPlaces(Schema):
    """A provider's places, the newest quarter first."""

    items = fields.List(fields.Nested(OwnPlace), required=True)


class OwnPlaceExplained(OwnPlace):
    """With what led to it."""

    measured_from = day(required=True)
    measured_to = day(required=True)
    terms = fields.Nested(RankingTerms, required=True)
    explained = fields.Nested(RankedOrganisation, required=True)
    appeals = fields.List(fields.Nested(Appeal), required=True)

"""What may be asked of matching about ranked lists and rankings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from libs.common.care.figures import Figure
from libs.common.care.quarters import QuarterField
from libs.common.rpc.payloads import Payload
from libs.common.seams.matching.monitoring.ranking import RANKABLE

LONGEST_NAME = 100
LONGEST_NOTE = 4_000
MOST_POUNDS = Decimal(10_000)
MOST_PLACES = 4
"""After the point, of a best, a worst and a weight."""
MOST_FIGURE = Decimal(1_000)


def is_short(number: Decimal) -> None:
    """No more decimals than are shown."""
    if number.normalize().as_tuple().exponent < -MOST_PLACES:  # type: ignore[operator]
        raise ValidationError(f"Send no more than {MOST_PLACES} decimals.")


def is_money(number: Decimal) -> None:
    """Tenths of a penny are paid in some contracts, and nothing smaller."""
    if number.normalize().as_tuple().exponent < -3:  # type: ignore[operator]
        raise ValidationError("Send no more than three decimals.")


class ListId(Payload):
    """A ranked list."""

    list_id = fields.UUID(required=True)


class ListInQuarter(ListId):
    """As it stands in a quarter."""

    quarter = QuarterField(required=True)


class InQuarter(Payload):
    """Of a quarter."""

    quarter = QuarterField(required=True)


class MakeList(ListId):
    """A list of this name."""

    name = fields.String(required=True, validate=validate.Length(1, LONGEST_NAME))


class SetPrice(ListInQuarter):
    """A provider's price from a quarter on; None takes it off the list."""

    organisation = fields.String(required=True, validate=validate.Length(1, 200))
    price = Figure(
        required=True,
        allow_none=True,
        validate=[validate.Range(0, MOST_POUNDS, min_inclusive=False), is_money],
    )


class Weight(Payload):
    """A measure's part of quality."""

    measure = fields.String(required=True, validate=validate.OneOf(RANKABLE))
    best = Figure(required=True, validate=[validate.Range(0, MOST_FIGURE), is_short])
    worst = Figure(required=True, validate=[validate.Range(0, MOST_FIGURE), is_short])
    weight = Figure(required=True, validate=[validate.Range(0, 1, min_inclusive=False), is_short])


class SetTerms(InQuarter):
    """By what a list, or (None) each that has nothing of its own, is ranked from a quarter on."""

    list_id = fields.UUID(required=True, allow_none=True)
    quality_share = Figure(required=True, validate=[validate.Range(0, 100), is_short])
    measures = fields.List(fields.Nested(Weight), required=True, validate=validate.Length(1, len(RANKABLE)))


class RankingAsked(InQuarter):
    """Of a list by its id, or by its name. ``is_now``: as it would be now, whatever was frozen."""

    list_id = fields.UUID(load_default=None, allow_none=True)
    list_name = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, LONGEST_NAME))
    is_now = fields.Boolean(load_default=False)

    @validates_schema
    def is_about_one(self, data: Any, **_: Any) -> None:
        """One of the two is named."""
        if (data["list_id"] is None) == (data["list_name"] is None):
            raise ValidationError("Name a list.", "list_name")


class ProposeRanking(ListInQuarter):
    """A ranking to be frozen. ``seen``: what was on the page."""

    seen = fields.UUID(load_default=None, allow_none=True)


class RankingProposalId(Payload):
    """A proposal to freeze a ranking."""

    proposal_id = fields.UUID(required=True)


class RankingId(Payload):
    """A frozen ranking."""

    ranking_id = fields.UUID(required=True)


class AppealRanking(RankingId):
    """A provider's appeal against its place."""

    appeal_id = fields.UUID(required=True)
    note = fields.String(required=True, validate=validate.Length(1, LONGEST_NOTE))


class AnswerAppeal(Payload):
    """The council's answer, with what it says to the provider."""

    appeal_id = fields.UUID(required=True)
    is_upheld = fields.Boolean(required=True)
    reason = fields.String(required=True, validate=validate.Length(1, LONGEST_NOTE))

"""What may be asked of matching about overlaps."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import OfOrganisation, Payload

MOST_PAIRS = 1000
LONGEST_SPAN = 92
"""Days: a quarter."""


class PairOfVisits(Payload):
    """Two visits, the one that was begun first first, and for how many seconds both ran."""

    first = fields.Tuple((fields.UUID(), fields.String()), required=True)
    second = fields.Tuple((fields.UUID(), fields.String()), required=True)
    seconds = fields.Integer(required=True, strict=True, validate=validate.Range(0, 2 * 86_400))


class PairsOfVisits(Payload):
    """Pairs of visits that overlap."""

    pairs = fields.List(fields.Nested(PairOfVisits), required=True, validate=validate.Length(max=MOST_PAIRS))


class MoreCarersAsked(OfOrganisation):
    """Planned days of a quarter at most, both included; of a client by any identifier; after a place."""

    first = DayAround(required=True)
    last = DayAround(required=True)
    client = fields.String(load_default=None, allow_none=True)
    after = fields.Tuple(
        (fields.UUID(), fields.Date(), fields.String(), fields.Integer()), load_default=None, allow_none=True
    )
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))

    @validates_schema
    def is_a_span(self, data: Any, **_: Any) -> None:
        """From the first day on, and not too many."""
        if not 0 <= (data["last"] - data["first"]).days < LONGEST_SPAN:
            raise ValidationError(f"Ask for at most {LONGEST_SPAN} days, from the first day on.", "last")

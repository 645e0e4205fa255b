"""What may be asked of ingest about overlaps."""

from marshmallow import fields, validate, validates_schema
from marshmallow.exceptions import ValidationError

from libs.common.care.days import Day, DayAround
from libs.common.rpc.payloads import OfOrganisation, Payload
from services.ingest.overlaps.rules import OverlapLimits

MOST_DAYS = 7


class OverlappingVisits(OfOrganisation):
    """Pairs of visits delivered on the days of a week, of a carer by name or CarerRef, after a place."""

    first = DayAround(required=True)
    last = DayAround(required=True)
    carer = fields.String(load_default=None, allow_none=True)
    where = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(("within", "across")))
    is_left_running = fields.Boolean(load_default=False)
    after = fields.Tuple(
        (fields.Date(), fields.Integer(), fields.UUID(), fields.String(), fields.UUID(), fields.String()),
        load_default=None,
        allow_none=True,
    )
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))

    @validates_schema
    def is_bounded(self, data: dict, **_: object) -> None:
        """Each visit meets all of its carer's on that day: a week of a council's visits is enough at once."""
        if not 0 <= (data["last"] - data["first"]).days < MOST_DAYS:
            raise ValidationError(f"Ask for at most {MOST_DAYS} days, from the first day on.")


class LimitsOfDay(Payload):
    """A delivered day."""

    day = DayAround(required=True)


class SetOverlapLimit(Payload):
    """A limit from a delivered day on, in whole minutes."""

    name = fields.String(required=True, validate=validate.OneOf(OverlapLimits._fields))
    effective_from = Day(required=True)
    value = fields.Integer(required=True, strict=True, validate=validate.Range(0, 1440))

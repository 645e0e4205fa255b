"""What may be asked of matching about measures."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from libs.common.care.days import Day
from libs.common.rpc.payloads import OfOrganisation, Payload
from services.matching.measures.thresholds import Thresholds


class AreaAsked(Payload):
    """Planned days, both included."""

    first = Day(required=True)
    last = Day(required=True)

    @validates_schema
    def is_a_span(self, data: Any, **_: Any) -> None:
        """The last day is not before the first."""
        if data["last"] < data["first"]:
            raise ValidationError("The last day is before the first.", "last")


class MeasuresAsked(AreaAsked, OfOrganisation):
    """The organisations after an id, where not all came in one answer."""

    after = fields.UUID(load_default=None, allow_none=True)


class SetThreshold(Payload):
    """A threshold from a planned day on; minutes, per cent or weeks, and 0 or 1 for what is said or not."""

    name = fields.String(required=True, validate=validate.OneOf(Thresholds._fields))
    effective_from = Day(required=True)
    value = fields.Integer(required=True, strict=True, validate=validate.Range(0, 1440))


class SetOneDiary(Payload):
    """Whether a contract, or else a CPLI, is monitored by total hours."""

    contract = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 200))
    cpli_id = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 2**63 - 1))
    is_one_diary = fields.Boolean(required=True)

    @validates_schema
    def is_about_one(self, data: Any, **_: Any) -> None:
        """One of the two is named."""
        if (data["contract"] is None) == (data["cpli_id"] is None):
            raise ValidationError("Name a contract or a care package line item.", "contract")

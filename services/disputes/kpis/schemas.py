"""What may be asked of disputes for the page of KPIs."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import Payload
from services.disputes.kpis.rules import MONTHS, RAISED_BY


class DaysOfProvider(Payload):
    """A provider, and the days of a span, both included; a provider's own is meant where None is named."""

    organisation_id = fields.UUID(load_default=None, allow_none=True)
    first = DayAround(required=True)
    last = DayAround(required=True)

    @validates_schema
    def is_a_span(self, data: Any, **_: Any) -> None:
        """The last day is not before the first."""
        if data["last"] < data["first"]:
            raise ValidationError("The last day is before the first.", "last")


class RaisedCases(DaysOfProvider):
    """Those of one kind."""

    kind = fields.String(required=True, validate=validate.OneOf(RAISED_BY))


class SetSpan(Payload):
    """How many months a span has, and in which month of the year one begins."""

    months = fields.Integer(required=True, strict=True, validate=validate.OneOf(MONTHS))
    first_month = fields.Integer(required=True, strict=True, validate=validate.Range(1, 12))

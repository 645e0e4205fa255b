"""What may be asked of matching about measures."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from libs.common.care.days import Day
from libs.common.rpc.payloads import OfOrganisation, Payload
from libs.common.seams.matching.monitoring.measures import Measures
from services.matching.measures.thresholds import LIMITS, Thresholds, is_possible

MEASURES = tuple(Measures.__annotations__)
SHARES = ("logged_share", "under_30_share", "time_critical_share")


def refuse_impossible(values: Mapping[str, int], field: str) -> None:
    """Raises ValidationError for a value that a threshold can't have."""
    for name, value in values.items():
        if not is_possible(name, value):
            lowest, highest = LIMITS[name]
            raise ValidationError(f"{name} is a whole number from {lowest} to {highest}.", field)


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


class VisitsAsked(OfOrganisation):
    """What made a measure over planned days, both included; the days after a day, where not all came in one answer."""

    first = Day(required=True)
    last = Day(required=True)
    measure = fields.String(required=True, validate=validate.OneOf(MEASURES))
    is_rest = fields.Boolean(load_default=False)
    after = Day(load_default=None, allow_none=True)

    @validates_schema
    def is_a_span(self, data: Any, **_: Any) -> None:
        """The last day is not before the first; only shares have a rest."""
        if data["last"] < data["first"]:
            raise ValidationError("The last day is before the first.", "last")
        if data["is_rest"] and data["measure"] not in SHARES:
            raise ValidationError("Only shares have what they leave out.", "is_rest")


class ThresholdsTried(MeasuresAsked):
    """Measures by other thresholds."""

    values = fields.Dict(
        keys=fields.String(validate=validate.OneOf(Thresholds._fields)),
        values=fields.Integer(strict=True),
        required=True,
    )

    @validates_schema
    def are_values(self, data: Any, **_: Any) -> None:
        """Each within its threshold's limits."""
        refuse_impossible(data["values"], "values")


class SetThreshold(Payload):
    """A threshold from a planned day on; minutes, per cent or weeks, and 0 or 1 for what is said or not."""

    name = fields.String(required=True, validate=validate.OneOf(Thresholds._fields))
    effective_from = Day(required=True)
    value = fields.Integer(required=True, strict=True)

    @validates_schema
    def is_a_value(self, data: Any, **_: Any) -> None:
        """Within the threshold's limits."""
        refuse_impossible({data["name"]: data["value"]}, "value")


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

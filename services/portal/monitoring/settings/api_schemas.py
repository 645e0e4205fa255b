"""What the API takes and answers about thresholds and one diaries (RULES 16)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from libs.common.care.days import Day
from services.portal.api.asked import Asked, text_of
from services.portal.api.schemas import day, moment
from services.portal.monitoring.words import THRESHOLD_BY_NAME, THRESHOLD_STATES

NAMES = tuple(THRESHOLD_BY_NAME)


class ThresholdChange(Schema):
    """A threshold as somebody set it."""

    effective_from = day(required=True)
    value = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(tuple(THRESHOLD_STATES)))
    set_by = fields.String(required=True)
    set_at = moment(required=True)


class Threshold(Schema):
    """What holds today, since which planned day (null: it is the default); changes are shown to the council alone."""

    name = fields.String(required=True, validate=validate.OneOf(NAMES))
    value = fields.Integer(required=True)
    since = day(required=True, allow_none=True)
    default = fields.Integer(required=True)
    lowest = fields.Integer(required=True)
    highest = fields.Integer(required=True)
    changes = fields.List(fields.Nested(ThresholdChange), required=True)


class Thresholds(Schema):
    """All thresholds."""

    items = fields.List(fields.Nested(Threshold), required=True)


class NewThreshold(Asked):
    """A threshold from a planned day on."""

    name = fields.String(required=True, validate=validate.OneOf(NAMES))
    effective_from = Day(required=True)
    value = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(0, 1440),
        metadata={"description": "minutes, per cent or weeks; 0 or 1 for very_late_is_missed"},
    )


class OneDiary(Schema):
    """A contract (by its folded name) or a line item, and whether it is monitored by total hours."""

    contract = fields.String(required=True, allow_none=True)
    cpli_id = fields.Integer(required=True, allow_none=True)
    is_one_diary = fields.Boolean(required=True)
    set_by = fields.String(required=True)
    set_at = moment(required=True)


class OneDiaries(Schema):
    """What is said of a line item goes before what is said of its contract."""

    items = fields.List(fields.Nested(OneDiary), required=True)


class NewOneDiary(Asked):
    """A contract, or else a line item."""

    contract = text_of(200, metadata={"description": "as care has it"})
    cpli_id = fields.Integer(validate=validate.Range(0, 2**63 - 1))
    is_one_diary = fields.Boolean(required=True, truthy={True}, falsy={False})

    @validates_schema
    def is_about_one(self, data: Any, **_: Any) -> None:
        """One of the two is named."""
        if ("contract" in data) == ("cpli_id" in data):
            raise ValidationError("Name a contract or a care package line item.", "contract")

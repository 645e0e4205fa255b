"""What may be asked of ingest about actuals."""

from __future__ import annotations

import datetime as dt
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from libs.common.care.actuals import ActualLine
from libs.common.care.days import Day, DayAround
from libs.common.rpc.payloads import OfOrganisation, Payload
from services.ingest.actuals.rules import LONGEST_COMMENT, MOST_VISITS

SECONDS_IN_A_WEEK = 7 * 86_400
MOST_LINES = 7

some_seconds = validate.Range(0, SECONDS_IN_A_WEEK)


def is_a_monday(day: dt.date) -> None:
    """Raises ValidationError for any other day."""
    if day.weekday():
        raise ValidationError("Name a week by its Monday.")


class WeekOf(OfOrganisation):
    """A week by its Monday."""

    monday = DayAround(required=True, validate=is_a_monday)


class CpliWeek(Payload):
    """A CPLI's week."""

    cpli_id = fields.Integer(required=True, validate=validate.Range(1, 2**63 - 1))
    monday = DayAround(required=True, validate=is_a_monday)


class LineEntered(Payload):
    """A line of a week."""

    first_on = Day(required=True)
    last_on = Day(required=True)
    delivered_seconds = fields.Integer(required=True, validate=some_seconds)
    frustrated_seconds = fields.Integer(load_default=0, validate=some_seconds)
    visits = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, MOST_VISITS))
    comment = fields.String(load_default="", validate=validate.Length(max=LONGEST_COMMENT))

    @post_load
    def to_line(self, data: dict[str, Any], **_: Any) -> ActualLine:
        """The line as the rules take it."""
        return ActualLine(**data)


class SaveWeek(CpliWeek):
    """What was delivered; ``version`` is the one that was seen."""

    lines = fields.List(fields.Nested(LineEntered), required=True, validate=validate.Length(1, MOST_LINES))
    version = fields.Integer(required=True, validate=validate.Range(min=0))


class DeleteWeek(CpliWeek):
    """Why nothing was delivered."""

    reason = fields.String(required=True, validate=validate.Length(1, 200))
    version = fields.Integer(required=True, validate=validate.Range(min=0))

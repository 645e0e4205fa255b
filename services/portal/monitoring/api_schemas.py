"""What the API takes and answers about measures and under-delivery (RULES 16)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from libs.common.care.days import Day
from services.portal.api.asked import Owner
from services.portal.api.schemas import day


class SpanOfMeasures(Owner):
    """Planned days, both included."""

    first = Day(required=True, data_key="from", metadata={"description": "the first planned day"})
    last = Day(
        required=True, data_key="to", metadata={"description": "the last; days after today are left out"}
    )

    @validates_schema
    def is_a_span(self, data: Any, **_: Any) -> None:
        """The last day is not before the first."""
        if data["last"] < data["first"]:
            raise ValidationError("The last day is before the first.", "to")


def count(description: str) -> fields.Integer:
    """A number of visits or slots."""
    return fields.Integer(required=True, metadata={"description": description})


def figure(description: str, *, may_lack: bool = True) -> fields.String:
    """A share, hours or a mean as text; null where there is nothing to divide by."""
    return fields.String(required=True, allow_none=may_lack, metadata={"description": description})


class Measures(Schema):
    """An organisation's measures."""

    delivered = count("delivered visits")
    frustrated = count("visits of types C and U")
    cancelled = count("visits of type C24")
    hospital = count("visits of type H")
    missed = count("slots of timetables without a visit, in weeks sent")
    late = count("begun more than 15 minutes after planned")
    early = count("begun more than 15 minutes before planned")
    very_late = count("begun when the client’s next visit of the day should have")
    short = count("under 80 % of the planned time")
    logged_share = figure("per cent of delivered visits with neither time overridden")
    under_30_share = figure("per cent of delivered visits that were planned for less than 30 minutes")
    continuity = figure("different carers of a client, the mean over clients")
    hours_delivered = figure("hours of delivered visits", may_lack=False)
    hours_commissioned = figure("hours of the days of weeks sent", may_lack=False)
    time_critical_share = figure("per cent of time-critical slots that were kept")


class MeasuresOfAll(Schema):
    """Measures by the name of the organisation."""

    organisations = fields.Dict(keys=fields.String(), values=fields.Nested(Measures), required=True)


class HoursOfWeek(Schema):
    """A week that was compared."""

    monday = day(required=True)
    hours = fields.String(required=True)


class CpliDelivery(Schema):
    """A CPLI of which less, or more, is delivered than commissioned."""

    cpli_id = fields.Integer(required=True)
    organisation = fields.String(required=True)
    client = fields.String(required=True, metadata={"description": "SSRef, else ClientRef, else NHSNumber"})
    direction = fields.String(required=True, metadata={"description": "under or over"})
    commissioned_hours = fields.String(required=True)
    delivered_hours = fields.String(
        required=True, metadata={"description": "the mean of the weeks that were compared"}
    )
    median_hours = fields.String(required=True)
    saving_a_year = figure("pounds; null for a provider’s token")
    client_saving_a_year = figure("pounds, of the saving; null for a provider’s token")
    weeks = fields.List(fields.Nested(HoursOfWeek), required=True)


class UnderDelivery(Schema):
    """All of them, by organisation and CpliId."""

    items = fields.List(fields.Nested(CpliDelivery), required=True)

"""What the API takes and answers about KPIs, meetings with providers, and spans (RULES 16)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from libs.common.care.days import Day
from libs.common.casework.cases import LONGEST_WORDS
from libs.common.seams.disputes.meetings import LONGEST_PEOPLE
from services.portal.api.asked import Asked, Prose, is_prose, text_of, words_of
from services.portal.api.schemas import day, moment
from services.portal.monitoring.kpi.words import SPANS

UNITS = ("count", "per cent", "hours", "mean", "days")


def figure(description: str) -> fields.String:
    """A number as text; null where there is none."""
    return fields.String(required=True, allow_none=True, metadata={"description": description})


class Figure(Schema):
    """A figure of the span, of the span before, and of all providers together."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True, validate=validate.OneOf(UNITS))
    definition = fields.String(required=True)
    value = figure("of the span, as text")
    before = figure("of the span before")
    area = figure(
        "of all providers together; null where there are fewer than three, and for what is not measured"
    )


class FiguresOf(Schema):
    """The figures of one subject."""

    key = fields.String(required=True)
    heading = fields.String(required=True)
    figures = fields.List(fields.Nested(Figure), required=True)


class Days(Schema):
    """The days of a span, both included."""

    first = day(required=True)
    last = day(required=True)


class Meeting(Schema):
    """Notes of a meeting with a provider, who sees them once they are shared."""

    meeting_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    held_on = day(required=True)
    people = fields.String(required=True)
    notes = fields.String(required=True)
    agreed = fields.String(required=True)
    kept_at = moment(required=True)
    shared_at = moment(required=True, allow_none=True)


class Meetings(Schema):
    """Meetings with a provider, the newest first."""

    items = fields.List(fields.Nested(Meeting), required=True)


class Kpis(Schema):
    """A provider's KPIs of a span, and the meetings in it."""

    organisation = fields.String(required=True)
    span = fields.Nested(Days, required=True)
    before = fields.Nested(Days, required=True)
    sections = fields.List(fields.Nested(FiguresOf), required=True)
    meetings = fields.List(fields.Nested(Meeting), required=True)


class NewMeeting(Asked):
    """Notes of a meeting with a provider."""

    organisation = text_of(200, required=True, metadata={"description": "the provider by its name"})
    held_on = Day(required=True, metadata={"description": "today at the latest"})
    people = text_of(LONGEST_PEOPLE, required=True, metadata={"description": "who met"})
    notes = words_of(required=True)
    agreed = Prose(load_default="", validate=[validate.Length(max=LONGEST_WORDS), is_prose])
    is_shared = fields.Boolean(
        load_default=False,
        truthy={True},
        falsy={False},
        metadata={"description": "whether the provider sees the notes"},
    )


class SpanOfKpis(Schema):
    """How many months a span has, and the month of the year (January is 1) in which one begins."""

    months = fields.Integer(required=True)
    first_month = fields.Integer(required=True)


class NewSpan(Asked):
    """The same, to be set."""

    months = fields.Integer(required=True, strict=True, validate=validate.OneOf(tuple(SPANS)))
    first_month = fields.Integer(required=True, strict=True, validate=validate.Range(1, 12))

"""What the API takes and answers about overlaps, and clients with more carers than planned (RULES 16)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from libs.common.care.days import Day
from services.portal.api.asked import Flag, Paged, text_of
from services.portal.api.schemas import day, pounds
from services.portal.reports.ranges import MOST_DAYS


class DaysPaged(Paged):
    """Days of a quarter at most, both included."""

    first = Day(required=True, data_key="from", metadata={"description": "the first day"})
    last = Day(
        required=True, data_key="to", metadata={"description": f"the last day, of {MOST_DAYS} at most"}
    )

    @validates_schema
    def is_a_span(self, data: Any, **_: Any) -> None:
        """The last day is not before the first, and not too long after it."""
        if not 0 <= (data["last"] - data["first"]).days < MOST_DAYS:
            raise ValidationError(f"Ask for at most {MOST_DAYS} days, from the first day on.", "to")


class OverlapsQuery(DaysPaged):
    """Which overlaps, by the delivered day of the visit that was begun first."""

    carer = text_of(100, metadata={"description": "a carer’s name or CarerRef"})
    where = fields.String(validate=validate.OneOf(("within", "across")))
    left_running = Flag(
        load_default=False, metadata={"description": "only where the first visit looks left running"}
    )


class MoreCarersQuery(DaysPaged):
    """Which clients, by planned days."""

    client = text_of(50, metadata={"description": "SSRef, ClientRef or NHSNumber"})


class OverlappingVisit(Schema):
    """One visit of a pair; times as 09:00."""

    organisation = fields.String(required=True)
    ref = fields.String(required=True)
    client = fields.String(required=True)
    carer_ref = fields.String(required=True)
    day = day(required=True)
    entry = fields.String(required=True)
    exit = fields.String(required=True)


class Stake(Schema):
    """Pounds, and the unit cost an hour from which they come."""

    amount = pounds(required=True)
    unit_cost = fields.String(required=True)
    by_first = fields.Boolean(
        required=True, metadata={"description": "whether the unit cost is that of the visit begun first"}
    )


class Overlap(Schema):
    """Two visits of one carer that ran at once, the one that was begun first first."""

    carer = fields.String(required=True)
    is_across = fields.Boolean(required=True, metadata={"description": "of two providers; known by name"})
    seconds = fields.Integer(required=True)
    left_running = fields.List(
        fields.String(validate=validate.OneOf(("ended_together", "too_long"))),
        required=True,
        metadata={"description": "why the first visit looks as if it was left running"},
    )
    at_stake = fields.Nested(
        Stake, required=True, allow_none=True, metadata={"description": "null where neither is paid"}
    )
    visits = fields.List(fields.Nested(OverlappingVisit), required=True)


class Overlaps(Schema):
    """A page of them; it may have few items, and still go on."""

    items = fields.List(fields.Nested(Overlap), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class CrowdVisit(Schema):
    """A visit of those that meet; times as planned."""

    ref = fields.String(required=True)
    entry = fields.String(required=True)
    exit = fields.String(required=True)
    carer_ref = fields.String(required=True)


class Crowd(Schema):
    """A client with more carers at one moment than the plan wants."""

    organisation = fields.String(required=True)
    client = fields.String(required=True)
    day = day(required=True)
    at = fields.String(required=True, metadata={"description": "the moment, as 09:00"})
    carers = fields.Integer(required=True)
    wanted = fields.Integer(required=True)
    visits = fields.List(fields.Nested(CrowdVisit), required=True)


class Crowds(Schema):
    """A page of them; it may have few items, and still go on."""

    items = fields.List(fields.Nested(Crowd), required=True)
    next_cursor = fields.String(required=True, allow_none=True)

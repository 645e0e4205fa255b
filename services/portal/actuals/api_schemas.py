"""What the API takes and answers about actuals (RULES 13)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from libs.common.care.days import Day, DayAround
from services.portal.api.asked import Asked, Owner, Prose, is_plain, text_of
from services.portal.api.schemas import CheckedFile, day, moment, pounds

LONGEST_COMMENT = 8_000
SECONDS_IN_A_WEEK = 7 * 86_400
MOST_LINES = 20

a_time = {"description": "seconds"}


def is_a_monday(asked: Any) -> None:
    """Raises ValidationError for any other day."""
    if asked.weekday():
        raise ValidationError("Name a week by its Monday.")


def a_monday(**options: Any) -> DayAround:
    """A week by its Monday."""
    return DayAround(validate=is_a_monday, metadata={"description": "the week's Monday"}, **options)


class WeekAsked(Owner):
    """A week of one provider, or of all for the council's tokens."""

    week = a_monday(required=True)


class WeekToGenerate(Asked):
    """The week whose actuals are made as planned."""

    week = a_monday(required=True)


class WeeksAsked(Owner):
    """Weeks from one Monday to another."""

    first = a_monday(required=True)
    last = a_monday(required=True)


class UnconfirmedAsked(Owner):
    """Weeks that are to be saved by now, or within some hours."""

    within_hours = fields.Integer(load_default=0, validate=validate.Range(0, 14 * 24))


class LineToSave(Asked):
    """What was delivered in a line, which is a day, or a run of days without a timetable."""

    first_on = Day(required=True)
    last_on = Day(required=True)
    delivered_seconds = fields.Integer(
        required=True, strict=True, validate=validate.Range(0, SECONDS_IN_A_WEEK)
    )
    frustrated_seconds = fields.Integer(
        load_default=0, strict=True, validate=validate.Range(0, SECONDS_IN_A_WEEK)
    )
    visits = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(0, 999))
    comment = Prose(load_default="", validate=validate.Length(max=LONGEST_COMMENT))


class ActualToSave(Asked):
    """Lines; those that are left out stay as they were saved, else as planned."""

    lines = fields.List(fields.Nested(LineToSave), required=True, validate=validate.Length(1, MOST_LINES))


class LinesToChange(Asked):
    """The line that begins on a day, or all; a comment to put there."""

    first_on = Day(load_default=None, allow_none=True)
    comment = Prose(load_default=None, allow_none=True, validate=validate.Length(max=LONGEST_COMMENT))


class ActualDeletion(Asked):
    """Why nothing was delivered."""

    reason = text_of(200)


class ExtraRulesToSet(Asked):
    """What a contract asks of the weeks that begin on a day or later; all off by default."""

    effective_from = Day(required=True)
    unit_minutes = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 60))
    wants_comment = fields.Boolean(load_default=False)
    wants_visits = fields.Boolean(load_default=False)
    tolerance_percent = fields.String(
        load_default="0", validate=[is_plain, validate.Regexp(r"[0-9]{1,2}(\.[0-9]{1,4})?\Z|100\Z")]
    )
    confirm_weekday = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, 6),
        metadata={"description": "of the week after; Monday is 0"},
    )
    confirm_hour = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 23))

    @validates_schema
    def has_both(self, data: dict[str, Any], **_: Any) -> None:
        """A weekday goes with an hour."""
        if (data.get("confirm_weekday") is None) != (data.get("confirm_hour") is None):
            raise ValidationError("Name both the weekday and the hour, or neither.", "confirm_weekday")


class Line(Schema):
    """A line of a week."""

    first_on = day(required=True)
    last_on = day(required=True)
    planned_seconds = fields.Integer(required=True, metadata=a_time)
    delivered_seconds = fields.Integer(required=True, metadata=a_time)
    frustrated_seconds = fields.Integer(required=True, metadata=a_time)
    visits = fields.Integer(required=True, allow_none=True)
    comment = fields.String(required=True)


class Actual(Schema):
    """A care package line item's week: as it was saved, else as planned."""

    cpli_id = fields.Integer(required=True)
    week = day(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("none", "generated", "submitted")))
    version = fields.Integer(required=True)
    organisation_id = fields.String(required=True)
    client_reference = fields.String(required=True)
    ssref = fields.String(required=True)
    service = fields.String(required=True)
    service_level = fields.String(required=True)
    contract = fields.String(required=True)
    planned_seconds = fields.Integer(required=True, metadata=a_time)
    delivered_seconds = fields.Integer(required=True, metadata=a_time)
    frustrated_seconds = fields.Integer(required=True, metadata=a_time)
    cost = pounds(required=True)
    is_more_than_planned = fields.Boolean(required=True)
    may_be_saved_from = day(required=True, allow_none=True)
    reason = fields.String(required=True)
    changed_by = fields.String(required=True)
    changed_at = moment(required=True, allow_none=True)
    lines = fields.List(fields.Nested(Line), required=True)


class ActualVersion(Schema):
    """A version that a later one replaced."""

    version = fields.Integer(required=True)
    state = fields.String(required=True)
    reason = fields.String(required=True)
    changed_by = fields.String(required=True)
    changed_at = moment(required=True)
    delivered_seconds = fields.Integer(required=True, metadata=a_time)
    frustrated_seconds = fields.Integer(required=True, metadata=a_time)
    lines = fields.List(fields.Nested(Line), required=True)


class ActualWithVersions(Actual):
    """With what it was before, newest first."""

    versions = fields.List(fields.Nested(ActualVersion), required=True)


class SuspendedClient(Schema):
    """A care package line item that is suspended on days of the week."""

    cpli_id = fields.Integer(required=True)
    client_reference = fields.String(required=True)
    service = fields.String(required=True)
    days = fields.List(fields.List(fields.String()), required=True)


class ActualsWeek(Schema):
    """A week of all care that is paid by actuals."""

    week = day(required=True)
    total_cost = pounds(required=True)
    actuals = fields.List(fields.Nested(Actual), required=True)
    suspended = fields.List(fields.Nested(SuspendedClient), required=True)


class GeneratedWeek(ActualsWeek):
    """The same after generating."""

    generated = fields.Integer(required=True)
    kept = fields.Integer(required=True)


class CalendarWeek(Schema):
    """A week with its state."""

    week = day(required=True)
    state = fields.String(required=True)
    generated = fields.Integer(required=True)
    submitted = fields.Integer(required=True)


class Calendar(Schema):
    """Weeks in which anything is generated or saved."""

    items = fields.List(fields.Nested(CalendarWeek), required=True)


class UnconfirmedWeek(Schema):
    """A week that its contract wants saved by a moment."""

    cpli_id = fields.Integer(required=True)
    week = day(required=True)
    organisation_id = fields.String(required=True)
    client_reference = fields.String(required=True)
    service = fields.String(required=True)
    contract = fields.String(required=True)
    confirm_by = moment(required=True)
    is_overdue = fields.Boolean(required=True)


class Unconfirmed(Schema):
    """The oldest first."""

    items = fields.List(fields.Nested(UnconfirmedWeek), required=True)


class ExtraRules(Schema):
    """What a contract asks from a day on; the tolerance in per cent."""

    contract = fields.String(required=True)
    effective_from = day(required=True)
    unit_minutes = fields.Integer(required=True, allow_none=True)
    wants_comment = fields.Boolean(required=True)
    wants_visits = fields.Boolean(required=True)
    tolerance_percent = fields.String(required=True)
    confirm_weekday = fields.Integer(required=True, allow_none=True)
    confirm_hour = fields.Integer(required=True, allow_none=True)
    set_by = fields.String(required=True)
    set_at = moment(required=True)


class AllExtraRules(Schema):
    """All that was ever set."""

    items = fields.List(fields.Nested(ExtraRules), required=True)


class ActualsForecast(Schema):
    """What applying a file would change in what is payable."""

    payable = pounds(required=True)
    matched = fields.Integer(required=True)
    unmatched = fields.Dict(fields.String(), fields.Integer(), required=True)


class ActualsFile(CheckedFile):
    """A file of actuals, counted in actuals; more errors than these are behind the Link header."""

    forecast = fields.Nested(ActualsForecast, required=True, allow_none=True)

"""What may be asked of ingest about actuals."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from libs.common.care.actuals import ActualLine
from libs.common.care.days import Day, DayAround
from libs.common.care.figures import Figure
from libs.common.files.values import cleaned, control_character
from libs.common.rpc.payloads import OBJECT_KEY, OfOrganisation, Payload
from libs.common.seams.ingest.actuals import ACTUALS_AT_ONCE, CALENDAR_STATES
from services.ingest.actuals.rules import LONGEST_COMMENT, MOST_VISITS

SECONDS_IN_A_WEEK = 7 * 86_400
MOST_LINES = 20
"""A week has seven days; lines of former plans stay beside those of today's."""

some_seconds = validate.Range(0, SECONDS_IN_A_WEEK)


def is_a_monday(day: dt.date) -> None:
    """Raises ValidationError for any other day."""
    if day.weekday():
        raise ValidationError("Name a week by its Monday.")


class WeekOf(OfOrganisation):
    """A week by its Monday."""

    monday = DayAround(required=True, validate=is_a_monday)


class WeekOfCplis(Payload):
    """A week of some CPLIs."""

    monday = DayAround(required=True, validate=is_a_monday)
    cpli_ids = fields.List(
        fields.Integer(validate=validate.Range(1, 2**63 - 1)),
        required=True,
        validate=validate.Length(max=ACTUALS_AT_ONCE),
    )


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
        """The line as the rules take it, its comment cleaned as in files (RULES 3)."""
        return ActualLine(**data | {"comment": _clean_comment(data["comment"])})


def _clean_comment(text: str) -> str:
    comment = cleaned(text, is_prose=True)
    if control_character(comment, but="\r\n\t"):
        raise ValidationError("A comment has no control characters.", "comment")
    return comment


class SeenWeek(CpliWeek):
    """A CPLI's week; ``version`` is the one that was seen, 0 for none."""

    version = fields.Integer(required=True, validate=validate.Range(min=0))


class SaveWeek(SeenWeek):
    """What was delivered."""

    lines = fields.List(fields.Nested(LineEntered), required=True, validate=validate.Length(1, MOST_LINES))


class ChangeLines(SeenWeek):
    """The line that begins on a day, or all; ``comment`` is put in the place of theirs where it is given."""

    first_on = Day(load_default=None, allow_none=True)
    comment = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=LONGEST_COMMENT))

    @post_load
    def clean(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The comment cleaned as in files."""
        said = data["comment"]
        return data | {"comment": None if said is None else _clean_comment(said)}


class DeleteWeek(SeenWeek):
    """Why nothing was delivered."""

    reason = fields.String(required=True, validate=validate.Length(1, 200))

    @post_load
    def clean(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The reason, which must say something."""
        reason = cleaned(data["reason"])
        if not reason or control_character(reason):
            raise ValidationError("Say why nothing was delivered.", "reason")
        return data | {"reason": reason}


class WeeksBetween(OfOrganisation):
    """Weeks from one Monday to another."""

    first = DayAround(required=True, validate=is_a_monday)
    last = DayAround(required=True, validate=is_a_monday)


class Mark(CpliWeek):
    """What another service knows of a CPLI's week."""

    state = fields.String(required=True, validate=validate.OneOf(CALENDAR_STATES))


class CalendarOf(WeeksBetween):
    """The same with what other services know of them."""

    marks = fields.List(fields.Nested(Mark), load_default=list, validate=validate.Length(max=10_000))


class SetExtraRules(Payload):
    """What a contract asks of actuals from a day on (RULES 13)."""

    contract = fields.String(required=True, validate=validate.Length(1, 100))
    effective_from = Day(required=True)
    unit_minutes = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 60))
    wants_comment = fields.Boolean(load_default=False)
    wants_visits = fields.Boolean(load_default=False)
    tolerance_percent = Figure(load_default=Decimal(0), validate=validate.Range(0, 100))
    confirm_weekday = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 6))
    confirm_hour = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 23))

    @validates_schema
    def has_both(self, data: dict[str, Any], **_: Any) -> None:
        """A weekday goes with an hour."""
        if (data.get("confirm_weekday") is None) != (data.get("confirm_hour") is None):
            raise ValidationError("Name both the weekday and the hour, or neither.", "confirm_weekday")


class Unconfirmed(OfOrganisation):
    """Weeks that must be saved within so many hours, or should have been."""

    within_hours = fields.Integer(load_default=0, validate=validate.Range(0, 14 * 24))


class FileId(Payload):
    """A file of actuals."""

    file_id = fields.UUID(required=True)


class SendFile(OfOrganisation):
    """A file in the object store; ``file_id`` is the caller's, so that asking again changes nothing."""

    file_id = fields.UUID(required=True)
    file_name = fields.String(required=True, validate=validate.Length(max=255))
    object_key = fields.String(required=True, validate=OBJECT_KEY)
    confirms_itself = fields.Boolean(load_default=False)


class ConfirmFile(FileId):
    """``check_version`` is the check that was shown."""

    check_version = fields.Integer(load_default=None, allow_none=True)
    accepts_changes = fields.Boolean(load_default=False)


class FindingsPage(FileId):
    """Errors after a position."""

    after = fields.Integer(load_default=-1)
    limit = fields.Integer(load_default=1000, validate=validate.Range(1, 5000))


class NewestFiles(OfOrganisation):
    """So many files, after (uploaded_at, id) of one."""

    before = fields.Tuple(
        (fields.AwareDateTime(format="iso"), fields.UUID()), load_default=None, allow_none=True
    )
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 201))

"""What may be asked of disputes about doubts and samples."""

import datetime as dt

from marshmallow import ValidationError, fields, validate

from libs.common.care.days import DayAround
from libs.common.casework.cases import LONGEST_WORDS
from libs.common.casework.doubts import KINDS, LONGEST_SEED, LONGEST_WHY, MOST_AT_ONCE, STATES
from libs.common.rpc.payloads import Payload
from services.disputes.disputes.schemas import DisputedVisit

MOST_VISITS = 2_000


def is_monday(day: dt.date) -> None:
    """A week is named by its Monday."""
    if day.weekday() != 0:
        raise ValidationError("A week is named by its Monday.")


class OfWeek(Payload):
    """A week."""

    monday = DayAround(required=True, validate=is_monday)


class WeekOfDoubts(OfWeek):
    """A week's doubts, perhaps of one provider or kind."""

    organisation_id = fields.UUID(load_default=None, allow_none=True)
    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(KINDS))


class DoubtsPage(Payload):
    """A page of doubts of a week, or of a sample."""

    week = DayAround(load_default=None, allow_none=True)
    sample_id = fields.UUID(load_default=None, allow_none=True)
    organisation_id = fields.UUID(load_default=None, allow_none=True)
    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(KINDS))
    states = fields.List(fields.String(validate=validate.OneOf(STATES)), load_default=None, allow_none=True)
    group_ids = fields.List(
        fields.UUID(), load_default=None, allow_none=True, validate=validate.Length(1, MOST_AT_ONCE)
    )
    after = fields.UUID(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 201))


class GroupsPage(Payload):
    """A page of a week's doubts, put together."""

    week = DayAround(required=True, validate=is_monday)
    organisation_id = fields.UUID(load_default=None, allow_none=True)
    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(KINDS))
    states = fields.List(
        fields.String(validate=validate.OneOf(STATES)), required=True, validate=validate.Length(1)
    )
    after = fields.Tuple(
        (fields.Integer(), fields.UUID(), fields.String(), fields.String()),
        load_default=None,
        allow_none=True,
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 201))


class DoubtIds(Payload):
    """Some doubts."""

    doubt_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MOST_AT_ONCE))


class DismissDoubts(DoubtIds):
    """Why they are no doubts."""

    why = fields.String(required=True, validate=validate.Length(1, LONGEST_WHY))


class DoubtedVisit(DisputedVisit):
    """A visit of a provider, with what it says now."""

    organisation_id = fields.UUID(required=True)


class RaiseDoubts(DoubtIds):
    """Doubts to raise, with the words of each type of dispute, and the id of the form."""

    seed = fields.UUID(required=True)
    words = fields.Dict(
        fields.String(),
        fields.String(validate=validate.Length(1, LONGEST_WORDS)),
        required=True,
    )
    visits = fields.List(
        fields.Nested(DoubtedVisit), load_default=list, validate=validate.Length(max=MOST_VISITS)
    )


class SampleId(Payload):
    """A sample."""

    sample_id = fields.UUID(required=True)


class PickedRow(Payload):
    """A CPLI's week that was picked, with its figures."""

    cpli_id = fields.Integer(required=True)
    organisation_id = fields.UUID(required=True)
    client = fields.String(required=True)
    planned_seconds = fields.Integer(required=True)
    delivered_seconds = fields.Integer(required=True)
    planned_cost = fields.String(required=True)
    delivered_cost = fields.String(required=True)


class KeepSample(SampleId, OfWeek):
    """A sample, and how it was picked."""

    organisation_id = fields.UUID(load_default=None, allow_none=True)
    way = fields.String(required=True, validate=validate.Length(1, 20))
    size = fields.Integer(required=True, validate=validate.Range(1, 200))
    seed = fields.String(load_default="", validate=validate.Length(max=LONGEST_SEED))
    out_of = fields.Integer(required=True)
    rows = fields.List(fields.Nested(PickedRow), required=True, validate=validate.Length(max=MOST_AT_ONCE))

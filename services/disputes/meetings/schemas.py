"""What may be asked of disputes about meetings."""

from marshmallow import fields, validate

from libs.common.care.cases import LONGEST_WORDS
from libs.common.care.days import Day, DayAround
from libs.common.rpc.payloads import Payload
from libs.common.seams.disputes.meetings import LONGEST_PEOPLE


class KeepMeeting(Payload):
    """Notes of a meeting; ``meeting_id`` is the caller's, so that sending them twice is keeping them once."""

    meeting_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    held_on = Day(required=True)
    people = fields.String(required=True, validate=validate.Length(1, LONGEST_PEOPLE))
    notes = fields.String(required=True, validate=validate.Length(1, LONGEST_WORDS))
    agreed = fields.String(load_default="", validate=validate.Length(max=LONGEST_WORDS))
    is_shared = fields.Boolean(load_default=False)


class MeetingId(Payload):
    """A meeting."""

    meeting_id = fields.UUID(required=True)


class MeetingsOf(Payload):
    """A provider's meetings, of the days of a span where days are named."""

    organisation_id = fields.UUID(load_default=None, allow_none=True)
    first = DayAround(load_default=None, allow_none=True)
    last = DayAround(load_default=None, allow_none=True)

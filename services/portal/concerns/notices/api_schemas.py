"""What the API takes and answers about breach notices (RULES 16)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from libs.common.care.days import Day
from libs.common.casework.concerns import MOST_VISITS, NOTICE_STATES
from services.portal.api.asked import Asked, Paged, some_attachments, text_of, words_of
from services.portal.api.schemas import day, moment


class NoticesQuery(Paged):
    """Which breach notices."""

    state = fields.String(validate=validate.OneOf(NOTICE_STATES))
    first = Day(metadata={"description": "sent on this day or later"})
    last = Day(metadata={"description": "sent on this day or before"})


class NewNotice(Asked):
    """A breach notice for a concern's provider; the visits are listed with their times as they are now."""

    words = words_of(required=True)
    due_on = Day(required=True, metadata={"description": "the last day to answer"})
    version = fields.Integer(
        required=True,
        validate=validate.Range(1, 2**31),
        metadata={"description": "of the concern that was seen"},
    )
    visits = fields.List(text_of(50), load_default=list, validate=validate.Length(max=MOST_VISITS))


class NewAnswer(Asked):
    """What the provider answers."""

    words = words_of(required=True)
    attachments = some_attachments()


class ConcernFile(Schema):
    """A file; ``of_id``: of the step or the answer that it came with."""

    concern_file_id = fields.UUID(required=True)
    of_id = fields.UUID(required=True)
    name = fields.String(required=True)
    content_type = fields.String(required=True)
    size_bytes = fields.Integer(required=True)
    added_at = moment(required=True)


class NoticeVisit(Schema):
    """A visit as it was when the notice was sent."""

    visit_ref = fields.String(required=True)
    planned_on = fields.String(required=True)
    planned_entry = fields.String(required=True)
    planned_exit = fields.String(required=True)
    delivered_on = fields.String(required=True)
    delivered_entry = fields.String(required=True)
    delivered_exit = fields.String(required=True)


class NoticeAnswer(Schema):
    """An answer; ``is_late``: after the deadline."""

    answer_id = fields.UUID(required=True)
    words = fields.String(required=True)
    is_late = fields.Boolean(required=True)
    said_at = moment(required=True)


class ListedNotice(Schema):
    """A breach notice of a list."""

    notice_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    concern_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "for commissioning alone"}
    )
    client = fields.String(
        required=True, attribute="client_reference", metadata={"description": "empty for none"}
    )
    words = fields.String(required=True)
    visits = fields.List(fields.Nested(NoticeVisit), required=True)
    due_on = day(required=True)
    state = fields.String(required=True, validate=validate.OneOf(NOTICE_STATES))
    is_overdue = fields.Boolean(required=True)
    council_words = fields.String(required=True)
    sent_at = moment(required=True)
    changed_at = moment(required=True)


class Notices(Schema):
    """A page of breach notices, the newest first."""

    items = fields.List(fields.Nested(ListedNotice), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class BreachNotice(ListedNotice):
    """A breach notice with its answers."""

    answers = fields.List(fields.Nested(NoticeAnswer), required=True)
    files = fields.List(fields.Nested(ConcernFile), required=True)


class NoticeStanding(Schema):
    """How a breach notice stands after an answer."""

    notice_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(NOTICE_STATES))
    is_late = fields.Boolean(required=True)

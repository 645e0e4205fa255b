"""What may be asked of disputes about breach notices (RULES 16)."""

from marshmallow import fields, validate

from libs.common.care.days import Day, DayAround
from libs.common.casework.cases import LONGEST_WORDS
from libs.common.casework.concerns import MOST_VISITS, NOTICE_STATES
from libs.common.rpc.payloads import Payload
from services.disputes.cases.schemas import Said
from services.disputes.concerns.schemas import ConcernId

some_words = validate.Length(1, LONGEST_WORDS)


class VisitOfNotice(Payload):
    """A visit as it is when the notice is sent: days and times as they were written, or nothing."""

    visit_ref = fields.String(required=True, validate=validate.Length(1, 50))
    planned_on = fields.String(required=True, validate=validate.Length(max=20))
    planned_entry = fields.String(load_default="", validate=validate.Length(max=20))
    planned_exit = fields.String(load_default="", validate=validate.Length(max=20))
    delivered_on = fields.String(load_default="", validate=validate.Length(max=20))
    delivered_entry = fields.String(load_default="", validate=validate.Length(max=20))
    delivered_exit = fields.String(load_default="", validate=validate.Length(max=20))


class SendNotice(ConcernId):
    """A breach notice for the provider of a concern; ``version``: of the concern that was seen."""

    notice_id = fields.UUID(required=True)
    version = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1))
    words = fields.String(required=True, validate=some_words)
    due_on = Day(required=True)
    visits = fields.List(
        fields.Nested(VisitOfNotice), load_default=list, validate=validate.Length(max=MOST_VISITS)
    )


class NoticesPage(Payload):
    """A page of breach notices, the newest first; those sent on these days, both included."""

    organisation_id = fields.UUID(load_default=None, allow_none=True)
    first = DayAround(load_default=None, allow_none=True)
    last = DayAround(load_default=None, allow_none=True)
    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(NOTICE_STATES))
    after = fields.Tuple(
        (fields.AwareDateTime(format="iso"), fields.UUID()), load_default=None, allow_none=True
    )
    limit = fields.Integer(required=True, validate=validate.Range(1, 501))


class NoticeId(Payload):
    """A breach notice."""

    notice_id = fields.UUID(required=True)


class AnswerNotice(NoticeId, Said):
    """What the provider answers."""

    answer_id = fields.UUID(required=True)
    words = fields.String(required=True, validate=some_words)

"""What may be asked of disputes to begin a review, and to approve one."""

from marshmallow import fields, validate

from libs.common.care.days import Day
from libs.common.casework.cases import MOST_REVIEW_VISITS
from libs.common.rpc.payloads import Payload
from services.disputes.cases.schemas import Said
from services.disputes.cases.schemas_conversations import Begin, a_cpli_id
from services.disputes.reviews.rules import SECONDS_IN_A_DAY

a_time = validate.Range(0, SECONDS_IN_A_DAY - 1)


class ExtraVisit(Payload):
    """Time in each week, in seconds since midnight; Monday is 0."""

    weekday = fields.Integer(required=True, validate=validate.Range(0, 6))
    entry = fields.Integer(required=True, validate=a_time)
    exit = fields.Integer(required=True, validate=a_time)
    is_longer = fields.Boolean(load_default=False)


class OpenReview(Begin):
    """Planned extra care for a CPLI."""

    cpli_id = fields.Integer(required=True, validate=a_cpli_id)
    first_on = Day(required=True)
    last_on = Day(required=True)
    visits = fields.List(
        fields.Nested(ExtraVisit), required=True, validate=validate.Length(max=MOST_REVIEW_VISITS)
    )


class DecideReview(Said):
    """An approval of a review, perhaps with words."""

    case_id = fields.UUID(required=True)
    message_id = fields.UUID(required=True)


class ApproveReview(DecideReview):
    """The last approval; cpli_id: under which the council's own system keeps the extra care."""

    cpli_id = fields.Integer(required=True, validate=a_cpli_id)

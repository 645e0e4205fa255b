"""What may be asked of disputes to begin an action, an enquiry or a review, and to approve a review."""

from decimal import Decimal

from marshmallow import fields, validate

from libs.common.care.days import Day, DayAround
from libs.common.rpc.payloads import Payload
from services.disputes.cases.schemas import LONGEST_SUBJECT, LONGEST_WORDS, Said
from services.disputes.reviews.rules import MOST_VISITS, SECONDS_IN_A_DAY

MOST_POUNDS = Decimal(10_000_000)
a_cpli_id = validate.Range(1, 2**63 - 1)
a_time = validate.Range(0, SECONDS_IN_A_DAY - 1)


class Begin(Said):
    """A conversation with its first message. organisation_id: whom the council asks; a provider's is its own."""

    case_id = fields.UUID(required=True)
    organisation_id = fields.UUID(load_default=None, allow_none=True)
    subject = fields.String(required=True, validate=validate.Length(1, LONGEST_SUBJECT))
    words = fields.String(required=True, validate=validate.Length(1, LONGEST_WORDS))
    client_reference = fields.String(load_default="", validate=validate.Length(max=100))


class OpenAction(Begin):
    """About a CPLI, or about anything."""

    cpli_id = fields.Integer(load_default=None, allow_none=True, validate=a_cpli_id)


class OpenEnquiry(Begin):
    """About a payment item, a period's payment, or one that is missing."""

    about = fields.String(required=True, validate=validate.OneOf(("item", "period", "missing")))
    cpli_id = fields.Integer(load_default=None, allow_none=True, validate=a_cpli_id)
    item_id = fields.UUID(load_default=None, allow_none=True)
    period_start = DayAround(load_default=None, allow_none=True)
    week = DayAround(load_default=None, allow_none=True)
    amount = fields.Decimal(
        load_default=None, allow_none=True, validate=validate.Range(-MOST_POUNDS, MOST_POUNDS)
    )


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
    visits = fields.List(fields.Nested(ExtraVisit), required=True, validate=validate.Length(max=MOST_VISITS))


class DecideReview(Said):
    """An approval of a review, perhaps with words."""

    case_id = fields.UUID(required=True)
    message_id = fields.UUID(required=True)


class ApproveReview(DecideReview):
    """The last approval; cpli_id: under which the council's own system keeps the extra care."""

    cpli_id = fields.Integer(required=True, validate=a_cpli_id)

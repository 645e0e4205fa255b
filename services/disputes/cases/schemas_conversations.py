"""What may be asked of disputes to begin an action or an enquiry."""

from decimal import Decimal

from marshmallow import fields, validate

from libs.common.care.days import DayAround
from libs.common.care.figures import Figure
from libs.common.casework.cases import ABOUT, LONGEST_SUBJECT, LONGEST_WORDS, MOST_CPLI_ID
from libs.common.rpc.payloads import Payload
from services.disputes.cases.schemas import Said

MOST_POUNDS = Decimal(10_000_000)
a_cpli_id = validate.Range(1, MOST_CPLI_ID)


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


class OpenDeliveryAction(Begin):
    """About a CPLI of which less or more is delivered than commissioned."""

    cpli_id = fields.Integer(required=True, validate=a_cpli_id)


class DeliveryActionsAsked(Payload):
    """The CPLIs whose actions are wanted."""

    cpli_ids = fields.List(
        fields.Integer(validate=a_cpli_id), required=True, validate=validate.Length(max=5_000)
    )


class OpenEnquiry(Begin):
    """About a payment item, a period's payment, or one that is missing."""

    about = fields.String(required=True, validate=validate.OneOf(ABOUT))
    cpli_id = fields.Integer(load_default=None, allow_none=True, validate=a_cpli_id)
    item_id = fields.UUID(load_default=None, allow_none=True)
    period_start = DayAround(load_default=None, allow_none=True)
    week = DayAround(load_default=None, allow_none=True)
    amount = Figure(load_default=None, allow_none=True, validate=validate.Range(-MOST_POUNDS, MOST_POUNDS))

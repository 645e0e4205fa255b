"""What may be asked of payments about items (holds, instalments, manual adjustments), and answers about a period."""

from decimal import Decimal

from marshmallow import fields, validate

from libs.common.care.days import DayAround
from libs.common.care.money import NOTHING, PENNY
from libs.common.rpc.payloads import OfOrganisation, Payload
from services.payments.holds.rules import NAMES, NON_PAYABLE, PAYABLE

MOST_POUNDS = Decimal(10_000_000)
a_reason = validate.Length(1, 1000)


def is_money(amount: Decimal) -> bool:
    """Whole pence, something, and no more than a council ever pays at once."""
    return amount != NOTHING and abs(amount) <= MOST_POUNDS and amount == amount.quantize(PENNY)


class ItemId(Payload):
    """A payment item."""

    item_id = fields.UUID(required=True)


class SearchItems(Payload):
    """A CpliId, or a client's reference, as somebody wrote it."""

    written = fields.String(required=True, validate=validate.Length(2, 50))


class MoveItem(ItemId):
    """Something to be done with what of an item stands in a period with a status."""

    name = fields.String(required=True, validate=validate.OneOf(NAMES))
    period_start = DayAround(required=True)
    status = fields.String(required=True, validate=validate.OneOf((PAYABLE, *NON_PAYABLE)))
    seen_moves = fields.Integer(required=True, validate=validate.Range(min=0))
    reason = fields.String(required=True, validate=a_reason)
    owner = fields.String(required=True, validate=validate.Length(1, 200))
    instalments = fields.Integer(load_default=2, validate=validate.Range(2, 100))


class PostAdjustment(Payload):
    """Pounds for an organisation, by hand; below nothing they are taken off."""

    adjustment_id = fields.UUID(required=True)
    start = DayAround(required=True)
    organisation = fields.String(required=True, validate=validate.Length(1, 200))
    contract = fields.String(required=True, validate=validate.Length(1, 200))
    client = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 100))
    cpli_id = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**63 - 1))
    amount = fields.Decimal(required=True, validate=is_money)
    reason = fields.String(required=True, validate=a_reason)


class AnswerPeriod(Payload):
    """A provider's answer about a period's payment; `payable`: what it was shown."""

    start = DayAround(required=True)
    answer = fields.String(required=True, validate=validate.OneOf(("confirmed", "rejected")))
    reason = fields.String(load_default="", validate=validate.Length(max=1000))
    payable = fields.String(required=True, validate=validate.Length(max=30))


class PeriodAnswers(OfOrganisation):
    """The answers about a period."""

    start = DayAround(required=True)

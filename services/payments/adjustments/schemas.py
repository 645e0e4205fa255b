"""What may be asked of payments about manual adjustments."""

from decimal import Decimal

from marshmallow import fields, validate

from libs.common.care.days import DayAround
from libs.common.care.figures import Figure
from libs.common.care.money import NOTHING, PENNY
from libs.common.rpc.payloads import Payload
from services.payments.items.schemas import a_reason

MOST_POUNDS = Decimal(10_000_000)


def is_money(amount: Decimal) -> bool:
    """Whole pence, something, and no more than a council ever pays at once."""
    return amount != NOTHING and abs(amount) <= MOST_POUNDS and amount == amount.quantize(PENNY)


class PostAdjustment(Payload):
    """Pounds for an organisation, by hand; below nothing they are taken off."""

    adjustment_id = fields.UUID(required=True)
    start = DayAround(required=True)
    organisation = fields.String(required=True, validate=validate.Length(1, 200))
    contract = fields.String(required=True, validate=validate.Length(1, 200))
    client = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 100))
    cpli_id = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**63 - 1))
    amount = Figure(required=True, validate=is_money)
    reason = fields.String(required=True, validate=a_reason)

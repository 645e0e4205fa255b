"""What may be asked of remittances."""

from marshmallow import fields, validate

from libs.common.rpc.payloads import OfPaymentMethod
from services.payments.periods.schemas import PeriodOf


class RemittancePage(PeriodOf, OfPaymentMethod):
    """Lines of a period's remittances after a number of them; `summary`: one line a kind and reason."""

    summary = fields.Boolean(load_default=False)
    after = fields.Integer(load_default=0, validate=validate.Range(min=0))
    limit = fields.Integer(load_default=1000, validate=validate.Range(1, 5000))

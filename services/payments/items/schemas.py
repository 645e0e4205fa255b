"""What may be asked of payments about items."""

from marshmallow import fields, validate

from libs.common.rpc.payloads import Payload
from services.payments.periods.schemas import PeriodOf

a_reason = validate.Length(1, 1000)


class ItemId(Payload):
    """A payment item."""

    item_id = fields.UUID(required=True)


class SearchItems(Payload):
    """A CpliId, or a client's reference, as somebody wrote it."""

    written = fields.String(required=True, validate=validate.Length(2, 50))


class ItemsPage(PeriodOf):
    """A period's items after an item; the first ones after None."""

    shown = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(("payable", "non_payable"))
    )
    after = fields.UUID(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))

"""What callers of payments may ask: the payloads of its RPC methods."""

from marshmallow import fields, validate

from libs.common.payloads import Payload

NIL = "00000000-0000-0000-0000-000000000000"


class FinalisePeriod(Payload):
    """A period by its start; of one contract, or of all."""

    start = fields.Date(required=True)
    contract = fields.String(load_default=None, allow_none=True)


class PeriodItems(Payload):
    """A page of a period's items, of one organisation or of all, after an item."""

    start = fields.Date(required=True)
    organisation = fields.String(load_default=None, allow_none=True)
    after = fields.UUID(load_default=NIL)
    limit = fields.Integer(load_default=1000, validate=validate.Range(1, 5000))


class WeeksPage(Payload):
    """A page of weeks in money, after a CPLI and Monday."""

    cpli_id = fields.Integer(load_default=-1)
    monday = fields.Date(load_default="0001-01-01")
    limit = fields.Integer(load_default=5000, validate=validate.Range(1, 5000))

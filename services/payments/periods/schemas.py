"""What callers of payments may ask: the payloads of its RPC methods."""

from marshmallow import fields, validate

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import Payload


class FinalisePeriod(Payload):
    """A period by its start; of one contract, or of all."""

    start = DayAround(required=True)
    contract = fields.String(load_default=None, allow_none=True)


class WeeksPage(Payload):
    """A page of weeks in money, after a CPLI and Monday."""

    cpli_id = fields.Integer(load_default=-1)
    monday = DayAround(load_default="0001-01-01")
    limit = fields.Integer(load_default=5000, validate=validate.Range(1, 5000))

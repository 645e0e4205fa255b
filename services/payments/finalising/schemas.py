"""What may be asked of payments about finalising periods."""

from marshmallow import fields

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import Payload


class FinalisePeriod(Payload):
    """A period by its start; of one contract, or of all."""

    start = DayAround(required=True)
    contract = fields.String(load_default=None, allow_none=True)

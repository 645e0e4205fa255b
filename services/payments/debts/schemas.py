"""What may be asked of payments about debts."""

from marshmallow import fields

from libs.common.rpc.payloads import Payload
from services.payments.items.schemas import a_reason


class WriteOff(Payload):
    """A debt that is to be let go, and why."""

    debt_id = fields.UUID(required=True)
    reason = fields.String(required=True, validate=a_reason)

"""What may be asked of payments about what clients are charged."""

from marshmallow import fields, validate

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import Payload
from services.payments.periods.schemas import Weeks


class ChargedClients(Payload):
    """Clients with charges in a period, of one reference or of all, after a (reference, client id)."""

    start = DayAround(required=True)
    client = fields.String(load_default=None, allow_none=True)
    after = fields.Tuple((fields.String(), fields.UUID()), load_default=None, allow_none=True)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class ChargedClient(Payload):
    """A client by the id that services know it by."""

    client_id = fields.UUID(required=True)


class ChargeStatement(ChargedClient, Weeks):
    """A client's weeks."""


_WORDS = validate.Length(1, 4000)


class ChargeQuery(ChargedClient):
    """A query of a client's charges, of one week or of all."""

    monday = DayAround(load_default=None, allow_none=True)
    asked_by = fields.String(required=True, validate=validate.Length(1, 200))
    words = fields.String(required=True, validate=_WORDS)


class ChargeAnswer(ChargedClient):
    """An answer to a query."""

    query_id = fields.UUID(required=True)
    words = fields.String(required=True, validate=_WORDS)

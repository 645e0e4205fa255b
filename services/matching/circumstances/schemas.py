"""What may be asked of matching about clients' circumstances."""

from marshmallow import fields, validate

from libs.common.care.days import Day
from libs.common.rpc.payloads import Payload
from services.matching.circumstances.rules import KINDS

LONGEST_NOTE = 1000


class NewCircumstance(Payload):
    """What holds for a client from a day on; days are included."""

    client_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    from_on = Day(required=True)
    to_on = Day(load_default=None, allow_none=True)
    note = fields.String(load_default="", validate=validate.Length(max=LONGEST_NOTE))


class CircumstanceId(Payload):
    """A circumstance."""

    circumstance_id = fields.UUID(required=True)


class EndedCircumstance(CircumstanceId):
    """Its last day."""

    to_on = Day(required=True)


class WithdrawnCircumstance(CircumstanceId):
    """Why it never held."""

    note = fields.String(required=True, validate=validate.Length(1, LONGEST_NOTE))

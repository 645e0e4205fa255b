"""What the faces may ask of clients."""

from marshmallow import fields, validate

from libs.common.care.days import Day
from libs.common.rpc.payloads import Payload
from services.matching.circumstances.rules import KINDS

MOST_NAMES = 500


LONGEST_NOTE = 1000


class Search(Payload):
    """The beginning of a reference or a surname."""

    written = fields.String(required=True, validate=validate.Length(2, 50))


class ClientAsked(Payload):
    """A client by its id or any identifier."""

    identifier = fields.String(required=True, validate=validate.Length(1, 100))


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


class Identifiers(Payload):
    """SSRefs, ClientRefs and NHSNumbers, in any order."""

    identifiers = fields.List(
        fields.String(validate=validate.Length(1, 100)),
        required=True,
        validate=validate.Length(max=MOST_NAMES),
    )

"""What the faces may ask of clients."""

from marshmallow import fields, validate

from libs.common.rpc.payloads import OfOrganisation, Payload

MOST_NAMES = 500


class Search(Payload):
    """The beginning of a reference or a surname."""

    written = fields.String(required=True, validate=validate.Length(2, 50))


class Picked(Payload):
    """A name, an identifier or a part of either."""

    written = fields.String(required=True, validate=validate.Length(1, 100))


class ClientAsked(Payload):
    """A client by its id or any identifier."""

    identifier = fields.String(required=True, validate=validate.Length(1, 100))


class WeeksOfClient(Payload):
    """The newest weeks of a client."""

    client_id = fields.UUID(required=True)
    limit = fields.Integer(load_default=6, validate=validate.Range(1, 100))


class Identifiers(Payload):
    """SSRefs, ClientRefs and NHSNumbers, in any order."""

    identifiers = fields.List(
        fields.String(validate=validate.Length(1, 100)),
        required=True,
        validate=validate.Length(max=MOST_NAMES),
    )


class ClientList(OfOrganisation):
    """Identifiers of clients, each an SSRef, ClientRef or NHSNumber."""

    identifiers = fields.List(fields.String(), required=True, validate=validate.Length(max=5000))


class ClientIdentifier(Payload):
    """An SSRef, ClientRef or NHSNumber."""

    identifier = fields.String(required=True)

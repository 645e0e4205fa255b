"""The common shape of what an RPC method may be asked."""

from marshmallow import EXCLUDE, Schema, fields, validate


class Payload(Schema):
    """Keys that a newer caller adds are left out."""

    class Meta:
        unknown = EXCLUDE


class Resync(Payload):
    """The cause under which all is said again."""

    cause_id = fields.UUID(required=True)


class OfOrganisation(Payload):
    """An organisation by its name; a provider's own when None, every one for the council."""

    organisation = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 200))

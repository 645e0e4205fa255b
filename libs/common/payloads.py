"""The common shape of what an RPC method may be asked."""

from marshmallow import EXCLUDE, Schema, fields


class Payload(Schema):
    """Keys that a newer caller adds are left out."""

    class Meta:
        unknown = EXCLUDE


class Resync(Payload):
    """The cause under which all is said again."""

    cause_id = fields.UUID(required=True)

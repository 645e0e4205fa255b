"""What may be asked of matching about references that fit nothing."""

from marshmallow import fields, validate

from libs.common.rpc.payloads import OfOrganisation, Payload
from services.matching.identifiers.rules import MARKS

MOST_REFERENCES = 5000


class WrittenReference(Payload):
    """A reference as rows write it: its mark is empty where it may be of any kind."""

    mark = fields.String(required=True, validate=validate.OneOf(("", *MARKS.values())))
    written = fields.String(required=True, validate=validate.Length(min=1))


class UnknownClientsAsked(OfOrganisation):
    """References of clients."""

    written = fields.List(
        fields.Nested(WrittenReference), required=True, validate=validate.Length(max=MOST_REFERENCES)
    )

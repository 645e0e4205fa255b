"""What callers of ingest may ask about carers."""

from marshmallow import fields, validate

from libs.common.rpc.payloads import OBJECT_KEY, OfOrganisation, Payload


class ImportCarers(Payload):
    """An uploaded carers file of an organisation."""

    organisation = fields.String(required=True, validate=validate.Length(min=1, max=112))
    object_key = fields.String(required=True, validate=OBJECT_KEY)


class SendCarers(OfOrganisation):
    """A carers file in the object store."""

    object_key = fields.String(required=True, validate=OBJECT_KEY)


class SeenCarers(Payload):
    """How many carers a check showed as new, and as changed."""

    new = fields.Integer(required=True)
    changed = fields.Integer(required=True)


class ImportCheckedCarers(SendCarers):
    """A carers file whose check was seen."""

    seen = fields.Nested(SeenCarers, required=True)


class CarersAfter(OfOrganisation):
    """Carers after a CarerRef."""

    after = fields.String(load_default="", validate=validate.Length(max=100))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))

"""What callers of matching may ask: the payloads of its RPC methods."""

from marshmallow import fields, validate

from libs.common.payloads import Payload


class ImportId(Payload):
    """A care import."""

    import_id = fields.UUID(required=True)


class ImportCare(ImportId):
    """An uploaded care file; ``import_id`` is the caller's, so that asking again changes nothing."""

    file_name = fields.String(required=True, validate=validate.Length(max=255))
    object_key = fields.String(required=True, validate=validate.Regexp(r"[a-z-]+/[0-9a-f-]{36}\.csv\Z"))

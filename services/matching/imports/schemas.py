"""What callers of matching may ask: the payloads of its RPC methods."""

from marshmallow import fields, validate

from libs.common.rpc.payloads import Payload


class ImportId(Payload):
    """A care import."""

    import_id = fields.UUID(required=True)


class NewestImports(Payload):
    """The newest care imports, after (imported_at, id) of one."""

    before = fields.Tuple(
        (fields.AwareDateTime(format="iso"), fields.UUID()), load_default=None, allow_none=True
    )
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 201))


class ImportErrors(ImportId):
    """A page of a care import's errors, after a position."""

    after = fields.Integer(load_default=0, validate=validate.Range(0, 2**31 - 1))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 1001))


class ConfirmImport(ImportId):
    """The check that was shown."""

    check_version = fields.Integer(required=True, validate=validate.Range(0, 2**63 - 1))


class ImportCare(ImportId):
    """An uploaded care file; ``import_id`` is the caller's, so that asking again changes nothing."""

    file_name = fields.String(required=True, validate=validate.Length(max=255))
    object_key = fields.String(required=True, validate=validate.Regexp(r"[a-z-]+/[0-9a-f-]{36}\.csv\Z"))

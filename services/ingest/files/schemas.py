"""What callers of ingest may ask: the payloads of its RPC methods."""

from marshmallow import fields, validate

from libs.common.rpc.payloads import Payload


class FileId(Payload):
    """A visits file."""

    file_id = fields.UUID(required=True)


class ReceiveFile(FileId):
    """An uploaded file; ``file_id`` is the caller's, so that asking again changes nothing."""

    organisation = fields.String(required=True, validate=validate.Length(min=1, max=112))
    file_name = fields.String(required=True, validate=validate.Length(max=255))
    object_key = fields.String(required=True, validate=validate.Regexp(r"[a-z-]+/[0-9a-f-]{36}\.csv\Z"))


class ConfirmFile(FileId):
    """``check_version`` is the check that was shown."""

    check_version = fields.Integer(load_default=None, allow_none=True)
    accepts_changes = fields.Boolean(load_default=False)


class ErrorsPage(FileId):
    """Errors (or warnings) after a position."""

    is_rejection = fields.Boolean(load_default=True)
    after = fields.Integer(load_default=-1)
    limit = fields.Integer(load_default=1000, validate=validate.Range(1, 5000))


class ChangesPage(FileId):
    """What a file changes, after a row."""

    after = fields.Integer(load_default=0)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 1000))


class ImportCarers(Payload):
    """An uploaded carers file of an organisation."""

    organisation = fields.String(required=True, validate=validate.Length(min=1, max=112))
    object_key = fields.String(required=True, validate=validate.Regexp(r"[a-z-]+/[0-9a-f-]{36}\.csv\Z"))

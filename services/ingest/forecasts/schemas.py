"""What callers of ingest may ask about how a visits file will match."""

from marshmallow import fields, validate

from services.ingest.files.schemas import FileId


class UnmatchedRowsPage(FileId):
    """The rows without a match after a row; None for whatever reason."""

    reason = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=50))
    after = fields.Integer(load_default=0)
    limit = fields.Integer(load_default=1000, validate=validate.Range(1, 5000))


class DuplicatesPage(FileId):
    """The rows that may be duplicates after a row."""

    after = fields.Integer(load_default=0)
    limit = fields.Integer(load_default=1000, validate=validate.Range(1, 5000))

"""What callers of ingest may ask about visits files."""

from marshmallow import fields, validate

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import OBJECT_KEY, OfOrganisation, Payload


class FileId(Payload):
    """A visits file."""

    file_id = fields.UUID(required=True)


class ReceiveFile(FileId):
    """An uploaded file; ``file_id`` is the caller's, so that asking again changes nothing."""

    organisation = fields.String(required=True, validate=validate.Length(min=1, max=112))
    file_name = fields.String(required=True, validate=validate.Length(max=255))
    object_key = fields.String(required=True, validate=OBJECT_KEY)


class SendFile(OfOrganisation):
    """A file in the object store; ``file_id`` is the caller's, so that asking again changes nothing."""

    file_id = fields.UUID(required=True)
    file_name = fields.String(required=True, validate=validate.Length(max=255))
    object_key = fields.String(required=True, validate=OBJECT_KEY)
    confirms_itself = fields.Boolean(load_default=False)


class NewestFiles(OfOrganisation):
    """So many files, after (uploaded_at, id) of one."""

    before = fields.Tuple(
        (fields.AwareDateTime(format="iso"), fields.UUID()), load_default=None, allow_none=True
    )
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 201))


class DaysPlanned(Payload):
    """Two days, between which the visits are planned."""

    first = DayAround(required=True)
    last = DayAround(required=True)


class ConfirmFile(FileId):
    """``check_version`` is the check that was shown."""

    check_version = fields.Integer(load_default=None, allow_none=True)
    accepts_changes = fields.Boolean(load_default=False)


class FindingsPage(FileId):
    """Errors (or warnings) after a position."""

    is_rejection = fields.Boolean(load_default=True)
    after = fields.Integer(load_default=-1)
    limit = fields.Integer(load_default=1000, validate=validate.Range(1, 5000))


class RowsToCorrect(FileId):
    """Rejected rows after a row."""

    after = fields.Integer(load_default=0)
    limit = fields.Integer(load_default=10, validate=validate.Range(1, 100))


class StagedRefsPage(FileId):
    """The visits that a file stores or deletes, after a row."""

    after = fields.Integer(load_default=0)
    limit = fields.Integer(load_default=1000, validate=validate.Range(1, 10_000))


class ChangesPage(FileId):
    """What a file changes, after a row."""

    after = fields.Integer(load_default=0)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 1000))


class UnmatchedRowsPage(FileId):
    """The rows without a match after a row; None for whatever reason."""

    reason = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=50))
    after = fields.Integer(load_default=0)
    limit = fields.Integer(load_default=1000, validate=validate.Range(1, 5000))


class DuplicatesPage(FileId):
    """The rows that may be duplicates after a row."""

    after = fields.Integer(load_default=0)
    limit = fields.Integer(load_default=1000, validate=validate.Range(1, 5000))

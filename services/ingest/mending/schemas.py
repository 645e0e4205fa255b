"""What may be asked of ingest about rows of one kind."""

from marshmallow import fields, validate

from services.ingest.files.schemas import FileId
from services.ingest.mending.rules import MENDED_BY


class OneKind(FileId):
    """The rows of a file that have this fault for this value."""

    fault = fields.String(required=True, validate=validate.OneOf(tuple(MENDED_BY)))
    value = fields.String(required=True)

"""What may be asked of ingest about rows that fit nothing."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import OfOrganisation
from services.ingest.cleansing.rules import KINDS

MOST_DAYS = 92
"""A quarter."""


class CleansingAsked(OfOrganisation):
    """The rows of a file, or those that are planned between two days."""

    file_id = fields.UUID(load_default=None, allow_none=True)
    first = DayAround(load_default=None, allow_none=True)
    last = DayAround(load_default=None, allow_none=True)

    @validates_schema
    def is_a_file_or_a_span(self, data: Any, **_: Any) -> None:
        """A file has all of its days; without one both days are named."""
        first, last = data["first"], data["last"]
        if data["file_id"] is not None:
            return
        if first is None or last is None or not 0 <= (last - first).days < MOST_DAYS:
            raise ValidationError(f"Name a file, or at most {MOST_DAYS} days, from the first day on.", "last")


class NamingRowsAsked(CleansingAsked):
    """The rows of these that name something."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    written = fields.String(required=True, validate=validate.Length(1, 400))

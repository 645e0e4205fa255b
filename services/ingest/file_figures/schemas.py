"""What may be asked of ingest about files in figures."""

from typing import Any, Final

from marshmallow import ValidationError, fields, validate, validates_schema

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import OfOrganisation

MOST_SUBMISSION_DAYS: Final = 28


class DaysOfFiles(OfOrganisation):
    """The days of a span, both included."""

    first = DayAround(required=True)
    last = DayAround(required=True)

    @validates_schema
    def is_a_span(self, data: Any, **_: Any) -> None:
        """The last day is not before the first."""
        if data["last"] < data["first"]:
            raise ValidationError("The last day is before the first.", "last")


class FileFigures(DaysOfFiles):
    """``submission_days``: how many days after a week's Sunday its visits are due."""

    submission_days = fields.Integer(
        required=True, strict=True, validate=validate.Range(0, MOST_SUBMISSION_DAYS)
    )

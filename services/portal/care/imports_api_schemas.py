"""What the API takes and answers about care files, and about a single care package line item as a row of one."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from libs.common.files.care_headings import HEADINGS
from services.portal.api.asked import Asked, Flag
from services.portal.api.schemas import FileError, pounds

STATES = ("checking", "checked", "importing", "imported", "refused", "cancelled", "failed")


class CareUpload(Asked):
    """How a care file is taken."""

    confirm = Flag(
        load_default=False, metadata={"description": "import it too, without a check that is shown first"}
    )


class CareConfirmation(Asked):
    """The check that was shown; its version is the file's ETag too."""

    check_version = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**31))


CPLI_CELLS = tuple(heading for heading in HEADINGS if heading != "CpliId")
CareCells: type[Schema] = Asked.from_dict(
    {cell: fields.String(validate=validate.Length(max=20_000)) for cell in CPLI_CELLS}, name="CareCells"
)
"""The cells of a row by their headings, as a care file has them; CpliId stands in the address."""


class CareCounts(Schema):
    """How many rows bring what."""

    new = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    rejected = fields.Integer(required=True)


class CareNote(Schema):
    """Something to know about rows that are taken: the first, and how many."""

    code = fields.String(required=True)
    rows = fields.Integer(required=True)
    row = fields.Integer(required=True)
    message = fields.String(required=True)


class FieldChange(Schema):
    """What a column said, and says now."""

    field = fields.String(required=True)
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)


class CareChange(Schema):
    """What a row changes of a line item."""

    cpli_id = fields.Integer(required=True)
    row = fields.Integer(required=True)
    fields_changed = fields.List(
        fields.Nested(FieldChange), required=True, attribute="fields", data_key="fields"
    )


class Renaming(Schema):
    """A name before and after."""

    before = fields.String(required=True)
    after = fields.String(required=True)


class CareRenamed(Schema):
    """Whom and what a file calls otherwise than before."""

    organisations = fields.List(fields.Nested(Renaming), required=True)
    services = fields.List(fields.Nested(Renaming), required=True)


class Posted(Schema):
    """Pounds that would be posted, in open periods and for finalised ones."""

    open = pounds(required=True)
    finalised = pounds(required=True)


class ForecastProvider(Posted):
    """What a file would post of a provider's care, and what the care costs a week."""

    organisation = fields.String(required=True)
    weekly_before = pounds(required=True, allow_none=True)
    weekly_after = pounds(required=True, allow_none=True)
    deductions = fields.Nested(Posted, required=True)


class ForecastMethod(Posted):
    """A line item that would be paid in another way."""

    cpli_id = fields.Integer(required=True)
    client = fields.String(required=True)
    before = fields.String(required=True)
    after = fields.String(required=True)


class CareForecast(Schema):
    """What a file would change in money."""

    providers = fields.List(fields.Nested(ForecastProvider), required=True)
    charges = fields.Nested(Posted, required=True)
    methods = fields.List(fields.Nested(ForecastMethod), required=True)


class CareFile(Schema):
    """A care file; more errors than these are behind the Link header. ``forecast`` is null until it is worked out."""

    id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    refusal = fields.String(required=True, allow_none=True)
    counts = fields.Nested(CareCounts, required=True, allow_none=True)
    notes = fields.List(fields.Nested(CareNote), required=True)
    changes = fields.List(
        fields.Nested(CareChange), required=True, metadata={"description": "the first line items that change"}
    )
    renamed = fields.Nested(CareRenamed, required=True, allow_none=True)
    forecast = fields.Nested(CareForecast, required=True, allow_none=True)
    errors = fields.List(fields.Nested(FileError), required=True)
    errors_left_out = fields.Integer(
        required=True, metadata={"description": "errors that the rejected rows alone have"}
    )

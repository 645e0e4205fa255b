"""What the API answers; the document at /api/v1/openapi.json is made from these schemas, and from those in asked.py."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

STATUSES = ("New", "Matched", "Unmatched", "Missing Data")
STATES = ("checking", "checked", "refused", "applying", "applied", "cancelled", "failed")


def pounds(**options: Any) -> fields.String:
    """Pounds as text, exact: "255.49"."""
    return fields.String(metadata={"example": "255.49", "description": "pounds"}, **options)


def day(**options: Any) -> fields.String:
    """A date in an answer."""
    return fields.String(metadata={"format": "date"}, **options)


def moment(**options: Any) -> fields.String:
    """A moment in an answer."""
    return fields.String(metadata={"format": "date-time"}, **options)


class ProblemField(Schema):
    """One thing that is wrong."""

    column = fields.String()
    code = fields.String()
    message = fields.String()


class Counts(Schema):
    """What became of a file's rows."""

    read = fields.Integer(required=True)
    new = fields.Integer(required=True)
    updated = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    deleted = fields.Integer(required=True)
    rejected = fields.Integer(required=True)
    issues = fields.Integer(required=True)


class Problem(Schema):
    """RFC 9457."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    field = fields.String(
        metadata={"description": "what of the body it is about, when it is about one thing"}
    )
    errors = fields.List(fields.Nested(ProblemField))
    counts = fields.Nested(Counts, metadata={"description": "of the new check, when it gave another result"})
    check_version = fields.Integer()


class Forecast(Schema):
    """What applying a file would change in what is payable, and how the visits that it stores would match."""

    payable = pounds(required=True)
    matched = fields.Integer(required=True)
    unmatched = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True, metadata={"description": "by reason"}
    )


class UnmatchedReason(Schema):
    """Visits that will have no match for a reason, and about what they would pay."""

    reason = fields.String(required=True)
    visits = fields.Integer(required=True)
    amount = pounds(required=True)


class WillMatch(Schema):
    """What will become of the visits that a file stores; its rows are at /unmatched and /duplicates."""

    matched = fields.Integer(required=True)
    apart = fields.Integer(required=True, metadata={"description": "of weeks that could not be matched"})
    unmatched = fields.List(fields.Nested(UnmatchedReason), required=True)
    amount = pounds(required=True)
    duplicates = fields.Integer(
        required=True, metadata={"description": "that may be there already under another VisitRef"}
    )


class FileError(Schema):
    """Why a row is rejected; row is None for what is wrong with the whole file."""

    row = fields.Integer(required=True, allow_none=True)
    ref = fields.String(required=True)
    column = fields.String(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)


class FileWarning(Schema):
    """What is doubtful in a file as a whole: in how many rows, and the first; null where no row is meant."""

    code = fields.String(required=True)
    rows = fields.Integer(required=True, allow_none=True)
    row = fields.Integer(required=True, allow_none=True)
    message = fields.String(required=True)


class CheckedFile(Schema):
    """What files of visits and of actuals have; more errors than these are behind the Link header."""

    id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    counts = fields.Nested(Counts, required=True, allow_none=True)
    file_warnings = fields.List(fields.Nested(FileWarning), required=True)
    errors = fields.List(fields.Nested(FileError), required=True)


class VisitsFile(CheckedFile):
    """A visits file; more errors than these are behind the Link header."""

    forecast = fields.Nested(Forecast, required=True, allow_none=True)
    will_match = fields.Nested(WillMatch, required=True, allow_none=True)


class Warnings(Schema):
    """A page of what is doubtful in a file."""

    items = fields.List(fields.Nested(FileError), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class CarersCounts(Schema):
    """What became of a carers file's rows."""

    read = fields.Integer(required=True)
    new = fields.Integer(required=True)
    rejected = fields.Integer(required=True)


class RenamedCarer(Schema):
    """A carer to whom the file gives another name."""

    ref = fields.String(required=True)
    before = fields.String(required=True)
    after = fields.String(required=True)


class CarersFile(Schema):
    """A carers file that was taken, or with `preview` what it would do."""

    counts = fields.Nested(CarersCounts, required=True)
    changes = fields.List(fields.Nested(RenamedCarer), required=True)
    errors = fields.List(fields.Nested(FileError), required=True)


class Version(Schema):
    """A version of a visit that a later one replaced."""

    version = fields.Integer(required=True)
    deleted = fields.Boolean(required=True)
    file_id = fields.String(required=True, allow_none=True)
    changed_by = fields.String(required=True)
    changed_at = moment(required=True)
    reason_of_deletion = fields.String(required=True, allow_none=True)
    values = fields.Dict(fields.String(), fields.String(), required=True)


class Visit(Schema):
    """A visit: what was written, its match or why it has none, and what it pays and why."""

    ref = fields.String(required=True)
    organisation = fields.String(required=True)
    version = fields.Integer(required=True)
    deleted = fields.Boolean(required=True)
    week = day(required=True)
    status = fields.String(required=True, validate=validate.OneOf((*STATUSES, "Deleted")))
    reason = fields.String(required=True, allow_none=True)
    cpli_id = fields.Integer(required=True, allow_none=True)
    pays = fields.Dict(required=True, allow_none=True)
    issues = fields.List(fields.String(), required=True)
    file_id = fields.String(required=True, allow_none=True)
    changed_by = fields.String(required=True)
    changed_at = moment(required=True)
    values = fields.Dict(fields.String(), fields.String(), required=True)


class VisitWithVersions(Visit):
    """A visit with its history."""

    reason_of_deletion = fields.String(required=True, allow_none=True)
    versions = fields.List(fields.Nested(Version), required=True)


class Visits(Schema):
    """A page of visits."""

    items = fields.List(fields.Nested(Visit), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class LineItem(Schema):
    """A care package line item; hours a week and pounds an hour as text, exact."""

    cpli_id = fields.Integer(required=True)
    organisation = fields.String(required=True)
    client = fields.Dict(fields.String(), fields.String(allow_none=True), required=True)
    service = fields.String(required=True)
    service_ref = fields.String(required=True, allow_none=True)
    contract = fields.String(required=True)
    service_level = fields.String(required=True)
    service_level_ref = fields.String(required=True, allow_none=True)
    start_on = day(required=True)
    end_on = day(required=True, allow_none=True)
    quantity = fields.String(required=True)
    unit = fields.String(required=True)
    frequency = fields.String(required=True)
    unit_cost = fields.String(required=True)
    payment_method = fields.String(required=True)
    authorised = fields.Boolean(required=True)
    timetable = fields.String(required=True)
    suspensions = fields.List(fields.Dict(), required=True)
    terms = fields.List(fields.Dict(), required=True)


class LineItems(Schema):
    """A page of care package line items."""

    items = fields.List(fields.Nested(LineItem), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class Period(Schema):
    """A payment period; charges are shown to the council alone.

    `payable` is cost before deductions, `total` what is paid (`payable` with the `deductions`, which pages call
    Payable); `non_payable` is held, costs and deductions.
    """

    start = day(required=True)
    end = day(required=True)
    financial_year = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": ["current", "partially finalised", "finalised"]})
    finalised_contracts = fields.List(
        fields.String(), required=True, metadata={"description": "the contracts that are finalised"}
    )
    open_contracts = fields.List(
        fields.String(), required=True, metadata={"description": "the contracts that are still open"}
    )
    payable = pounds(required=True)
    non_payable = pounds(required=True)
    deductions = pounds(required=True)
    total = pounds(required=True)
    charges = pounds()
    items = fields.Integer(required=True)


class Periods(Schema):
    """The periods that hold something."""

    items = fields.List(fields.Nested(Period), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class Portion(Schema):
    """What of an item stands in a period with a status."""

    status = fields.String(required=True)
    amount = pounds(required=True)


class Hold(Schema):
    """What was done with an item last, and why; the owner is whom to ask."""

    name = fields.String(required=True)
    reason = fields.String(required=True)
    owner = fields.String(required=True)
    moved_at = moment(required=True)


class Item(Schema):
    """A payment item, which explains itself and says whether it is payable in the period.

    A manual adjustment has no week, and may have no CPLI. ``amount`` is what of the item stands in the period,
    ``posted_amount`` the whole item.
    """

    item_id = fields.UUID(required=True)
    organisation = fields.String(required=True, allow_none=True)
    client = fields.String(required=True)
    cpli_id = fields.Integer(required=True, allow_none=True)
    week = day(required=True, allow_none=True)
    kind = fields.String(required=True)
    amount = pounds(required=True)
    posted_amount = pounds(required=True)
    payable = fields.Boolean(required=True)
    payable_amount = pounds(required=True)
    non_payable_amount = pounds(required=True)
    portions = fields.List(fields.Nested(Portion), required=True)
    hold = fields.Nested(Hold, required=True, allow_none=True)
    reason = fields.String(required=True)
    contract = fields.String(required=True)
    posted_at = moment(required=True)
    explanation = fields.Dict(required=True)


class Items(Schema):
    """A page of payment items."""

    items = fields.List(fields.Nested(Item), required=True)
    next_cursor = fields.String(required=True, allow_none=True)

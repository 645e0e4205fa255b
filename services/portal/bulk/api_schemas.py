"""What the API takes and answers about bulk actions (RULES 20)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.portal.api.asked import Asked, Owner, Paged, Prose, is_prose, text_of
from services.portal.api.schemas import moment, pounds
from services.portal.bulk.rules import MOST_ROWS, STATES

LONGEST_FACT = 4_000


class RowsChosen(Owner):
    """Rows by their keys, or all that a list with these filters shows; so many at most are done at once."""

    act = text_of(50, required=True, metadata={"example": "delete_visits"})
    rows = fields.List(
        text_of(100),
        load_default=list,
        validate=validate.Length(max=MOST_ROWS),
        metadata={"description": "visits by VisitRef, weeks of care as CpliId/Monday, disputes by case_id"},
    )
    all_of = fields.Dict(
        text_of(40),
        text_of(200),
        load_default=None,
        allow_none=True,
        metadata={"description": "filters, by the names that the address of the list’s page has for them"},
    )


class ToBeDone(Asked):
    """What is asked before it is done, by the names that the page has: reason, words, kind, owner, charge, service …"""

    facts = fields.Dict(
        text_of(40),
        Prose(validate=[validate.Length(max=LONGEST_FACT), is_prose]),
        load_default=dict,
    )


class BulkRow(Schema):
    """A row, as it was shown; outcome: done, left with why, or null before it was tried."""

    key = fields.String(required=True)
    about = fields.String(required=True)
    organisation = fields.String(required=True)
    amount = pounds(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)
    why = fields.String(required=True)


class BulkAction(Schema):
    """Something that is done to many rows. Amounts are of the rows to do, and of those that are done."""

    id = fields.UUID(required=True)
    act = fields.String(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    has_more = fields.Boolean(
        required=True, metadata={"description": "whether the filters showed more than are done at once"}
    )
    to_do = fields.Integer(required=True)
    done = fields.Integer(required=True)
    left = fields.Integer(required=True)
    amount_to_do = pounds(required=True)
    amount_done = pounds(required=True)
    amount_is = fields.String(required=True, metadata={"description": "what the amounts are"})
    by = fields.String(required=True)
    facts = fields.Dict(required=True)
    shown_at = moment(required=True)
    began_at = moment(required=True, allow_none=True)


class BulkActionWithRows(BulkAction):
    """The same with its rows, those that are left first."""

    rows = fields.List(fields.Nested(BulkRow), required=True)


class BulkActions(Schema):
    """A page of bulk actions."""

    items = fields.List(fields.Nested(BulkAction), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class BulkActionsQuery(Paged):
    """Bulk actions that were begun, the newest first."""

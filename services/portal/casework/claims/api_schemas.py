"""What the API takes and gives of one-off claims (RULES 10)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from libs.common.care.days import Day
from libs.common.casework.cases import CLAIM, MOST_CLAIM_ITEMS, STATES
from services.portal.api.asked import Asked, Paged, some_attachments, text_of, words_of
from services.portal.api.schemas import day, moment, pounds
from services.portal.casework.cases.api_schemas import CaseAttachment, CaseMessage

A_YEAR = r"^[0-9]{4}/[0-9]{2}$"


class ClaimsQuery(Paged):
    """Which claims."""

    state = fields.String(validate=validate.OneOf(STATES[CLAIM]))
    financial_year = fields.String(validate=validate.Regexp(A_YEAR), metadata={"example": "2022/23"})


class NewClaimItem(Asked):
    """A client's stay and what is claimed for it; its quantity is 1."""

    description = words_of(required=True)
    client = text_of(
        100,
        required=True,
        metadata={"description": "as payment items name it: the SSRef, else the ClientRef"},
    )
    amount = fields.String(
        required=True,
        validate=validate.Regexp(r"^[0-9]{1,6}\.[0-9]{2}$"),
        metadata={"example": "47.54", "description": "pounds"},
    )
    admitted_on = Day(required=True)
    resumed_on = Day(
        load_default=None, allow_none=True, metadata={"description": "discharged, and care resumed"}
    )
    told_on = Day(
        load_default=None,
        allow_none=True,
        metadata={"description": "when the provider was told of a longer stay"},
    )
    is_planned_respite = fields.Boolean(load_default=False, truthy={True}, falsy={False})

    @validates_schema
    def is_more_than_nothing(self, data: dict[str, Any], **_: Any) -> None:
        if set(data["amount"]) <= set("0."):
            raise ValidationError("Claim more than nothing.", "amount")
        for name in ("resumed_on", "told_on"):
            if data.get(name) and data[name] < data["admitted_on"]:
                raise ValidationError("This can’t be before the admission.", name)


class NewClaim(Asked):
    """A draft with its items."""

    service = text_of(200, required=True)
    financial_year = fields.String(
        validate=validate.Regexp(A_YEAR),
        metadata={"example": "2022/23", "description": "this one, unless said"},
    )
    notes = words_of(0, load_default="")
    items = fields.List(
        fields.Nested(NewClaimItem), required=True, validate=validate.Length(1, MOST_CLAIM_ITEMS)
    )


class ClaimNote(Asked):
    """A note on a claim, with evidence."""

    words = words_of(required=True)
    attachments = some_attachments()


class Acceptance(Asked):
    """What is accepted: it must be named, and another total by now is refused."""

    total_payable = fields.String(load_default=None, metadata={"example": "47.54", "description": "pounds"})
    note = words_of(0, load_default="")
    attachments = some_attachments()


class Rejection(Asked):
    """Why; a claim is not rejected without a reason."""

    reason = words_of(0, load_default="")
    attachments = some_attachments()


class CountedVisit(Schema):
    """An H visit, and whether it counts."""

    visit_ref = fields.String(required=True)
    on = day(required=True)
    seconds = fields.Integer(required=True)
    unit_cost = fields.String(required=True, allow_none=True)
    is_counted = fields.Boolean(required=True)
    why = fields.String(required=True)


class WorkedOut(Schema):
    """What a stay comes to by its H visits; `reasons`: why it comes to nothing."""

    amount = pounds(required=True)
    seconds = fields.Integer(required=True)
    reasons = fields.List(fields.String(), required=True)
    lines = fields.List(fields.Nested(CountedVisit), required=True)


class ClaimItem(Schema):
    """A client item."""

    item_id = fields.UUID(required=True)
    description = fields.String(required=True)
    service_level = fields.String(required=True)
    client = fields.String(required=True, attribute="client_reference")
    quantity = fields.Integer(required=True)
    amount = pounds(required=True)
    claimed = pounds(required=True)
    admitted_on = day(required=True)
    resumed_on = day(required=True, allow_none=True)
    told_on = day(required=True, allow_none=True)
    is_planned_respite = fields.Boolean(required=True)
    is_included = fields.Boolean(required=True)
    la_notes = fields.Method("notes_of", required=True)
    worked_out = fields.Nested(WorkedOut, required=True, allow_none=True, attribute="working")

    def notes_of(self, item: dict[str, Any]) -> list[str]:
        return [version["la_note"] for version in item["notes"]]


class ListedClaim(Schema):
    """A claim in a list."""

    id = fields.UUID(required=True, attribute="case_id")
    number = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES[CLAIM]))
    service = fields.String(required=True)
    contract = fields.String(required=True)
    financial_year = fields.String(required=True)
    opened_at = moment(required=True)
    total_payable = pounds(required=True)
    total_claimed = pounds(required=True)


class Claim(ListedClaim):
    """A claim with its items and its conversation."""

    items = fields.List(fields.Nested(ClaimItem), required=True)
    messages = fields.List(fields.Nested(CaseMessage), required=True)
    attachments = fields.List(fields.Nested(CaseAttachment), required=True)


class Claims(Schema):
    """A page of claims."""

    items = fields.List(fields.Nested(ListedClaim), required=True)
    next_cursor = fields.String(required=True, allow_none=True)

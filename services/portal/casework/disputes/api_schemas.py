"""What the API takes and answers about disputes (RULES 9)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from libs.common.care.days import Day, DayAround
from libs.common.casework.cases import DISPUTE, MOST_CPLI_ID, MOVES, OWN_STEPS, REASONS, STATES
from libs.common.files.values import control_character
from services.portal.api.asked import Asked, Owner, Paged, Text, some_attachments, text_of, words_of
from services.portal.api.schemas import day, moment
from services.portal.casework.cases.api_schemas import CaseAttachment, CaseMessage
from services.portal.casework.disputes.raising import MOST_VISITS

SAYABLE = ("", *(move for move in MOVES[DISPUTE] if (DISPUTE, move) not in OWN_STEPS))
"""What a message may do besides being said."""


class DisputesQuery(Paged):
    """Which disputes; those that are open when no status is named."""

    status = fields.String(validate=validate.OneOf(STATES[DISPUTE]))
    client = text_of(50, metadata={"description": "SSRef, ClientRef or NHSNumber"})
    first_on = Day(data_key="from", metadata={"description": "about this day or later"})
    last_on = Day(data_key="to", metadata={"description": "about this day or earlier"})


class SaidInDispute(Asked):
    """A message, and what is done by it; visits are withdrawn by people on pages."""

    words = words_of(required=True)
    attachments = some_attachments()
    move = fields.String(
        load_default="",
        validate=validate.OneOf(SAYABLE),
        metadata={"description": "one of the dispute’s allowed moves, or nothing"},
    )


class DisputesToRaise(Owner):
    """A dispute on visits of a provider, one for each client; or on a week of a care package line item."""

    reason = fields.String(required=True, validate=validate.OneOf(REASONS))
    words = words_of(required=True)
    visits = fields.List(
        Text(validate=validate.Length(1, 50)),
        load_default=list,
        validate=validate.Length(max=MOST_VISITS),
    )
    cpli_id = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, MOST_CPLI_ID))
    week = DayAround(load_default=None, allow_none=True, metadata={"description": "its Monday"})

    @validates_schema
    def is_about_something(self, data: dict[str, Any], **_: Any) -> None:
        """Visits with their provider, or a week with its line item."""
        if data["visits"]:
            if not data.get("organisation") or data["cpli_id"] or data["week"]:
                raise ValidationError("Name the organisation, and no line item or week.", "visits")
            if any(control_character(ref) for ref in data["visits"]):
                raise ValidationError("A VisitRef has no control characters.", "visits")
        elif data["cpli_id"] is None or data["week"] is None:
            raise ValidationError("Name visits, or a line item and a week.", "visits")
        elif data["week"].weekday() != 0:
            raise ValidationError("Name a week by its Monday.", "week")


class DoubtInDispute(Schema):
    """What a dispute was raised on: a doubt of a week's data, as far as it is about the provider's own visits."""

    kind = fields.String(required=True)
    visits = fields.List(fields.String(), required=True)
    cpli_id = fields.Integer(required=True, allow_none=True)
    first_on = day(required=True, data_key="from")
    last_on = day(required=True, data_key="to")
    evidence = fields.Dict(required=True, metadata={"description": "what it is seen by; depends on the kind"})


class Dispute(Schema):
    """A dispute; about the `week` of a line item (its Monday) where it has no visits.

    `details`: the council's last words; `response`: the provider's.
    """

    case_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    status = fields.String(required=True, attribute="state", validate=validate.OneOf(STATES[DISPUTE]))
    reason = fields.String(required=True, attribute="subject")
    organisation = fields.String(required=True)
    client = fields.String(required=True, attribute="client_reference")
    cpli_id = fields.Integer(required=True, allow_none=True)
    first_on = day(required=True, data_key="from", allow_none=True)
    last_on = day(required=True, data_key="to", allow_none=True)
    week = day(
        required=True,
        attribute="facts.monday",
        allow_none=True,
        dump_default=None,
    )
    doubts = fields.List(
        fields.Nested(DoubtInDispute),
        required=True,
        attribute="facts.doubts",
        dump_default=list,
        metadata={"description": "empty when somebody raised it by hand"},
    )
    details = fields.String(required=True, allow_none=True, attribute="council_words")
    response = fields.String(required=True, allow_none=True, attribute="provider_words")
    opened_at = moment(required=True)
    due_at = moment(required=True, allow_none=True)
    is_overdue = fields.Boolean(required=True)


class Disputes(Schema):
    """A page of disputes, the newest first."""

    items = fields.List(fields.Nested(Dispute), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class DisputedVisit(Schema):
    """A visit in dispute: its cells now, and when the dispute was raised."""

    ref = fields.String(required=True, attribute="visit_ref")
    deleted = fields.Boolean(required=True)
    values = fields.Dict(fields.String(), fields.String(), required=True, attribute="cells")
    values_when_raised = fields.Dict(fields.String(), fields.String(), required=True, attribute="was")


class DisputeWithMessages(Dispute):
    """A dispute with its visits and its conversation."""

    visits = fields.List(fields.Nested(DisputedVisit), required=True)
    messages = fields.List(fields.Nested(CaseMessage), required=True)
    attachments = fields.List(fields.Nested(CaseAttachment), required=True)
    allowed = fields.List(fields.String(), required=True)


class SaidAnswer(Schema):
    """How the dispute stands. Not moved: somebody else changed it meanwhile; the message is kept all the same."""

    status = fields.String(required=True, attribute="state")
    is_moved = fields.Boolean(required=True)


class RaisedDispute(Schema):
    """A dispute that was raised."""

    case_id = fields.UUID(required=True)
    client = fields.String(required=True, attribute="client_reference")


class RaisedDisputes(Schema):
    """The disputes that were raised."""

    items = fields.List(fields.Nested(RaisedDispute), required=True)

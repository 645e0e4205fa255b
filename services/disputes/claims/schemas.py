"""What may be asked of disputes about one-off claims."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from libs.common.care.days import Day
from libs.common.care.figures import Figure
from libs.common.casework.cases import (
    CLAIM,
    LONGEST_SUBJECT,
    LONGEST_WORDS,
    MOST_ATTACHMENTS,
    MOST_CLAIM_ITEMS,
    STATES,
)
from libs.common.rpc.payloads import Payload
from services.disputes.cases.schemas import AttachmentOf, Said

A_YEAR = r"[0-9]{4}/[0-9]{2}\Z"
MOST_POUNDS = 1_000_000


class ClaimId(Payload):
    """A claim."""

    claim_id = fields.UUID(required=True)


class DraftClaim(ClaimId, Said):
    """A claim to begin."""

    service_name = fields.String(required=True, validate=validate.Length(1, LONGEST_SUBJECT))
    service_id = fields.UUID(load_default=None, allow_none=True)
    contract = fields.String(required=True, validate=validate.Length(max=100))
    financial_year = fields.String(required=True, validate=validate.Regexp(A_YEAR))


class ClaimItemId(ClaimId):
    """An item of a claim, and the id of the change that is made to it."""

    item_id = fields.UUID(required=True)
    version_id = fields.UUID(required=True)


def pounds() -> Figure:
    """More than nothing, in whole pence."""
    return Figure(required=True, places=2, validate=validate.Range(0, MOST_POUNDS, min_inclusive=False))


class SaveClaimItem(ClaimItemId):
    """What a provider states."""

    description = fields.String(required=True, validate=validate.Length(1, LONGEST_WORDS))
    client_reference = fields.String(required=True, validate=validate.Length(1, 100))
    amount = pounds()
    admitted_on = Day(required=True)
    resumed_on = Day(load_default=None, allow_none=True)
    told_on = Day(load_default=None, allow_none=True)
    is_planned_respite = fields.Boolean(load_default=False)
    attachments = fields.List(
        fields.Nested(AttachmentOf), load_default=list, validate=validate.Length(max=MOST_ATTACHMENTS)
    )

    @validates_schema
    def days_come_after_the_admission(self, data: dict[str, Any], **_: Any) -> None:
        for name in ("resumed_on", "told_on"):
            if data.get(name) and data[name] < data["admitted_on"]:
                raise ValidationError("before the admission", name)


class AmendClaimItem(ClaimItemId):
    """What the council makes of it."""

    seen = fields.Integer(required=True)
    amount = pounds()
    is_included = fields.Boolean(required=True)
    note = fields.String(load_default="", validate=validate.Length(max=LONGEST_WORDS))


class CancelClaim(ClaimId):
    """A draft to drop."""

    message_id = fields.UUID(required=True)


class HVisit(Payload):
    """A visit as matching says it."""

    visit_ref = fields.String(required=True)
    planned_on = fields.String(required=True)
    seconds = fields.Integer(required=True)
    cpli_id = fields.Integer(required=True, allow_none=True)
    unit_cost = fields.String(required=True, allow_none=True)
    is_of_service = fields.Boolean(required=True)


class SinglePayment(Payload):
    """A CPLI that stands for a claim."""

    cpli_id = fields.Integer(required=True)
    amount = fields.String(required=True)


class StayFacts(Payload):
    """What matching knows of an item's stay."""

    item_id = fields.UUID(required=True)
    contract = fields.String(required=True)
    client_id = fields.String(required=True, allow_none=True)
    known_as = fields.List(fields.String(), load_default=list)
    cpli_id = fields.Integer(required=True, allow_none=True)
    visits = fields.List(fields.Nested(HVisit), required=True)
    care_resumed_on = fields.String(required=True, allow_none=True)
    single_payments = fields.List(fields.Nested(SinglePayment), required=True)


class WorkOutClaim(ClaimId):
    """A claim with what matching knows of its stays."""

    facts = fields.List(
        fields.Nested(StayFacts), required=True, validate=validate.Length(max=MOST_CLAIM_ITEMS)
    )

    @post_load
    def by_item(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return data | {"facts": {one["item_id"]: one for one in data["facts"]}}


class SubmitClaim(WorkOutClaim):
    """A draft to hand over."""

    message_id = fields.UUID(required=True)
    words = fields.String(load_default="", validate=validate.Length(max=LONGEST_WORDS))


class DecideClaim(SubmitClaim, Said):
    """A claim to accept or to reject."""

    move = fields.String(required=True, validate=validate.OneOf(("accept", "reject")))
    seen = fields.String(load_default=None, allow_none=True)


class ClaimsPage(Payload):
    """A page of claims."""

    organisation_id = fields.UUID(load_default=None, allow_none=True)
    states = fields.List(fields.String(validate=validate.OneOf(STATES[CLAIM])), load_default=list)
    financial_year = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(A_YEAR))
    service_id = fields.UUID(load_default=None, allow_none=True)
    clients = fields.List(
        fields.String(), load_default=None, allow_none=True, validate=validate.Length(max=20)
    )
    after = fields.Tuple(
        (fields.AwareDateTime(format="iso"), fields.UUID()), load_default=None, allow_none=True
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 201))

"""What the API takes and answers about holds of weeks of care, for the council alone (RULES 8)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.portal.api.asked import Asked, text_of
from services.portal.api.schemas import day, moment, pounds
from services.portal.money.periods.words import CHARGE_OF_HOLD, HOLDS

DECISIONS = (*HOLDS, "release")
LONGEST_REASON, LONGEST_OWNER = 1000, 200
charges = validate.OneOf(list(CHARGE_OF_HOLD))
SEEN = {"description": "how many decisions about the week were seen; another number is refused"}


class Decided(Asked):
    """What every decision may say."""

    seen = fields.Integer(validate=validate.Range(min=0), metadata=SEEN)


class HoldToPlace(Decided):
    """A hold of a week; without ``charge`` cancelling charges nothing, and the others keep the charge."""

    kind = fields.String(required=True, validate=validate.OneOf(list(HOLDS)))
    charge = fields.String(validate=charges)
    reason = text_of(LONGEST_REASON, required=True)
    owner = text_of(LONGEST_OWNER, required=True, metadata={"description": "whom to ask, by e-mail"})


class HoldToRelease(Decided):
    """A release; without ``charge`` the client is charged again, without ``owner`` it is the hold's."""

    charge = fields.String(validate=charges)
    reason = text_of(LONGEST_REASON, load_default="Released")
    owner = text_of(LONGEST_OWNER)


class ChargeToDecide(Decided):
    """Another decision about the charge."""

    charge = fields.String(required=True, validate=charges)
    reason = text_of(LONGEST_REASON, required=True)


class WeekHold(Schema):
    """A week that is held, and the money that waits, its deductions taken off; ``pays_from``: when a carried one is payable."""

    cpli_id = fields.Integer(required=True)
    week = day(required=True)
    organisation = fields.String(required=True)
    client = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(list(HOLDS)))
    charge = fields.String(required=True, validate=charges)
    pays_from = day(required=True, allow_none=True)
    reason = fields.String(required=True)
    owner = fields.String(required=True)
    placed_at = moment(required=True)
    held = pounds(required=True)


class WeekHolds(Schema):
    """A page of the weeks that are held, by Monday and CPLI."""

    items = fields.List(fields.Nested(WeekHold), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class UnpaidPortion(Schema):
    """What of an item of the week is not paid yet."""

    item_id = fields.UUID(required=True)
    series = fields.String(required=True, validate=validate.OneOf(("cost", "income")))
    period_start = day(required=True)
    status = fields.String(required=True)
    amount = pounds(required=True)


class WeekDecision(Schema):
    """One decision about the week; the newest counts."""

    kind = fields.String(required=True, validate=validate.OneOf(DECISIONS))
    charge = fields.String(required=True, validate=charges)
    pays_from = day(required=True, allow_none=True)
    reason = fields.String(required=True)
    owner = fields.String(required=True)
    placed_at = moment(required=True)


class HeldWeek(Schema):
    """A CPLI's week: whether it is held, what waits, all that is not paid yet, and every decision, oldest first."""

    cpli_id = fields.Integer(required=True)
    week = day(required=True)
    organisation = fields.String(required=True, allow_none=True)
    client = fields.String(required=True)
    contract = fields.String(required=True)
    is_held = fields.Boolean(required=True)
    held = pounds(required=True)
    unpaid = pounds(required=True)
    items = fields.List(fields.Nested(UnpaidPortion), required=True)
    decisions = fields.List(fields.Nested(WeekDecision), required=True)

"""What may be asked of payments about holds of CPLI-weeks."""

from marshmallow import fields, validate

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import OfOrganisation, Payload
from services.payments.holds.rules import NAMES
from services.payments.holds.week_rules import CHARGES, HOLDS
from services.payments.items.rules import NON_PAYABLE, PAYABLE
from services.payments.items.schemas import ItemId, a_reason

an_owner = validate.Length(1, 200)
MOST_AT_ONCE = 200


def a_cpli() -> fields.Integer:
    """The number of a CPLI."""
    return fields.Integer(validate=validate.Range(1, 2**63 - 1))


class CpliWeek(Payload):
    """A CPLI's week, by its Monday."""

    cpli_id = fields.Integer(required=True, validate=validate.Range(1, 2**63 - 1))
    monday = DayAround(required=True)


class DecideWeek(CpliWeek):
    """A decision about a week; ``seen``: how many the asker has seen, None for whatever there is."""

    reason = fields.String(required=True, validate=a_reason)
    seen = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=0))


class PlaceHold(DecideWeek):
    """A hold; without ``charge`` what the kind has by default."""

    kind = fields.String(required=True, validate=validate.OneOf(HOLDS))
    charge = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(CHARGES))
    owner = fields.String(required=True, validate=an_owner)


class ReleaseHold(DecideWeek):
    """A release; without an owner it is the hold's."""

    charge = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(CHARGES))
    owner = fields.String(load_default=None, allow_none=True, validate=an_owner)


class CpliWeeks(Payload):
    """(CPLI, Monday) each."""

    weeks = fields.List(
        fields.Tuple((a_cpli(), DayAround())), required=True, validate=validate.Length(max=MOST_AT_ONCE)
    )


class DecideWeeks(Payload):
    """(CPLI, Monday, how many decisions were seen) each, and one decision about all."""

    weeks = fields.List(
        fields.Tuple((a_cpli(), DayAround(), fields.Integer(validate=validate.Range(min=0)))),
        required=True,
        validate=validate.Length(1, MOST_AT_ONCE),
    )
    reason = fields.String(required=True, validate=a_reason)
    charge = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(CHARGES))


class PlaceHolds(DecideWeeks):
    """Holds; without ``charge`` what the kind has by default."""

    kind = fields.String(required=True, validate=validate.OneOf(HOLDS))
    owner = fields.String(required=True, validate=an_owner)


class DecideCharge(DecideWeek):
    """Another decision about the charge."""

    charge = fields.String(required=True, validate=validate.OneOf(CHARGES))


class HoldsPage(OfOrganisation):
    """Holds after a week, by Monday and CPLI; the first for None."""

    after = fields.Tuple((fields.Integer(), fields.Date()), load_default=None, allow_none=True)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class MoveItem(ItemId):
    """Something to be done with what of an item stands in a period with a status."""

    name = fields.String(required=True, validate=validate.OneOf(NAMES))
    period_start = DayAround(required=True)
    status = fields.String(required=True, validate=validate.OneOf((PAYABLE, *NON_PAYABLE)))
    seen_moves = fields.Integer(required=True, validate=validate.Range(min=0))
    reason = fields.String(required=True, validate=a_reason)
    owner = fields.String(required=True, validate=validate.Length(1, 200))
    instalments = fields.Integer(load_default=2, validate=validate.Range(2, 100))

"""What may be asked of disputes about visits and weeks in dispute (RULES 9)."""

from marshmallow import fields, validate

from libs.common.care.days import Day, DayAround
from libs.common.casework.cases import LONGEST_WORDS, MOST_CPLI_ID, REASONS
from libs.common.rpc.payloads import Payload
from services.disputes.cases.schemas import Said

MOST_AT_ONCE = 500
MOST_VISITS = 1000
some_words = validate.Length(1, LONGEST_WORDS)


class DisputedVisit(Payload):
    """A visit with what it says when the dispute is raised."""

    visit_ref = fields.String(required=True, validate=validate.Length(1, 50))
    version = fields.Integer(required=True)
    deleted = fields.Boolean(required=True)
    values = fields.Dict(fields.String(), fields.String(), required=True)


class Dispute(Payload):
    """A dispute to raise, on visits or on a week of a CPLI."""

    case_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    reason = fields.String(required=True, validate=validate.OneOf(REASONS))
    words = fields.String(required=True, validate=some_words)
    client_reference = fields.String(load_default="", validate=validate.Length(max=100))
    cpli_id = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, MOST_CPLI_ID))
    first_on = Day(load_default=None, allow_none=True)
    last_on = Day(load_default=None, allow_none=True)
    monday = DayAround(load_default=None, allow_none=True)
    facts = fields.Dict(load_default=dict)
    visits = fields.List(
        fields.Nested(DisputedVisit), load_default=list, validate=validate.Length(max=MOST_VISITS)
    )


class RaiseDisputes(Payload):
    """Disputes to raise, all or none."""

    disputes = fields.List(fields.Nested(Dispute), required=True, validate=validate.Length(1, MOST_AT_ONCE))


class DisputeId(Payload):
    """A dispute."""

    case_id = fields.UUID(required=True)


class VisitsOfDisputes(Payload):
    """(organisation id, VisitRef) each."""

    refs = fields.List(
        fields.Tuple((fields.UUID(), fields.String())), required=True, validate=validate.Length(max=1000)
    )


class DaysOfDisputes(Payload):
    """The days that disputes are about."""

    first = fields.Date(required=True)
    last = fields.Date(required=True)


class WithdrawDisputed(DisputeId, Said):
    """An overdue dispute whose visits, or actual, are withdrawn, with what the council says."""

    message_id = fields.UUID(required=True)


class ResolveDisputes(Payload):
    """Disputes to resolve with the same words."""

    case_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MOST_AT_ONCE))
    message_id = fields.UUID(required=True)
    words = fields.String(load_default="", validate=validate.Length(max=LONGEST_WORDS))

"""What the API answers of payment runs and debts."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.portal.api.asked import Paged, text_of
from services.portal.api.schemas import day, moment, pounds


class RunsQuery(Paged):
    """A page of runs; of a period by its first day, or of all."""

    start = text_of(10, metadata={"format": "date", "description": "the first day of a period"})


class Money(Schema):
    """How many there are, and what they come to."""

    number = fields.Integer(required=True)
    amount = pounds(required=True)


class Adjustments(Money):
    """Manual adjustments; ``size`` is the sum of their sizes, up and down."""

    size = pounds(required=True)


class RunSums(Schema):
    """Totals of a run, and what stands out of them."""

    payable = pounds(required=True)
    last_payable = pounds(required=True)
    change = pounds(required=True)
    lacking = pounds(required=True)
    remarks = fields.List(fields.String(), required=True)
    adjustments = fields.Nested(Adjustments, required=True)
    holds = fields.Nested(Money, required=True)
    rejected = fields.Integer(required=True)
    first_payments = fields.Integer(
        required=True, metadata={"description": "how many providers are paid who never were before"}
    )
    disputes = fields.Nested(Money, required=True)
    unmatched = fields.Nested(
        Money, required=True, metadata={"description": "an estimate: they have no care package line item yet"}
    )


class PaymentRejection(Schema):
    """Why a provider rejects the payment."""

    answer_id = fields.String(required=True)
    reason = fields.String(required=True)
    answered_at = moment(required=True)


class RunOfOrganisation(RunSums):
    """What a run pays a provider."""

    organisation = fields.String(required=True)
    rejection = fields.Nested(PaymentRejection, required=True, allow_none=True)


class RunInList(Schema):
    """A payment run."""

    run_id = fields.String(required=True)
    period_start = day(required=True)
    period_end = day(required=True)
    contract = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    payable = pounds(required=True)
    last_payable = pounds(required=True)
    prepared_by = fields.String(required=True)
    prepared_at = moment(required=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = moment(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class Runs(Schema):
    """A page of runs."""

    items = fields.List(fields.Nested(RunInList), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class Run(RunInList):
    """A payment run as its approver sees it."""

    percent = fields.String(required=True)
    pounds = pounds(required=True)
    is_finalised = fields.Boolean(required=True)
    is_still_payable = fields.Boolean(required=True)
    in_all = fields.Nested(RunSums, required=True)
    organisations = fields.List(fields.Nested(RunOfOrganisation), required=True)


class DueDebt(Schema):
    """What of a debt comes off a contract's payment in a period."""

    contract = fields.String(required=True)
    period_start = day(required=True)
    amount = pounds(required=True)


class Debt(Schema):
    """What a period's total under a contract lacked to be nothing, and what became of it."""

    debt_id = fields.String(required=True)
    organisation = fields.String(required=True)
    contract = fields.String(required=True)
    arose_in = day(required=True)
    amount = pounds(required=True)
    came_off = pounds(required=True)
    written_off = pounds(required=True)
    owed = pounds(required=True)
    due = fields.List(fields.Nested(DueDebt), required=True)
    periods_without = fields.Integer(required=True)
    is_for_an_invoice = fields.Boolean(required=True)


class Debts(Schema):
    """Debts, the newest first."""

    items = fields.List(fields.Nested(Debt), required=True)
    next_cursor = fields.String(required=True, allow_none=True)

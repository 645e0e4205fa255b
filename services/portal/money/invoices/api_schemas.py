"""What the API takes and answers about invoices and credit notes (RULES 13)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from libs.common.care.days import DayAround
from libs.common.care.figures import Figure
from services.portal.api.asked import Asked, Owner, Paged, text_of
from services.portal.api.schemas import day, moment, pounds

STATES = ("Unsubmitted", "Pending", "Accepted", "Rejected", "Paid")
KINDS = ("invoice", "credit_note")
LINE_KINDS = ("cost", "income")
TERMS = ("schedule", "invoice")
LONGEST_REASON, LONGEST_NUMBER = 1000, 50
MOST_POUNDS = Decimal(10_000_000)


def is_whole_pence(amount: Any) -> None:
    """Raises ValidationError for a part of a penny, and for more than a council ever pays at once."""
    if amount != round(amount, 2) or abs(amount) > MOST_POUNDS:
        raise ValidationError("Give pounds and whole pence, such as 116.13.")


def is_per_cent(rate: Any) -> None:
    """Raises ValidationError for a rate below 0 or above 100; a range would be described in text, not in numbers."""
    if not 0 <= rate <= 100:
        raise ValidationError("Give per cent from 0 to 100, such as 20.")


def some_pounds(**options: Any) -> Figure:
    """Pounds as they are sent: text or a number."""
    return Figure(validate=is_whole_pence, metadata={"example": "116.13"}, **options)


class InvoicesQuery(Paged):
    """Which invoices and credit notes."""

    contract = text_of(200)
    state = fields.String(validate=validate.OneOf(STATES))
    start = DayAround(metadata={"description": "a period by its first day"})


class ForPeriod(Owner):
    """A contract's period."""

    start = DayAround(required=True, metadata={"description": "the period's first day"})
    contract = text_of(200, required=True)


class ToInvoiceQuery(Owner):
    """A period, of one contract or of all."""

    start = DayAround(required=True, metadata={"description": "the period's first day"})
    contract = text_of(200)


class NewInvoice(Asked):
    """An invoice of what is owed for a contract's period, by the provider's own number."""

    start = DayAround(required=True, metadata={"description": "the period's first day"})
    contract = text_of(200, required=True)
    number = text_of(LONGEST_NUMBER, required=True)


class SeenSum(Asked):
    """The gross sum that was seen: another is shown again, and not accepted."""

    gross = some_pounds(required=True)


class Why(Asked):
    """The reason, which the provider reads."""

    reason = text_of(LONGEST_REASON, required=True)


class NewCredit(Why):
    """What is taken back of an accepted invoice's cost line."""

    cpli_id = fields.Integer(required=True, validate=validate.Range(1, 2**63 - 1))
    week = DayAround(required=True, metadata={"description": "the week's Monday"})
    amount = some_pounds(required=True)


class VatInvoice(Asked):
    """The VAT registration number, and the provider's own VAT invoice."""

    vat_number = text_of(100, required=True)
    attachment = text_of(
        2_000, required=True, metadata={"description": "what POST /attachments answered for the PDF"}
    )


class NewTerms(Asked):
    """A contract's terms from a period on."""

    terms = fields.String(required=True, validate=validate.OneOf(TERMS))
    start = DayAround(required=True, metadata={"description": "the period's first day"})


class TermsOfContract(Schema):
    """What a contract's terms are from a period on."""

    contract = fields.String(required=True)
    from_period = day(required=True)
    terms = fields.String(required=True, validate=validate.OneOf(TERMS))


class Terms(Schema):
    """A contract of which nothing was said has *Schedule*."""

    items = fields.List(fields.Nested(TermsOfContract), required=True)


class NewVatRate(Asked):
    """A service's rate; 0 is exempt."""

    organisation = text_of(200, required=True)
    service = text_of(200, required=True)
    rate = Figure(
        required=True,
        validate=is_per_cent,
        metadata={"description": "per cent, from 0 to 100", "example": "20"},
    )


class VatRate(Schema):
    """A service's rate in per cent."""

    organisation = fields.String(required=True)
    service = fields.String(required=True)
    rate = fields.String(required=True)


class VatRates(Schema):
    """A service that is not named is exempt."""

    items = fields.List(fields.Nested(VatRate), required=True)


class InvoiceLine(Schema):
    """A CPLI's week; ``left``: of an accepted cost, what a credit note may still take."""

    cpli_id = fields.Integer(required=True)
    week = day(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(LINE_KINDS))
    amount = pounds(required=True)
    client = fields.String(required=True)
    service = fields.String(required=True)
    vat_rate = fields.String(required=True, metadata={"description": "per cent"})
    left = pounds(required=True, allow_none=True)


class UnsubmittedWeek(Schema):
    """A week without a submitted actual; it doesn't block the invoice."""

    cpli_id = fields.Integer(required=True)
    week = day(required=True)


class InvoicePreview(Schema):
    """What an invoice would hold now."""

    contract = fields.String(required=True)
    period = day(required=True)
    net = pounds(required=True)
    vat = pounds(required=True)
    gross = pounds(required=True)
    lines = fields.List(fields.Nested(InvoiceLine), required=True)
    unsubmitted = fields.List(fields.Nested(UnsubmittedWeek), required=True)


class InvoiceChange(Schema):
    """A line that changed while the invoice was open; ``changed_at`` is null for what is not noted yet."""

    cpli_id = fields.Integer(required=True)
    week = day(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(LINE_KINDS))
    before = pounds(required=True)
    after = pounds(required=True)
    changed_at = moment(required=True, allow_none=True)


class InvoiceStep(Schema):
    """What was done with it, the oldest first."""

    state = fields.String(required=True)
    reason = fields.String(required=True)
    done_at = moment(required=True)


class InvoiceSummary(Schema):
    """An invoice or credit note; ``credits``: the number of the invoice that a credit note is of."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    organisation = fields.String(required=True)
    contract = fields.String(required=True)
    period = day(required=True)
    net = pounds(required=True)
    vat = pounds(required=True)
    gross = pounds(required=True)
    credits = fields.String(required=True, allow_none=True)
    posted_in = day(required=True, allow_none=True)
    made_at = moment(required=True)


class Invoices(Schema):
    """A page of invoices and credit notes, the newest first."""

    items = fields.List(fields.Nested(InvoiceSummary), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class Invoice(InvoiceSummary):
    """An invoice or credit note as it is now; an open invoice follows the actuals and the care."""

    reason = fields.String(required=True)
    vat_number = fields.String(required=True)
    attachment = fields.String(required=True)
    lines = fields.List(fields.Nested(InvoiceLine), required=True)
    changes = fields.List(fields.Nested(InvoiceChange), required=True)
    steps = fields.List(fields.Nested(InvoiceStep), required=True)
    unsubmitted = fields.List(fields.Nested(UnsubmittedWeek), required=True)


class ToInvoiceLine(Schema):
    """What is owed now less what was accepted: to invoice, or (a cost below nought) to credit."""

    organisation = fields.String(required=True)
    contract = fields.String(required=True)
    client = fields.String(required=True)
    cpli_id = fields.Integer(required=True)
    week = day(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(LINE_KINDS))
    owed = pounds(required=True)
    accepted = pounds(required=True)
    difference = pounds(required=True)


class ToInvoice(Schema):
    """*To invoice or to credit*."""

    items = fields.List(fields.Nested(ToInvoiceLine), required=True)

"""What may be asked of payments about invoices, terms and VAT rates."""

from decimal import Decimal

from marshmallow import fields, validate

from libs.common.care.days import DayAround
from libs.common.care.figures import Figure
from libs.common.rpc.payloads import ATTACHMENT_KEY, OfOrganisation, Payload
from services.payments.adjustments.schemas import is_money
from services.payments.invoiced.rules import ACCEPTED, PAID, PENDING, TERMS
from services.payments.invoices.rules import LONGEST_NUMBER, REJECTED, UNSUBMITTED
from services.payments.items.schemas import a_reason

STATES = (UNSUBMITTED, PENDING, ACCEPTED, REJECTED, PAID)
a_name = validate.Length(1, 200)
LONGEST_OF_CREDIT = LONGEST_NUMBER + 20
"""A credit note's number is its invoice's with an ending."""


class InvoiceFor(OfOrganisation):
    """An organisation's contract and period."""

    start = DayAround(required=True)
    contract = fields.String(required=True, validate=a_name)


class CreateInvoice(InvoiceFor):
    """A new invoice, by the provider's own number."""

    invoice_id = fields.UUID(required=True)
    number = fields.String(required=True, validate=validate.Length(max=1000))


class InvoiceId(Payload):
    """An invoice or credit note by its id."""

    invoice_id = fields.UUID(required=True)


class OfNumber(OfOrganisation):
    """An invoice or credit note by its number."""

    number = fields.String(required=True, validate=validate.Length(1, LONGEST_OF_CREDIT))


class MoveInvoice(OfNumber):
    """What is done with it once for an id."""

    move_id = fields.UUID(required=True)


class AcceptInvoice(MoveInvoice):
    """``seen``: the gross sum that was seen."""

    seen = Figure(required=True)


class RejectInvoice(MoveInvoice):
    """Why it is rejected."""

    reason = fields.String(required=True, validate=a_reason)


class CreditInvoice(OfNumber):
    """Pounds above nought, of a cost line."""

    credit_id = fields.UUID(required=True)
    cpli_id = fields.Integer(required=True, validate=validate.Range(1, 2**63 - 1))
    monday = DayAround(required=True)
    amount = Figure(required=True, validate=is_money)
    reason = fields.String(required=True, validate=a_reason)


class AttachVatInvoice(OfNumber):
    """The VAT registration number, and where the provider's VAT invoice lies."""

    vat_number = fields.String(required=True, validate=validate.Length(max=100))
    object_key = fields.String(required=True, validate=ATTACHMENT_KEY)
    file_name = fields.String(required=True, validate=validate.Length(1, 200))


class InvoicesPage(OfOrganisation):
    """Invoices after the one of an id; the newest for None."""

    contract = fields.String(load_default=None, allow_none=True, validate=a_name)
    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(STATES))
    start = DayAround(load_default=None, allow_none=True)
    after = fields.UUID(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class ToInvoiceOf(OfOrganisation):
    """A period, of a contract or all."""

    start = DayAround(required=True)
    contract = fields.String(load_default=None, allow_none=True, validate=a_name)


class SetContractTerms(Payload):
    """A contract's terms from a period on."""

    contract = fields.String(required=True, validate=a_name)
    start = DayAround(required=True)
    terms = fields.String(required=True, validate=validate.OneOf(TERMS))


class SetVatRate(Payload):
    """A service's rate in per cent, of at most two decimals."""

    organisation = fields.String(required=True, validate=a_name)
    service_name = fields.String(required=True, validate=a_name)
    rate = Figure(required=True, places=2, validate=validate.Range(Decimal(0), Decimal(100)))


class WeeksBetween(Payload):
    """Weeks from one Monday to another."""

    first = DayAround(required=True)
    last = DayAround(required=True)

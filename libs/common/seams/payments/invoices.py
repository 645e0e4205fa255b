"""Invoices and credit notes (RULES 13). Pounds and rates as text, days as ISO text."""

from __future__ import annotations

from typing import TypedDict


class InvoiceLine(TypedDict):
    """A line: the cost or the income of a CPLI's week; ``left``: of an accepted cost, what a credit note may take."""

    cpli_id: int
    week: str
    kind: str
    amount: str
    client: str
    service: str
    vat_rate: str
    left: str | None


class UnsubmittedWeek(TypedDict):
    """A week that is paid by actuals and of which none is submitted yet."""

    cpli_id: int
    week: str


class InvoicedWeek(TypedDict):
    """A week of a line item that a Pending, Accepted or Paid invoice holds."""

    cpli_id: int
    week: str


class InvoicePreview(TypedDict):
    """What an invoice would hold."""

    contract: str
    period: str
    net: str
    vat: str
    gross: str
    lines: list[InvoiceLine]
    unsubmitted: list[UnsubmittedWeek]


class InvoiceChange(TypedDict):
    """What changed in an invoice while it was open."""

    cpli_id: int
    week: str
    kind: str
    before: str
    after: str
    changed_at: str | None
    """None for what has changed and is not noted yet"""


class InvoiceStep(TypedDict):
    """What somebody did with it."""

    state: str
    reason: str
    done_by: str
    done_at: str


class InvoiceSummary(TypedDict):
    """An invoice or credit note in a list; ``credits``: the number of the invoice that a credit note is of."""

    id: str
    number: str
    kind: str
    state: str
    organisation_id: str
    organisation: str
    contract: str
    period: str
    net: str
    vat: str
    gross: str
    credits: str | None
    posted_in: str | None
    made_at: str


class InvoiceDocument(InvoiceSummary):
    """An invoice or credit note as it is now."""

    reason: str
    vat_number: str
    attachment: str
    lines: list[InvoiceLine]
    changes: list[InvoiceChange]
    steps: list[InvoiceStep]
    unsubmitted: list[UnsubmittedWeek]


class StoredVatInvoice(TypedDict):
    """The provider's own VAT invoice: what its file is called, and where it lies in the object store."""

    name: str
    object_key: str


class ToInvoice(TypedDict):
    """What is owed now less what was accepted: to invoice, or (a cost below nought) to credit."""

    organisation: str
    contract: str
    client: str
    cpli_id: int
    week: str
    kind: str
    owed: str
    accepted: str
    difference: str


class TermsOfContract(TypedDict):
    """A contract's terms from a period on."""

    contract: str
    from_period: str
    terms: str


class VatRate(TypedDict):
    """A service's VAT rate in per cent."""

    organisation: str
    service: str
    rate: str

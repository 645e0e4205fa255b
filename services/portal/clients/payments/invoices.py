"""Invoices and credit notes, terms of contracts, VAT rates."""

from __future__ import annotations

from libs.common.seams.payments.invoices import (
    InvoiceDocument,
    InvoicedWeek,
    InvoicePreview,
    InvoiceSummary,
    StoredVatInvoice,
    TermsOfContract,
    ToInvoice,
    VatRate,
)
from services.portal.clients.service_client import ServiceClient


class InvoicesClient(ServiceClient):
    """A part of PaymentsClient. Organisations by name; None is a provider's own, for the council all."""

    def invoices(
        self,
        *,
        organisation: str | None,
        contract: str | None,
        state: str | None,
        start: str | None,
        after: str | None,
        limit: int,
    ) -> list[InvoiceSummary]:
        """A page of invoices and credit notes, the newest first, after the one of an id."""
        about = {"organisation": organisation, "contract": contract, "state": state, "start": start}
        return self._ask("invoices", **about, after=after, limit=limit)

    def invoice(self, *, number: str, organisation: str | None) -> InvoiceDocument:
        """An invoice or credit note as it is now."""
        return self._ask("invoice", number=number, organisation=organisation)

    def invoice_named(self, *, invoice_id: str) -> InvoiceSummary:
        """The invoice or credit note of an id, as lists have it."""
        return self._ask("invoice_named", invoice_id=invoice_id)

    def vat_invoice(self, *, invoice_id: str) -> StoredVatInvoice:
        """Where the provider's VAT invoice of an invoice lies."""
        return self._ask("vat_invoice", invoice_id=invoice_id)

    def invoiced_weeks(self, *, first: str, last: str) -> list[InvoicedWeek]:
        """The weeks of line items between two Mondays that an invoice holds."""
        return self._ask("invoiced_weeks", first=first, last=last)

    def to_invoice(self, *, start: str, organisation: str | None, contract: str | None) -> list[ToInvoice]:
        """*To invoice or to credit* of a period."""
        return self._ask("to_invoice", start=start, organisation=organisation, contract=contract)

    def preview_invoice(self, *, start: str, contract: str, organisation: str | None) -> InvoicePreview:
        """What an invoice would hold now."""
        return self._ask("preview_invoice", start=start, contract=contract, organisation=organisation)

    def create_invoice(
        self, *, invoice_id: str, start: str, contract: str, organisation: str | None, number: str
    ) -> InvoiceDocument:
        """Make an Unsubmitted invoice, once for an ``invoice_id``."""
        about = {"start": start, "contract": contract, "organisation": organisation}
        return self._ask("create_invoice", invoice_id=invoice_id, **about, number=number)

    def attach_vat_invoice(
        self, *, number: str, organisation: str | None, vat_number: str, object_key: str, file_name: str
    ) -> InvoiceDocument:
        """Give an Unsubmitted invoice its VAT registration number and VAT invoice."""
        about = {"number": number, "organisation": organisation}
        return self._ask(
            "attach_vat_invoice", **about, vat_number=vat_number, object_key=object_key, file_name=file_name
        )

    def submit_invoice(self, *, move_id: str, number: str, organisation: str | None) -> InvoiceDocument:
        """Send it to the council, once for a ``move_id``."""
        return self._ask("submit_invoice", move_id=move_id, number=number, organisation=organisation)

    def accept_invoice(
        self, *, move_id: str, number: str, organisation: str | None, seen: str
    ) -> InvoiceDocument:
        """Accept the gross sum that was seen, once for a ``move_id``.

        Where it comes to another sum now, the answer is not Accepted.
        """
        about = {"number": number, "organisation": organisation}
        return self._ask("accept_invoice", move_id=move_id, **about, seen=seen)

    def reject_invoice(
        self, *, move_id: str, number: str, organisation: str | None, reason: str
    ) -> InvoiceDocument:
        """Reject it, with the reason, once for a ``move_id``."""
        about = {"number": number, "organisation": organisation}
        return self._ask("reject_invoice", move_id=move_id, **about, reason=reason)

    def delete_invoice(self, *, number: str, organisation: str | None) -> None:
        """Take an Unsubmitted one away."""
        self._ask("delete_invoice", number=number, organisation=organisation)

    def credit_invoice(
        self,
        *,
        credit_id: str,
        number: str,
        organisation: str | None,
        cpli_id: int,
        monday: str,
        amount: str,
        reason: str,
    ) -> InvoiceDocument:
        """Make an Unsubmitted credit note of a cost line, once for a ``credit_id``."""
        line = {"cpli_id": cpli_id, "monday": monday, "amount": amount, "reason": reason}
        return self._ask(
            "credit_invoice", credit_id=credit_id, number=number, organisation=organisation, **line
        )

    def contract_terms(self) -> list[TermsOfContract]:
        """What was said of contracts' terms."""
        return self._ask("contract_terms")

    def set_contract_terms(self, *, contract: str, start: str, terms: str) -> list[TermsOfContract]:
        """Have other terms hold from a period on."""
        return self._ask("set_contract_terms", contract=contract, start=start, terms=terms)

    def vat_rates(self) -> list[VatRate]:
        """The services that have a rate."""
        return self._ask("vat_rates")

    def set_vat_rate(self, *, organisation: str, service: str, rate: str) -> list[VatRate]:
        """Have a service's rate be this, in per cent."""
        return self._ask("set_vat_rate", organisation=organisation, service_name=service, rate=rate)

"""What can't be done with an invoice, and why: sentences for who asked (RULES 13). Pure."""

from collections.abc import Mapping
from typing import Any

from libs.common.errors import Refused
from services.payments.invoices.rules import LONGEST_NUMBER


def clean_number(number: str) -> str:
    """The provider's own number as it is kept. Raises Refused ``invalid_number``."""
    clean = " ".join(number.split())
    if not clean or len(clean) > LONGEST_NUMBER or not clean.isprintable():
        raise Refused(
            "invalid_number",
            f"Give the invoice your own number, of at most {LONGEST_NUMBER} characters.",
            {"field": "number"},
        )
    return clean


def wrong_state(invoice: Mapping[str, Any]) -> Refused:
    """It can't be done with an invoice that stands so."""
    return Refused("wrong_state", f"{invoice['number']} is {invoice['state']}: this can’t be done with it.")


def nothing_to_invoice() -> Refused:
    """RULES 13: an invoice without lines can't be made or sent."""
    return Refused("nothing_to_invoice", "There are no items to invoice; send an action.")


def refuse_without_vat_invoice(invoice: Mapping[str, Any]) -> None:
    """Raises Refused ``vat_number_missing``, ``vat_invoice_missing``."""
    if not invoice["vat_number"]:
        raise Refused(
            "vat_number_missing",
            "A service on this invoice has VAT: give your VAT registration number.",
            {"field": "vat_number"},
        )
    if not invoice["attachment_key"]:
        raise Refused(
            "vat_invoice_missing",
            "A service on this invoice has VAT: attach your VAT invoice.",
            {"field": "attachment"},
        )

"""Letters to providers at once, when the council has accepted or rejected an invoice or credit note (RULES 13)."""

from __future__ import annotations

from libs.common.seams.payments.invoices import InvoiceDocument
from services.portal.letters import notification_words
from services.portal.letters import store as letters_store
from services.portal.money.invoices.words import KINDS
from services.portal.web.access import the_parts

SUBSCRIPTION = "invoices"
DECIDED = ("Accepted", "Rejected")


def tell_of_decision(found: InvoiceDocument) -> None:
    """A letter to whoever of the provider wants to know; one each, also where the same is decided twice."""
    if found["state"] not in DECIDED:
        return
    parts, path = the_parts(), f"/invoices/{found['id']}"
    with parts.sessions.begin() as transaction:
        for account in letters_store.subscribers(transaction, SUBSCRIPTION):
            if str(account.organisation_id) == found["organisation_id"] and letters_store.tell(
                transaction, account.account_id, SUBSCRIPTION, found["id"], parts.clock()
            ):
                what = KINDS[found["kind"]]
                notification_words.invoice_decided(
                    transaction, parts, account, what, found["number"], found["state"], path
                )

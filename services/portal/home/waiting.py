"""What waits for somebody, in numbers for the first page: quick and bounded, and never worth waiting for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from libs.common.rights import names as rights
from libs.common.rights import table
from libs.common.rpc import Caller
from services.portal.accounts import store as accounts_store
from services.portal.accounts.environment import Parts
from services.portal.accounts.tokens import steps as tokens_steps
from services.portal.clients import all_clients
from services.portal.clients.gateway import Gateway
from services.portal.contacts import store as contacts_store
from services.portal.schema.tables_accounts import Account
from services.portal.staff import asked as staff_asked

COUNTED_TO: Final = 1_000
"""No service counts what waits any further."""

WORDS: Final = {
    "files_to_confirm": ("checked file to update", "checked files to update"),
    "rejected_rows": ("rejected row to correct", "rejected rows to correct"),
    "unmatched_visits": ("unmatched visit", "unmatched visits"),
    "care_imports_to_confirm": ("checked care file to update", "checked care files to update"),
    "documents_to_answer": ("contract document to answer", "contract documents to answer"),
    "documents_rejected": ("rejected contract document", "rejected contract documents"),
    "payments_to_confirm": ("payment to confirm", "payments to confirm"),
    "proposals_of_payments": ("proposal about payments to decide", "proposals about payments to decide"),
    "proposals_of_lists": ("proposal about lists to decide", "proposals about lists to decide"),
    "runs_to_approve": ("payment run to approve", "payment runs to approve"),
    "invoices_pending": ("invoice or credit note to decide", "invoices and credit notes to decide"),
    "disputes_awaiting": ("dispute awaiting action", "disputes awaiting action"),
    "doubts_proposed": ("doubt proposed", "doubts proposed"),
    "enquiries_awaiting": ("enquiry awaiting action", "enquiries awaiting action"),
    "actions_awaiting": ("action awaiting you", "actions awaiting you"),
    "reviews_awaiting": ("review to decide", "reviews to decide"),
    "claims_awaiting": ("claim to go on with", "claims to go on with"),
    "ranking_appeals": ("appeal to answer", "appeals to answer"),
    "requisitions_to_offer": ("requisition to offer", "requisitions to offer"),
    "offers_to_answer": ("offer to answer", "offers to answer"),
    "rows_apart": ("row set apart", "rows set apart"),
    "visits_apart": ("visit or client set apart", "visits or clients set apart"),
    "weeks_apart": ("week or package set apart", "weeks or packages set apart"),
    "concerns_received": ("concern to look at", "concerns to look at"),
    "breach_notices_answered": ("answered breach notice to look at", "answered breach notices to look at"),
    "breach_notices_to_answer": ("breach notice to answer", "breach notices to answer"),
    "charge_queries": ("query of a charge to answer", "queries of charges to answer"),
    "change_requests": ("change request pending", "change requests pending"),
    "accounts_to_confirm": ("council account to confirm", "council accounts to confirm"),
    "tokens_to_confirm": ("token to confirm", "tokens to confirm"),
    "reset_requests": ("request for a reset", "requests for a reset"),
}
"""One, and many, of each number."""


def numbers(parts: Parts, gateway: Gateway, caller: Caller, account: Account) -> dict[str, int]:
    """How much waits, by the names of WORDS. What a service does not say within a second is left out."""
    found: dict[str, int] = {}
    if table.may(account.role, rights.READ_VISITS):
        asked = {one.service: one.waiting for one in all_clients(gateway, caller, is_quick=True)}
        for answer in gateway.answers_by_now(asked).values():
            found |= answer
    with parts.sessions.begin() as transaction:
        if table.may(account.role, rights.READ_CHANGE_REQUESTS):
            found["change_requests"] = contacts_store.count_pending(transaction, account.organisation_id)
        if table.may(account.role, rights.MANAGE_ACCOUNTS):
            found["reset_requests"] = accounts_store.count_open_requests(transaction)
    if account.organisation_id is None:
        found["tokens_to_confirm"] = tokens_steps.count_to_confirm(parts, account)
        found["accounts_to_confirm"] = staff_asked.count_to_confirm(parts, account)
    return found


def in_words(found: Mapping[str, int], names: Iterable[str]) -> list[str]:
    """`3 unmatched visits` for each of these numbers that is known and not nought."""
    return [_in_words(found[name], *WORDS[name]) for name in names if found.get(name)]


def _in_words(number: int, one: str, many: str) -> str:
    if number >= COUNTED_TO:
        return f"{COUNTED_TO:,} or more {many}"
    return f"{number:,} {one if number == 1 else many}"

"""Terms of contracts, VAT rates of services, and what a VAT invoice needs (RULES 13). Takes a session, never commits."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING
from libs.common.care.names import fold
from libs.common.errors import Refused
from libs.common.files.objects import read_object
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.payments.invoices import InvoiceDocument, TermsOfContract, VatRate
from services.payments import locks
from services.payments.callers import resolve_contract
from services.payments.holds.settling import want_settled
from services.payments.invoice_terms import store as terms_store
from services.payments.invoice_terms.vat_numbers import EXAMPLE, read_vat_number
from services.payments.invoiced import store as invoiced_store
from services.payments.invoiced.rules import INVOICE, SCHEDULE
from services.payments.invoices import store as invoices_store
from services.payments.invoices.documents import to_document
from services.payments.invoices.owed import as_system
from services.payments.invoices.refusals import wrong_state
from services.payments.invoices.rules import UNSUBMITTED, rate_text
from services.payments.invoices.steps import locked_invoice, require_organisation
from services.payments.packages import store as packages_store
from services.payments.periods import rules as periods_rules
from services.payments.periods import store as periods_store

PDF_BEGINS = b"%PDF-"


def set_contract_terms(
    session: Session, caller: Caller, *, contract: str, start: dt.date, terms: str
) -> list[TermsOfContract]:
    """Have other terms hold for a contract from a period on; its actuals from then on are settled again.

    Council only. Raises Refused ``not_allowed``, ``not_a_period``, ``unknown_contract``, ``period_finalised``,
    ``has_vat``.
    """
    require_council(caller)
    periods_rules.refuse_off_grid(start)
    locks.lock_periods(session, exclusive=True)
    known = str(resolve_contract(session, contract))
    if periods_rules.is_finalised(periods_store.read_periods(session), start, known):
        raise Refused(
            "period_finalised", "The period is finalised for this contract: begin with an open one."
        )
    if terms == SCHEDULE and services_with_vat(session, known):
        raise Refused(
            "has_vat", "A service of this contract has VAT, which needs invoices: take its rate away first."
        )
    terms_store.insert_terms(session, known, start, terms, caller["who"])
    weeks = terms_store.weeks_of_actuals(session, known, start)
    want_settled(session, weeks, cause_id=str(uuid.uuid4()), reason="terms")
    return list_contract_terms(session)


def list_contract_terms(session: Session) -> list[TermsOfContract]:
    """What was ever said of contracts' terms; a contract of which nothing was said has *Schedule*."""
    return [
        {"contract": contract, "from_period": dated.from_period.isoformat(), "terms": dated.terms}
        for contract, of_contract in sorted(invoiced_store.read_terms(session).items())
        for dated in of_contract
    ]


def services_with_vat(session: Session, contract: str) -> list[str]:
    """The services of a contract whose rate is above nought."""
    rates = terms_store.read_vat_rates(session)
    return [
        row["service"]
        for organisation_id, _ in packages_store.list_organisations(session)
        for row in terms_store.services_of(session, organisation_id)
        if row["contract"] == contract and rates.get((organisation_id, fold(row["service"])), NOTHING) > 0
    ]


def set_vat_rate(
    session: Session, caller: Caller, *, organisation: str, service_name: str, rate: Decimal
) -> list[VatRate]:
    """Have a service's VAT rate be this, in per cent; 0 is exempt. Open invoices follow; what is accepted stays.

    Council only. Raises Refused ``not_allowed``, ``not_found``, ``unknown_service``, ``needs_invoice_terms``.
    """
    require_council(caller)
    organisation_id = require_organisation(session, caller, organisation)
    locks.lock_periods(session, exclusive=True)  # terms of its contract can't change meanwhile
    known = [
        row
        for row in terms_store.services_of(session, organisation_id)
        if fold(row["service"]) == fold(service_name)
    ]
    if not known:
        raise Refused("unknown_service", "The provider has no service of this name.", {"field": "service"})
    if rate > 0:
        for row in known:
            refuse_schedule(session, row["contract"])
    locks.lock_invoices(session, [organisation_id])
    name = known[0]["service"]
    terms_store.insert_vat_rate(session, organisation_id, fold(name), name, rate, caller["who"])
    weeks = invoices_store.open_weeks_of(session, organisation_id, fold(name))
    want_settled(session, weeks, cause_id=str(uuid.uuid4()), reason="invoice")
    return list_vat_rates(session)


def refuse_schedule(session: Session, contract: str) -> None:
    """Raises Refused ``needs_invoice_terms`` where a contract's latest terms are not *Invoice*."""
    terms = invoiced_store.read_terms(session).get(contract, ())
    if not terms or terms[-1].terms != INVOICE:
        raise Refused(
            "needs_invoice_terms",
            f"A VAT rate needs terms Invoice: set them for contract {contract} first.",
            {"contract": contract},
        )


def list_vat_rates(session: Session) -> list[VatRate]:
    """The services that have a rate, or had one."""
    names = dict(packages_store.list_organisations(session))
    return [
        {"organisation": names.get(of, of), "service": service, "rate": rate_text(rate)}
        for of, service, rate in terms_store.list_vat_rates(session)
    ]


def attach_vat_invoice(
    session: Session,
    caller: Caller,
    *,
    number: str,
    organisation: str | None,
    vat_number: str,
    object_key: str,
    file_name: str,
) -> InvoiceDocument:
    """Give an Unsubmitted invoice the VAT registration number and the provider's own VAT invoice, a PDF.

    Raises Refused ``not_found``, ``wrong_state``, ``invalid_vat_number``, ``not_a_pdf``.
    """
    clean = read_vat_number(vat_number)
    if clean is None:
        raise Refused(
            "invalid_vat_number",
            f"This is no VAT registration number: its form or its check digits are wrong. One looks like {EXAMPLE}.",
            {"field": "vat_number"},
        )
    if not read_object(object_key).startswith(PDF_BEGINS):
        raise Refused(
            "not_a_pdf", "Attach your VAT invoice as a PDF: this file is none.", {"field": "attachment"}
        )
    with as_system(session, caller):
        invoice, _ = locked_invoice(session, caller, number, organisation)
        if invoice["state"] != UNSUBMITTED or invoice["kind"] != INVOICE:
            raise wrong_state(invoice)
        invoices_store.update_invoice(
            session, invoice, vat_number=clean, attachment_key=object_key, attachment_name=file_name
        )
    return to_document(session, caller, invoice)

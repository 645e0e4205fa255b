"""What payments answers by RPC about invoices, credit notes, terms and VAT rates: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from libs.common.rpc.payloads import ObjectKeys
from services.payments.invoices import crediting, held, settings_steps, steps, views
from services.payments.invoices.schemas import (
    AcceptInvoice,
    AttachVatInvoice,
    CreateInvoice,
    CreditInvoice,
    InvoiceFor,
    InvoiceId,
    InvoicesPage,
    MoveInvoice,
    OfNumber,
    RejectInvoice,
    SetContractTerms,
    SetVatRate,
    ToInvoiceOf,
    WeeksBetween,
)


class InvoiceAnswers:
    """A part of PaymentsService."""

    db: Database

    invoices = answer_by(views.list_invoices, InvoicesPage, needs=(rights.READ_INVOICES,))
    invoice = answer_by(views.describe_invoice, OfNumber, needs=(rights.READ_INVOICES,))
    invoice_named = answer_by(views.find_named, InvoiceId, needs=(rights.READ_INVOICES,))
    held_objects = answer_by(held.find_held, ObjectKeys, needs=(rights.OPERATE,))
    vat_invoice = answer_by(views.find_vat_invoice, InvoiceId, needs=(rights.READ_INVOICES,))
    invoiced_weeks = answer_by(views.list_invoiced_weeks, WeeksBetween, needs=(rights.READ_INVOICES,))
    to_invoice = answer_by(views.list_to_invoice, ToInvoiceOf, needs=(rights.READ_INVOICES,))
    preview_invoice = answer_by(
        steps.preview_invoice, InvoiceFor, needs=(rights.MAKE_INVOICES, rights.MAKE_INVOICES_FOR_PROVIDERS)
    )
    create_invoice = answer_by(
        steps.create_invoice, CreateInvoice, needs=(rights.MAKE_INVOICES, rights.MAKE_INVOICES_FOR_PROVIDERS)
    )
    attach_vat_invoice = answer_by(
        settings_steps.attach_vat_invoice,
        AttachVatInvoice,
        needs=(rights.MAKE_INVOICES, rights.MAKE_INVOICES_FOR_PROVIDERS),
    )
    submit_invoice = answer_by(
        steps.submit_invoice, MoveInvoice, needs=(rights.MAKE_INVOICES, rights.MAKE_INVOICES_FOR_PROVIDERS)
    )
    accept_invoice = answer_by(steps.accept_invoice, AcceptInvoice, needs=(rights.DECIDE_INVOICES,))
    reject_invoice = answer_by(steps.reject_invoice, RejectInvoice, needs=(rights.DECIDE_INVOICES,))
    delete_invoice = answer_by(
        steps.delete_invoice, OfNumber, needs=(rights.MAKE_INVOICES, rights.MAKE_INVOICES_FOR_PROVIDERS)
    )
    credit_invoice = answer_by(
        crediting.credit_invoice,
        CreditInvoice,
        needs=(rights.MAKE_INVOICES, rights.MAKE_INVOICES_FOR_PROVIDERS),
    )

    contract_terms = answer_by(settings_steps.list_contract_terms, needs=(rights.READ_INVOICES,))
    set_contract_terms = answer_by(
        settings_steps.set_contract_terms, SetContractTerms, needs=(rights.SET_INVOICE_TERMS,)
    )
    vat_rates = answer_by(settings_steps.list_vat_rates, needs=(rights.READ_INVOICES,))
    set_vat_rate = answer_by(settings_steps.set_vat_rate, SetVatRate, needs=(rights.SET_INVOICE_TERMS,))

"""What payments answers by RPC about invoices, credit notes, terms and VAT rates: wiring only."""

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

    invoices = answer_by(views.list_invoices, InvoicesPage)
    invoice = answer_by(views.describe_invoice, OfNumber)
    invoice_named = answer_by(views.find_named, InvoiceId)
    held_objects = answer_by(held.find_held, ObjectKeys)
    vat_invoice = answer_by(views.find_vat_invoice, InvoiceId)
    invoiced_weeks = answer_by(views.list_invoiced_weeks, WeeksBetween)
    to_invoice = answer_by(views.list_to_invoice, ToInvoiceOf)
    preview_invoice = answer_by(steps.preview_invoice, InvoiceFor)
    create_invoice = answer_by(steps.create_invoice, CreateInvoice)
    attach_vat_invoice = answer_by(settings_steps.attach_vat_invoice, AttachVatInvoice)
    submit_invoice = answer_by(steps.submit_invoice, MoveInvoice)
    accept_invoice = answer_by(steps.accept_invoice, AcceptInvoice)
    reject_invoice = answer_by(steps.reject_invoice, RejectInvoice)
    delete_invoice = answer_by(steps.delete_invoice, OfNumber)
    credit_invoice = answer_by(crediting.credit_invoice, CreditInvoice)

    contract_terms = answer_by(settings_steps.list_contract_terms)
    set_contract_terms = answer_by(settings_steps.set_contract_terms, SetContractTerms)
    vat_rates = answer_by(settings_steps.list_vat_rates)
    set_vat_rate = answer_by(settings_steps.set_vat_rate, SetVatRate)

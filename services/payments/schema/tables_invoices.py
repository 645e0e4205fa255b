"""The tables of invoices and credit notes (RULES 13), and of what contracts and services say about them."""

import datetime as dt
import uuid
from decimal import Decimal

from sqlalchemy import Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.schema.base import Base


class ContractTerms(Base):
    """What a contract's terms are from a period on: ``schedule`` or ``invoice``. Never changed; the newest counts."""

    __tablename__ = "contract_terms"
    __table_args__ = (Index("terms_of_contract", "contract", "from_period", "terms_id"),)

    terms_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    contract: Mapped[str]
    from_period: Mapped[dt.date]
    terms: Mapped[str]
    set_by: Mapped[str]
    set_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class ServiceVatRate(Base):
    """The VAT rate of a service of an organisation, in per cent; 0 is exempt. Never changed; the newest counts.

    ``folded_service`` is the service's name as names are compared.
    """

    __tablename__ = "service_vat_rates"
    __table_args__ = (Index("vat_rates_of_service", "organisation_id", "folded_service", "rate_id"),)

    rate_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    folded_service: Mapped[str]
    service: Mapped[str]
    rate: Mapped[Decimal]
    set_by: Mapped[str]
    set_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class Invoice(Base):
    """An invoice of an organisation, contract and period, or a credit note of one (``credits_id``).

    ``number_key`` is the number without letter case and spaces. The sums are those of its lines, in pounds; a credit
    note's are below nought. ``posted_in`` is the period that its items went into.
    """

    __tablename__ = "invoices"
    __table_args__ = (
        Index("invoices_by_number", "organisation_id", "number_key", unique=True),
        Index(
            "one_open_invoice",
            "organisation_id",
            "contract",
            "period_start",
            unique=True,
            postgresql_where=text("kind = 'invoice' AND state IN ('Unsubmitted', 'Pending')"),
        ),
        Index("invoices_of_period", "period_start", "organisation_id"),
        Index("credits_of_invoice", "credits_id"),
    )

    invoice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    contract: Mapped[str]
    period_start: Mapped[dt.date]
    kind: Mapped[str]
    number: Mapped[str]
    number_key: Mapped[str]
    credits_id: Mapped[uuid.UUID | None]
    state: Mapped[str]
    net: Mapped[Decimal]
    vat: Mapped[Decimal]
    gross: Mapped[Decimal]
    reason: Mapped[str] = mapped_column(server_default="")
    """why a credit note is made"""
    vat_number: Mapped[str] = mapped_column(server_default="")
    attachment_key: Mapped[str] = mapped_column(server_default="")
    """where the provider's VAT invoice lies in the object store"""
    attachment_name: Mapped[str] = mapped_column(server_default="")
    posted_in: Mapped[dt.date | None]
    made_by: Mapped[str]
    made_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class InvoiceLine(Base):
    """A line: the cost or the income of a CPLI's week, in pounds, with the service's VAT rate in per cent."""

    __tablename__ = "invoice_lines"
    __table_args__ = (Index("invoice_lines_of_week", "cpli_id", "monday"),)

    invoice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    cpli_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    monday: Mapped[dt.date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    client_id: Mapped[uuid.UUID]
    client_reference: Mapped[str]
    service: Mapped[str]
    amount: Mapped[Decimal]
    vat_rate: Mapped[Decimal]


class InvoiceChange(Base):
    """A line that changed while its invoice was open: pounds before and after. Never changed."""

    __tablename__ = "invoice_changes"
    __table_args__ = (Index("changes_of_invoice", "invoice_id", "change_id"),)

    change_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    invoice_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    cpli_id: Mapped[int]
    monday: Mapped[dt.date]
    kind: Mapped[str]
    before: Mapped[Decimal]
    after: Mapped[Decimal]
    changed_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class InvoiceStep(Base):
    """What somebody did with an invoice: the state that it came to, and why. Never changed.

    ``move_id`` is of what was submitted, accepted or rejected: once for an id.
    """

    __tablename__ = "invoice_steps"
    __table_args__ = (
        Index("steps_of_invoice", "invoice_id", "step_id"),
        Index("step_of_move", "move_id", unique=True),
    )

    step_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    invoice_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    state: Mapped[str]
    reason: Mapped[str]
    done_by: Mapped[str]
    move_id: Mapped[uuid.UUID | None]
    done_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())

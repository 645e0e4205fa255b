"""Invoices as the portal shows them: words, CSV, PDF, forms and pages (RULES 13). No service is asked."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, g, render_template

from deploy.cli.money import contracts as command
from libs.common.errors import Refused
from services.payments.invoiced.rules import TERMS
from services.payments.invoices.schemas import STATES
from services.portal.app import create_app
from services.portal.money.invoices import api_schemas, words
from services.portal.money.invoices.deciding_pages import ticked_row
from services.portal.money.invoices.files import invoice_csv, invoice_pdf, name_of_file
from services.portal.money.invoices.forms import (
    AcceptForm,
    CreditForm,
    NewInvoiceForm,
    PressForm,
    RateForm,
    RejectForm,
    TermsForm,
    VatInvoiceForm,
)
from services.portal.money.periods.forms import ConfirmForm
from tests.support.portal.accounts import NoGateway, nowhere, sharing_templates
from tests.support.portal.pdf_text import pdf_text

ID = "5b7c0000-0000-4000-8000-000000000001"


def a_line(**facts: Any) -> dict[str, Any]:
    return {
        "cpli_id": 7,
        "week": "2022-10-03",
        "kind": "cost",
        "amount": "116.13",
        "client": "A100",
        "service": "Zone 6",
        "vat_rate": "20",
        "left": None,
    } | facts


def an_invoice(**facts: Any) -> Any:
    """The golden one: 116.13 and 81.29 less 56.20 collected, at 20 per cent (RULES 17)."""
    lines = [a_line(), a_line(cpli_id=8, amount="81.29"), a_line(kind="income", amount="-56.20")]
    return {
        "id": ID,
        "number": "INV/1",
        "kind": "invoice",
        "state": "Pending",
        "organisation": "Diamond Home Care Ltd",
        "contract": "DAPL",
        "period": "2022-10-03",
        "net": "141.22",
        "vat": "39.48",
        "gross": "180.70",
        "credits": None,
        "posted_in": None,
        "made_at": "2022-10-31T10:00:00+00:00",
        "reason": "",
        "vat_number": "GB980780684",
        "attachment": "vat.pdf",
        "lines": lines,
        "changes": [
            {
                "cpli_id": 7,
                "week": "2022-10-03",
                "kind": "cost",
                "before": "100.00",
                "after": "116.13",
                "changed_at": None,
            }
        ],
        "steps": [{"state": "Pending", "reason": "", "done_by": "x", "done_at": "2022-10-31T10:00:00+00:00"}],
        "unsubmitted": [{"cpli_id": 9, "week": "2022-10-10"}],
    } | facts


def test_the_faces_know_the_words_of_the_service() -> None:
    assert tuple(words.STATES) == STATES == api_schemas.STATES
    assert tuple(words.TERMS) == TERMS == command.TERMS == api_schemas.TERMS


def test_a_csv_has_a_row_a_line_and_one_for_the_vat() -> None:
    rows = list(csv.DictReader(io.StringIO(invoice_csv(an_invoice()))))
    assert [(row["LineKind"], row["Amount"]) for row in rows] == [
        ("cost", "116.13"),
        ("cost", "81.29"),
        ("income", "-56.20"),
        ("vat", "39.48"),
    ]
    assert (rows[0]["Number"], rows[0]["PeriodEnd"], rows[0]["VatRate"]) == ("INV/1", "2022-10-30", "20")
    assert name_of_file(an_invoice(), "csv", dt.date(2022, 11, 1)) == (
        "invoice-INV-1_Diamond-Home-Care-Ltd_2022-10-03-to-2022-10-30_as-at-2022-11-01.csv"
    )


def test_a_pdf_says_whose_it_is_its_lines_and_what_it_comes_to() -> None:
    found = an_invoice(credits="INV/0", reason="Twice", kind="credit_note")
    said = pdf_text(
        invoice_pdf(found, {"A100": "Ada Archer"}, letterhead=("The council",), period="3 to 30 Oct 2022")
    )
    for words_of_it in (
        "Credit note INV/1",
        "Ada Archer",
        "£116.13",
        "−£56.20",
        "£180.70",
        "Twice",
        "GB980780684",
    ):
        assert words_of_it in said, said


@pytest.fixture
def page() -> Any:
    """Renders a page of invoices for somebody of a role, with a form of each class that is given."""
    gateway: Any = NoGateway()
    app: Flask = sharing_templates(create_app(gateway, nowhere()))

    def render(name: str, role: str, forms: dict[str, Any] | None = None, **context: Any) -> str:
        with app.test_request_context("/invoices"):
            g.account = None  # along the top stands what a stranger sees
            made = {field: make() for field, make in (forms or {}).items()}
            about = {"words": words, "names": {"A100": "Ada Archer"}, "account": SimpleNamespace(role=role)}
            return " ".join(render_template(f"invoices/{name}.html", **about | made | context).split())

    return render


@pytest.mark.parametrize("role", ["finance", "home_manager"])
def test_an_invoice_shows_its_lines_changes_and_what_may_be_done(page: Any, role: str) -> None:
    shown = page(
        "invoice",
        role,
        forms={
            "accept": lambda: AcceptForm(formdata=None, gross="180.70").renewed(),
            "submit": lambda: PressForm(formdata=None).renewed(),
            "press": ConfirmForm,
        },
        invoice=an_invoice(state="Pending" if role == "finance" else "Unsubmitted"),
        end="2022-10-30",
        people={"x": "the council"},
        may_make=role == "home_manager",
        may_decide=role == "finance",
    )
    for text in ("Ada Archer", "£116.13", "−£56.20", "£180.70", "£100.00", "20%", "CPLI 9", "vat.pdf"):
        assert text in shown, text
    assert ("Accept £180.70" in shown) == (role == "finance")
    assert ("Submit to the council" in shown) == (role == "home_manager")
    assert shown.count('name="form_id"') == 1


def test_the_list_offers_the_council_to_decide_several(page: Any) -> None:
    chosen = {"organisation": None, "contract": None, "state": "Pending"}
    about = {"organisations": ["Diamond Home Care Ltd"], "contracts": ["APL", "DAPL"], "more": None}
    about |= {"invoices": [an_invoice()], "ends": {"2022-10-03": "2022-10-30"}, "chosen": chosen}
    forms = {"several": lambda: PressForm(formdata=None).renewed()}
    shown = page("invoices", "finance", forms=forms, may_make=False, may_decide=True, **about)
    assert shown.count('name="form_id"') == 1
    assert f'value="{ID}_180.70"' in shown
    assert "Accept those chosen" in shown
    empty = page("invoices", "home_manager", may_make=True, may_decide=False, **about | {"invoices": []})
    assert "There are no invoices or credit notes that are pending." in empty


def test_what_is_to_invoice_or_to_credit(page: Any) -> None:
    due = {"organisation": "Diamond Home Care Ltd", "contract": "DAPL", "client": "A100", "cpli_id": 7}
    due |= {
        "week": "2022-10-03",
        "kind": "cost",
        "owed": "100.00",
        "accepted": "116.13",
        "difference": "-16.13",
    }
    about = {"organisations": [], "contracts": ["DAPL"], "start": dt.date(2022, 10, 3), "end": "2022-10-30"}
    about |= {"chosen": {"organisation": None, "contract": None}, "problem": None, "may_make": True}
    shown = page("to_invoice", "home_manager", found=[due], to_make=["DAPL"], **about)
    assert "To credit" in shown
    assert "Create an invoice for DAPL" in shown
    assert "There are no items to invoice" in page(
        "to_invoice", "home_manager", found=[], to_make=[], **about
    )


@pytest.mark.parametrize(
    ("name", "form", "context"),
    [
        ("reject", lambda: RejectForm().renewed(), {"invoice": an_invoice()}),
        ("attach", VatInvoiceForm, {"invoice": an_invoice()}),
        ("credit", lambda: CreditForm().renewed(), {"invoice": an_invoice(), "line": a_line(left="16.13")}),
        ("terms", lambda: TermsForm().of(["DAPL"]), {"problem": None}),
        ("rate", lambda: RateForm().among(["Diamond Home Care Ltd"]), {"problem": None}),
        (
            "new",
            lambda: NewInvoiceForm().renewed(),
            {
                "start": dt.date(2022, 10, 3),
                "end": "2022-10-30",
                "contract": "DAPL",
                "preview": an_invoice(lines=[], unsubmitted=[]),
            },
        ),
    ],
)
def test_every_form_is_shown(page: Any, name: str, form: Any, context: dict[str, Any]) -> None:
    assert "<form" in page(name, "finance", forms={"form": form}, **context)


def test_settings_show_terms_and_rates(page: Any) -> None:
    terms = [{"contract": "DAPL", "terms": "invoice", "from_period": "2022-10-03"}]
    rates = [
        {"service": "Zone 6", "organisation": "Diamond Home Care Ltd", "rate": rate} for rate in ("0", "17.5")
    ]
    shown = page("settings", "finance", terms=terms, rates=rates)
    assert "Exempt" in shown
    assert "17.5%" in shown


def test_a_ticked_row_names_the_sum_that_was_seen() -> None:
    assert ticked_row(f"{ID}_180.70") == (uuid.UUID(ID), Decimal("180.70"))
    for text in ("", "x_1.00", f"{ID}_much", ID):
        with pytest.raises(Refused):
            ticked_row(text)

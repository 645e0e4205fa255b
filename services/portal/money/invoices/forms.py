"""The forms of invoices, credit notes, terms and VAT rates."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Self

from flask_wtf.file import FileField, FileRequired
from wtforms import DecimalField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from libs.common.files.values import parse_date
from services.portal.money.invoices.words import TERMS
from services.portal.money.periods.forms import pounds_in, reason_field
from services.portal.web.forms.text import TextForm

LONGEST_NUMBER = 50


class FormOfItsOwn(TextForm):
    """`form_id`: sending it twice is sending it once."""

    form_id = HiddenField()

    def renewed(self) -> Self:
        """With an id where it has none, or what is no id."""
        try:
            self.form_id.data = str(uuid.UUID(self.form_id.data or ""))
        except ValueError:
            self.form_id.data = str(uuid.uuid4())
        return self


class NewInvoiceForm(FormOfItsOwn):
    """The provider's own number."""

    number = StringField(
        "Your invoice number",
        [
            InputRequired("Enter your invoice number"),
            Length(
                max=LONGEST_NUMBER,
                message=f"Your invoice number must be {LONGEST_NUMBER} characters or fewer",
            ),
        ],
    )


class VatInvoiceForm(TextForm):
    """What an invoice with VAT needs before it is submitted."""

    vat_number = StringField(
        "VAT registration number", [InputRequired("Enter your VAT registration number"), Length(max=100)]
    )
    attachment = FileField("Your VAT invoice", [FileRequired("Choose your VAT invoice, a PDF")])


class CreditForm(FormOfItsOwn):
    """What is taken back of a cost line."""

    amount = StringField("Amount to credit", [InputRequired("Enter an amount")])
    reason = reason_field("Reason")

    def validate_amount(self, field: StringField) -> None:
        amount = pounds_in(field.data)
        if amount is None or amount <= 0:
            raise ValidationError("Enter an amount in pounds and pence above nothing, such as 25.00")


class PressForm(FormOfItsOwn):
    """A button for what is done once."""

    comes_back = False


class AcceptForm(PressForm):
    """Accept the sum that the page shows."""

    gross = HiddenField(validators=[InputRequired()])


class RejectForm(FormOfItsOwn):
    """Why it is rejected."""

    reason = reason_field("Reason")


class TermsForm(TextForm):
    """A contract's terms from a period on."""

    contract = SelectField("Contract", [InputRequired("Choose a contract")], coerce=str)
    terms = SelectField("Terms", choices=TERMS)
    start = StringField("From the payment period that begins on", [InputRequired("Enter a date")])

    def of(self, contracts: Sequence[str]) -> TermsForm:
        """With the contracts to choose from."""
        self.contract.choices = [("", "Choose a contract"), *((name, name) for name in contracts)]
        return self

    def validate_start(self, field: StringField) -> None:
        if parse_date(field.data or "") is None:
            raise ValidationError("Enter a date, like 3/10/2022")


class RateForm(TextForm):
    """A service's VAT rate."""

    organisation = SelectField("Provider", [InputRequired("Choose a provider")], coerce=str)
    service = StringField("Service", [InputRequired("Enter the service’s name"), Length(max=200)])
    rate = DecimalField(
        "VAT rate in per cent",
        [InputRequired("Enter a rate"), NumberRange(0, 100, "Enter a rate from 0 to 100")],
    )

    def among(self, names: Sequence[str]) -> RateForm:
        """With the providers to choose from."""
        self.organisation.choices = [("", "Choose a provider"), *((name, name) for name in names)]
        return self

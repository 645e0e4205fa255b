"""The forms of payments."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from wtforms import DecimalField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from services.portal.web.forms.text import TextForm

LONGEST_REASON = 1000


def reason_field(label: str) -> StringField:
    return StringField(
        label,
        [
            InputRequired("Enter a reason"),
            Length(max=LONGEST_REASON, message=f"Reason must be {LONGEST_REASON:,} characters or fewer"),
        ],
    )


class HoldForm(TextForm):
    """What is to be done with what of an item stands in a period."""

    move = SelectField("What is to be done", [InputRequired("Choose what is to be done")])
    instalments = IntegerField("Number of instalments", [Optional()])
    reason = reason_field("Reason")
    owner = StringField(
        "Owner",
        [InputRequired("Enter an owner"), Length(max=200, message="Owner must be 200 characters or fewer")],
    )
    seen_moves = HiddenField(validators=[InputRequired()])

    def of(self, moves: Sequence[str]) -> HoldForm:
        """With the moves that are allowed."""
        self.move.choices = [(name, name) for name in moves]
        return self

    def validate_instalments(self, field: IntegerField) -> None:
        if self.move.data == "split" and field.data is None:
            raise ValidationError("Enter the number of instalments")


class AdjustmentForm(TextForm):
    """Money posted by hand. `adjustment_id` is the form's own: sending it twice is sending once."""

    adjustment_id = HiddenField()
    organisation = SelectField("Provider", [InputRequired("Choose a provider")])
    contract = SelectField("Contract", [InputRequired("Choose a contract")])
    amount = StringField("Amount", [InputRequired("Enter an amount")])
    cpli_id = IntegerField("Care package line item", [Optional()])
    client = StringField("Client", [Optional(), Length(max=100)])
    reason = reason_field("Reason")

    def among(self, organisations: Sequence[str], contracts: Sequence[str]) -> AdjustmentForm:
        """With the providers and contracts that there are, and an id where it has none."""
        self.organisation.choices = [("", "Choose a provider"), *((name, name) for name in organisations)]
        self.contract.choices = [("", "Choose a contract"), *((name, name) for name in contracts)]
        self.adjustment_id.data = self.adjustment_id.data or str(uuid.uuid4())
        return self

    def validate_amount(self, field: StringField) -> None:
        amount = pounds_in(field.data)
        if amount is None:
            raise ValidationError("Enter an amount in pounds and pence, such as 25.00 or -25.00")
        if not amount:
            raise ValidationError("Enter an amount above or below nothing")


class FinaliseForm(TextForm):
    """A period for a contract, or for all."""

    contract = SelectField("Contract")

    def of(self, contracts: Sequence[str]) -> FinaliseForm:
        """With the contracts that there are."""
        self.contract.choices = [("", "All contracts"), *((name, name) for name in contracts)]
        return self


class RunForm(FinaliseForm):
    """A payment run to be prepared. `run_id` is the form's own: sending it twice is sending once."""

    run_id = HiddenField(default=lambda: str(uuid.uuid4()))


class LimitsForm(TextForm):
    """From when on a change is large in a payment run, and what one person may adjust by hand."""

    percent = DecimalField(
        "Per cent of last period’s total",
        [InputRequired("Enter a percentage"), NumberRange(0, 1000, "Percentage must be from 0 to 1,000")],
        places=None,
    )
    pounds = StringField("Pounds", [InputRequired("Enter an amount")])
    adjustments = StringField("Manual adjustments of one person", [InputRequired("Enter an amount")])

    def validate_adjustments(self, field: StringField) -> None:
        self.validate_pounds(field)

    def validate_pounds(self, field: StringField) -> None:
        amount = pounds_in(field.data)
        if amount is None or amount < 0:
            raise ValidationError("Enter an amount in pounds and pence, such as 500.00")


class ReasonForm(TextForm):
    """A rejection."""

    reason = reason_field("Reason")


class AnswerForm(TextForm):
    """A provider confirms what it is shown as payable."""

    payable = HiddenField(validators=[InputRequired()])


class RejectForm(AnswerForm, ReasonForm):
    """A provider rejects it."""


class ConfirmForm(TextForm):
    """A button of its own."""


def pounds_in(text: str) -> Decimal | None:
    """The amount that somebody wrote (£1,234.50, −5): whole pence and no more than ten million; None for what is none."""
    plain = text.replace("−", "-").replace("£", "").replace(",", "").replace(" ", "")
    try:
        amount = Decimal(plain)
        is_right = amount.is_finite() and abs(amount) <= 10_000_000 and amount == round(amount, 2)
    except InvalidOperation:
        return None
    return amount if is_right else None

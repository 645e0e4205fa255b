"""The forms of one-off claims (RULES 10)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, TypedDict, cast

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from libs.common.care.clock import iso_text
from libs.common.casework.cases import LONGEST_WORDS
from libs.common.seams.disputes.cases import SentAttachment
from libs.common.seams.matching.hospital import ServiceClient
from services.portal.care.clients_forms import DayField
from services.portal.casework.cases.forms import MessageForm
from services.portal.money.periods.forms import pounds_in
from services.portal.web.forms.text import TextForm

_TOO_LONG = f"must be {LONGEST_WORDS:,} characters or fewer"
MOST_POUNDS = 1_000_000


def _words(label: str, *more: Any) -> TextAreaField:
    return TextAreaField(label, [*more, Length(max=LONGEST_WORDS, message=f"{label} {_TOO_LONG}")])


def _an_amount(_: FlaskForm, field: StringField) -> None:
    amount = pounds_in(field.data or "")
    if amount is None or not 0 < amount <= MOST_POUNDS:
        raise ValidationError("Enter an amount in pounds and pence, such as 47.54")


class Stated(TypedDict):
    """What a provider states of a client item, in one version of it."""

    version_id: str
    description: str
    client_reference: str
    amount: str
    admitted_on: str
    resumed_on: str | None
    told_on: str | None
    is_planned_respite: bool
    attachments: list[SentAttachment]


class NewClaimForm(TextForm):
    """A claim begins. `claim_id` is the form's own: sending it twice is beginning once."""

    claim_id = HiddenField()
    service = SelectField("Service", [InputRequired("Choose a service")])
    financial_year = SelectField("Financial year", [InputRequired("Choose a financial year")])
    words = _words("Notes (optional)")

    def among(self, services: Sequence[str], years: Sequence[str]) -> NewClaimForm:
        """With the services and years that there are, and an id where it has none."""
        self.service.choices = [("", "Choose a service"), *((name, name) for name in services)]
        self.financial_year.choices = [(year, year) for year in years]
        self.claim_id.data = a_uuid(self.claim_id.data)
        return self


class ItemForm(MessageForm):
    """A client item. Its id, `message_id`, is that of this version of it, and its files belong to it."""

    client = SelectField("Client", [InputRequired("Choose a client")])
    admitted_on = DayField("Date of admission", [InputRequired("Enter the date of admission")])
    resumed_on = DayField("Date of discharge, when the care resumed", [Optional()])
    told_on = DayField("Date on which you were told of a longer stay", [Optional()])
    is_planned_respite = BooleanField("It was planned respite care")
    words = _words("Description", InputRequired("Enter a description"))
    amount = StringField("Unit cost", [InputRequired("Enter the amount that you claim"), _an_amount])

    def among(self, clients: Sequence[ServiceClient]) -> ItemForm:
        """With the clients of the claim's service, and an id where it has none."""
        options = [(one["client"], f"{one['client']}, {one['name']}".rstrip(", ")) for one in clients]
        self.client.choices = [("", "Choose a client"), *options]
        self.message_id.data = a_uuid(self.message_id.data)
        return self

    def at_latest(self, today: dt.date) -> ItemForm:
        self._today = today
        return self

    def validate_admitted_on(self, field: DayField) -> None:
        if field.data and field.data > self._today:
            raise ValidationError("The date of admission can’t be after today")

    def validate_resumed_on(self, field: DayField) -> None:
        if field.data and self.admitted_on.data and field.data < self.admitted_on.data:
            raise ValidationError("The date of discharge can’t be before the admission")

    def validate_told_on(self, field: DayField) -> None:
        if field.data and self.admitted_on.data and field.data < self.admitted_on.data:
            raise ValidationError("The date on which you were told can’t be before the admission")

    def stated(self) -> Stated:
        """What disputes keeps of a form without faults; its files are stored by this."""
        said = self.said()
        return {
            "version_id": self.message_id.data,
            "description": said["words"],
            "client_reference": self.client.data,
            "amount": str(pounds_in(self.amount.data)),
            "admitted_on": cast(dt.date, self.admitted_on.data).isoformat(),
            "resumed_on": iso_text(self.resumed_on.data),
            "told_on": iso_text(self.told_on.data),
            "is_planned_respite": bool(self.is_planned_respite.data),
            "attachments": said["attachments"],
        }


class AmendForm(TextForm):
    """The council judges an item. `version_id` is the form's own; `seen`: how many versions were on the page."""

    version_id = HiddenField()
    seen = IntegerField(validators=[InputRequired()])
    amount = StringField("Amount to pay", [InputRequired("Enter the amount to pay"), _an_amount])
    is_included = BooleanField("Included in the payment")
    note = _words("Local authority note")


class DecisionForm(MessageForm):
    """A claim is accepted, rejected, or spoken about. `seen`: what of the claim was on the page."""

    seen = HiddenField()
    needs_words = False


class StepForm(TextForm):
    """A button of its own."""

    message_id = HiddenField()


def a_uuid(text: str | None) -> str:
    """The id that a form was given, or a new one."""
    try:
        return str(uuid.UUID(text or ""))
    except ValueError:
        return str(uuid.uuid4())

"""The forms of contacts and their change requests."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from libs.common.rights import table
from services.portal.accounts.emails import is_email
from services.portal.contacts.rules import FIELDS, LONGEST, NEEDED, Details
from services.portal.web.forms.text import TextForm

ROLE_NAMES = {role: role.replace("_", " ").title() for role in table.PROVIDER_ROLES}
LONGEST_REASON = 1_000
_HINTS = {
    "uprn": "The unique property reference number of the address",
    "usrn": "The unique street reference number of the address",
    "portal_email": "The contact signs in with it, and letters go to it",
}


def _an_email(_: FlaskForm, field: StringField) -> None:
    if not is_email((field.data or "").strip()):
        raise ValidationError("Enter an e-mail address, like name@example.com")


def _trimmed(text: str | None) -> str:
    return (text or "").strip()


def _in_a_sentence(label: str) -> str:
    return label if label.isupper() else label[0].lower() + label[1:]


def _field(name: str) -> StringField:
    label = FIELDS[name]
    first = DataRequired(f"Enter {_in_a_sentence(label)}") if name in NEEDED else Optional()
    length = Length(max=LONGEST, message=f"{label} must be {LONGEST} characters or fewer")
    emails = [_an_email] if name.endswith("email") else []
    shown = label if name in NEEDED else f"{label} (optional)"
    return StringField(shown, [first, length, *emails], filters=[_trimmed], description=_HINTS.get(name, ""))


class DetailsForm(TextForm):
    """What is known of a contact; its fields are those of FIELDS."""

    def details(self) -> Details:
        """What was typed."""
        return {name: self[name].data for name in FIELDS}


for _name in FIELDS:
    setattr(DetailsForm, _name, _field(_name))


class NewContactForm(DetailsForm):
    """A new contact, who is let in by a role."""

    role = SelectField("Role", choices=ROLE_NAMES)


class RejectForm(TextForm):
    """The helpdesk does not do it."""

    reason = TextAreaField(
        "Why it is rejected",
        [
            DataRequired("Enter why it is rejected"),
            Length(max=LONGEST_REASON, message=f"Reason must be {LONGEST_REASON:,} characters or fewer"),
        ],
    )

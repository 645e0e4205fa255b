"""The forms of council accounts."""

from __future__ import annotations

from typing import Final

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from libs.common.rights.table import COUNCIL_ROLES
from services.portal.accounts.emails import is_email
from services.portal.accounts.rules import LONGEST_EMAIL
from services.portal.staff.rules import LONGEST_NAME
from services.portal.web.forms.text import TextForm

ROLE_NAMES: Final = {role: role.capitalize() for role in COUNCIL_ROLES}
LONGEST_REASON: Final = 1_000


def _trimmed(text: str | None) -> str:
    return (text or "").strip()


class RoleForm(TextForm):
    """Another role, or the role in which an account is let in again."""

    role = SelectField("Role", choices=ROLE_NAMES)

    def but(self, role: str) -> RoleForm:
        """Without a role that it is not for."""
        self.role.choices = [pair for pair in ROLE_NAMES.items() if pair[0] != role]
        return self


class NewAccountForm(RoleForm):
    """Somebody new."""

    name = StringField(
        "Name",
        [
            DataRequired("Enter the name"),
            Length(max=LONGEST_NAME, message=f"Name must be {LONGEST_NAME} characters or fewer"),
        ],
        filters=[_trimmed],
    )
    email = StringField(
        "E-mail address",
        [
            DataRequired("Enter an e-mail address"),
            Length(max=LONGEST_EMAIL, message=f"E-mail address must be {LONGEST_EMAIL} characters or fewer"),
        ],
        filters=[_trimmed],
    )

    def validate_email(self, field: StringField) -> None:
        if not is_email(field.data or ""):
            raise ValidationError("Enter an e-mail address, like name@example.com")


class RefuseForm(TextForm):
    """What was asked is not done."""

    reason = TextAreaField(
        "Why not",
        [
            DataRequired("Enter why not"),
            Length(max=LONGEST_REASON, message=f"Reason must be {LONGEST_REASON:,} characters or fewer"),
        ],
        filters=[_trimmed],
    )

"""The forms of bulk actions: each act has one of its own, and all have a button to go on."""

from __future__ import annotations

from wtforms import PasswordField

from services.portal.web.forms.text import TextForm


class PressForm(TextForm):
    """A button."""

    comes_back = False


def facts_of(form: TextForm) -> dict[str, str]:
    """What was filled in and is kept: no password, and nothing of the form's own."""
    return {
        field.name: str(field.data or "")
        for field in form
        if field.name != "csrf_token" and not isinstance(field, PasswordField)
    }

"""How every form of the portal takes text (RULES 3): cleaned as in files, and a control character is a mistake."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, StringField, TextAreaField
from wtforms.csrf.core import CSRFTokenField
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from libs.common.files.values import cleaned, control_character

_AS_TYPED = (PasswordField, CSRFTokenField)
"""Nothing of these is changed: what was chosen is what counts."""


class TextForm(FlaskForm):
    """A form whose text fields hold what was typed without what can't be seen; only areas have lines and joiners."""

    class Meta(FlaskForm.Meta):
        def bind_field(
            self, form: BaseForm, unbound_field: UnboundField[Any], options: dict[str, Any]
        ) -> Field:
            kind = unbound_field.field_class
            if not _is_text(kind):
                return unbound_field.bind(form=form, **options)
            clean = _clean_prose if issubclass(kind, TextAreaField) else _clean
            filters = (clean, *unbound_field.kwargs.get("filters", ()))
            field: Field = unbound_field.bind(form=form, filters=filters, **options)
            field.validators = (_is_plain, *field.validators)
            return field

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Each field by what is left of its text: spaces alone, of any kind, are nothing."""
        for field in self:
            if _is_text(type(field)) and field.raw_data:
                field.raw_data = [field.data or ""]
        return bool(super().validate(*args, **kwargs))


def _is_text(kind: type) -> bool:
    return issubclass(kind, StringField) and not issubclass(kind, _AS_TYPED)


def _clean(value: Any) -> Any:
    """What was typed, cleaned; what a page itself put in, such as a number, as it is."""
    return cleaned(value) if isinstance(value, str) else value


def _clean_prose(value: Any) -> Any:
    return cleaned(value, is_prose=True) if isinstance(value, str) else value


def _is_plain(_: BaseForm, field: Field) -> None:
    """No database stores the one, and no page shows the others: RULES 3 rejects all of them."""
    if found := control_character(
        str(field.data or ""), but="\r\n\t" if isinstance(field, TextAreaField) else ""
    ):
        raise StopValidation(
            f"{field.label.text} holds a control character (U+{ord(found):04X}): type it again without it"
        )

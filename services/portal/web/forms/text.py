"""How every form of the portal takes text (RULES 3): cleaned as in files, and a control character is a mistake."""

from __future__ import annotations

from collections.abc import Container
from typing import Any, ClassVar

from flask import g, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    Field,
    FileField,
    HiddenField,
    PasswordField,
    StringField,
    TextAreaField,
)
from wtforms.csrf.core import CSRFTokenField
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from libs.common.files.values import cleaned, control_character

_AS_TYPED = (PasswordField, CSRFTokenField)
"""Nothing of these is changed: what was chosen is what counts."""


_OF_THE_PAGE = (HiddenField, CSRFTokenField)
"""Set by a page, not by who fills it in: a page that is come back to sets them anew."""


class CodeField(StringField):
    """Digits that let somebody in: never shown again. No password field, which would wake password managers."""

    def _value(self) -> str:
        return ""


_NEVER_FILLED_IN: dict[type[Field], str] = {
    FileField: "file",
    PasswordField: "password",
    CodeField: "password",
}


class TextForm(FlaskForm):
    """A form whose text fields hold what was typed without what can't be seen; only areas have lines and joiners.

    Where somebody comes back to its page after it could not be sent (`g.unsent`), it is filled in again.
    """

    comes_back: ClassVar[bool] = True
    """Whether it may be filled in again: not where all that it says is what its page shows."""
    is_filled_in_again: bool = False

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: BaseForm, formdata: Any) -> Any:
            again = _again(form) if request and request.method == "GET" else None
            return super().wrap_formdata(form, formdata) if again is None else again

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


def _again(form: BaseForm) -> MultiDict[str, str] | None:
    """What was typed in this form when it could not be sent; None for a form that is another."""
    sent: MultiDict[str, str] | None = g.get("unsent")
    if sent is None or not isinstance(form, TextForm) or not form.comes_back or not _is_form_of(form, sent):
        return None
    left_out = {kind for field in form for of, kind in _NEVER_FILLED_IN.items() if isinstance(field, of)}
    g.unsent_left_out = g.get("unsent_left_out", set()) | left_out
    typed = {field.name for field in form if not isinstance(field, (*_OF_THE_PAGE, *_NEVER_FILLED_IN))}
    if not typed:
        return None
    g.unsent_is_back = form.is_filled_in_again = True
    return MultiDict([(name, value) for name, value in sent.items(multi=True) if name in typed])


def _is_form_of(form: TextForm, sent: Container[str]) -> bool:
    """Whether it was this form of its page: no two of one page have fields of the same name."""
    return any(field.name in sent for field in form if not isinstance(field, CSRFTokenField))


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

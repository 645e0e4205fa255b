"""How a form is shown: at first, with what is wrong with it, and after a refusal."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from libs.common.errors import Refused

OPEN_TOO_LONG = "Nothing was done: this page was open for too long, or you signed in or out in another tab. Press the button again"


def show(template: str, form: FlaskForm, **more: Any) -> ResponseReturnValue:
    """The page with this form: 400 when it was sent and is shown again."""
    page = render_template(template, form=form, **more)
    return (page, 400) if request.method == "POST" else page


def show_refusal(template: str, form: FlaskForm, refused: Refused, **more: Any) -> ResponseReturnValue:
    """The page with the sentence beside the field that it is about. Refused again when it is about none."""
    g.refused = refused
    details = refused.details or {}
    field = form._fields.get(details.get("field", ""))
    if field is None:
        raise refused
    field.errors = [*field.errors, *details.get("sentences", [refused.message])]
    return show(template, form, **more)


def faults(form: FlaskForm, problem: str | None = None) -> list[dict[str, str]]:
    """What govukErrorSummary lists: each sentence, with a link to its field.

    problem: what is wrong with the form as a whole; it leads to the first field.
    """
    found = []
    if not problem and form.errors.get(
        "csrf_token"
    ):  # a template may give what it does not know, which is not None
        problem = OPEN_TOO_LONG
    if problem:
        first = next(field for field in form if field.name != "csrf_token")
        found.append({"text": problem, "href": f"#{first.id}"})
    for name, sentences in form.errors.items():
        if name not in (None, "csrf_token"):
            found += [{"text": sentence, "href": f"#{form[name].id}"} for sentence in sentences]
    return found

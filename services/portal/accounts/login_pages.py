"""Signing in and out, and what who can't sign in may ask (RULES 14)."""

from __future__ import annotations

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from libs.common.errors import Refused
from services.portal.accounts import resets, rules, sessions, signing_in
from services.portal.accounts.forms import DigitsForm, NewPasswordForm, NumberForm, PasswordForm, ResetForm
from services.portal.accounts.signing_in import Answer, Asked
from services.portal.web import access
from services.portal.web.form_faults import show, show_refusal

pages = Blueprint("login", __name__)

THE_ONE_ANSWER = "The details are not right, or sign-in is locked"
_ORDINALS = ("", "1st", "2nd", "3rd", "4th", "5th", "6th")


@pages.route("/login", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    if g.account is not None:
        return redirect(url_for("home.home"), 303)
    form = PasswordForm()
    if not form.validate_on_submit():
        return show("login/password.html", form)
    cookie = request.cookies.get(access.browser_cookie(rules.subject_of(form.email.data)))
    return _answered(
        signing_in.give_password(access.the_parts(), form.email.data, form.password.data, cookie)
    )


@pages.route("/login/digits", methods=["GET", "POST"])
def digits() -> ResponseReturnValue:
    asked = _asked()
    if asked is None or asked.positions is None:
        return _begin_again()
    form = DigitsForm()
    form.first.label.text, form.second.label.text = (
        f"{_ORDINALS[position]} digit" for position in asked.positions
    )
    if not form.validate_on_submit():
        return show("login/digits.html", form)
    given = (form.first.data, form.second.data)
    return _answered(signing_in.give_digits(access.the_parts(), asked.sign_in_id, given))


@pages.route("/login/app", methods=["GET", "POST"])
def app() -> ResponseReturnValue:
    asked = _asked()
    if asked is None or asked.positions is not None:
        return _begin_again()
    form = NumberForm()
    if not form.validate_on_submit():
        return show("login/app.html", form)
    return _answered(signing_in.give_totp(access.the_parts(), asked.sign_in_id, form.number.data))


@pages.post("/logout")
def logout() -> ResponseReturnValue:
    if g.who is not None:
        sessions.end(access.the_parts(), g.who.session_id)
    return access.forget(redirect(url_for("login.password"), 303))


@pages.route("/reset", methods=["GET", "POST"])
def ask_for_reset() -> ResponseReturnValue:
    form = ResetForm()
    if not form.validate_on_submit():
        return show("login/ask_for_reset.html", form)
    resets.ask_for_reset(
        access.the_parts(),
        form.name.data.strip(),
        form.organisation.data.strip(),
        form.email.data.strip(),
        form.telephone.data.strip(),
        address=request.remote_addr or "",
    )
    return render_template("login/asked_for_reset.html")


@pages.route("/reset/<secret>", methods=["GET", "POST"])
def reset(secret: str) -> ResponseReturnValue:
    parts = access.the_parts()
    form = NewPasswordForm()
    if not form.validate_on_submit():  # looking uses nothing up: mail programs look at links too
        return show("login/reset.html", form) if resets.is_link_good(parts, secret) else _link_over()
    try:
        resets.use_link(parts, secret, form.new.data)
    except Refused as refused:
        return (
            _link_over() if refused.code == "link_over" else show_refusal("login/reset.html", form, refused)
        )
    return render_template("login/reset_done.html")


def _link_over() -> ResponseReturnValue:
    return render_template("login/link_over.html"), 410


def _asked() -> Asked | None:
    sign_in_id = request.cookies.get(access.sign_in_cookie())
    return signing_in.asked(access.the_parts(), sign_in_id) if sign_in_id else None


def _begin_again() -> Response:
    return access.stop_asking(redirect(url_for("login.password"), 303))


def _answered(answer: Answer) -> ResponseReturnValue:
    """The next question, the first page inside, or the one answer to whatever was wrong."""
    if answer is None:
        form = PasswordForm(formdata=None)
        page = render_template("login/password.html", form=form, problem=THE_ONE_ANSWER)
        return access.stop_asking(make_response(page, 403))
    if isinstance(answer, Asked):
        step = "login.app" if answer.positions is None else "login.digits"
        return access.ask_next(redirect(url_for(step), 303), answer.sign_in_id)
    return access.remember(redirect(url_for("home.home"), 303), answer)

"""Signing in and out, and what who can't sign in may ask (RULES 14)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from libs.common.errors import Refused
from services.portal.accounts import rules
from services.portal.accounts.forms import (
    AskForLinkForm,
    ByLinkForm,
    DigitsForm,
    NewPasswordForm,
    NumberForm,
    PasswordForm,
    ResetForm,
)
from services.portal.accounts.helpdesk import resets
from services.portal.accounts.signing_in import links, sessions
from services.portal.accounts.signing_in import steps as signing_in_steps
from services.portal.accounts.signing_in.rules import device_of
from services.portal.accounts.signing_in.signed_in import Origin
from services.portal.accounts.signing_in.steps import Answer, Asked
from services.portal.web import access, browser_sessions
from services.portal.web.coming_back.places import safe_place
from services.portal.web.coming_back.stale import LATE, OUT
from services.portal.web.forms.faults import show, show_refusal

pages = Blueprint("login", __name__)

NO_CODE = "no_code"
"""In the address of the first step: whoever is led there has no security code yet."""
THE_ONE_ANSWER = "The details are not right, or sign-in is locked"


@pages.route("/login", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    if g.account is not None:
        return redirect(_place(), 303)
    form = PasswordForm(no_code=NO_CODE in request.args)
    if not form.validate_on_submit():
        page = _password_page(form)
        return (page, 400) if request.method == "POST" else page
    email, says_no_code = form.email.data, form.no_code.data
    cookie = request.cookies.get(browser_sessions.browser_cookie(rules.subject_of(email)))
    answer = signing_in_steps.give_password(
        access.the_parts(), email, form.password.data, cookie, origin=_origin(), says_no_code=says_no_code
    )
    return _answered(answer, form)


@pages.route("/login/digits", methods=["GET", "POST"])
def digits() -> ResponseReturnValue:
    asked = _asked()
    if asked is None or asked.positions is None:
        return _begin_again()
    form = DigitsForm().at(asked.positions)
    if not form.validate_on_submit():
        again = _on_the_way("login.password", **{NO_CODE: "y"})
        return show("login/digits.html", form, again=again)
    given = (form.first.data, form.second.data)
    return _answered(
        signing_in_steps.give_digits(access.the_parts(), asked.sign_in_id, given, origin=_origin())
    )


@pages.route("/login/app", methods=["GET", "POST"])
def app() -> ResponseReturnValue:
    asked = _asked()
    if asked is None or asked.positions is not None:
        return _begin_again()
    form = NumberForm()
    if not form.validate_on_submit():
        return show("login/app.html", form)
    given = form.number.data
    return _answered(
        signing_in_steps.give_totp(access.the_parts(), asked.sign_in_id, given, origin=_origin())
    )


@pages.route("/login/link", methods=["GET", "POST"])
def ask_for_link() -> ResponseReturnValue:
    form = AskForLinkForm()
    if not form.validate_on_submit():
        return show("login/ask_for_link.html", form)
    links.ask(access.the_parts(), form.email.data)
    return render_template("login/asked_for_link.html")


@pages.route("/login/link/<secret>", methods=["GET", "POST"])
def by_link(secret: str) -> ResponseReturnValue:
    parts = access.the_parts()
    form = ByLinkForm()
    if not form.validate_on_submit():  # looking uses nothing up: mail programs look at links too
        return show("login/by_link.html", form) if links.is_good(parts, secret) else _sign_in_link_over()
    answer = links.use(parts, secret, form.password.data, _origin())
    if answer is None and links.is_good(parts, secret):
        return render_template("login/by_link.html", form=form, problem="Password is not right"), 403
    return _sign_in_link_over() if answer is None else _answered(answer)


@pages.post("/logout")
def logout() -> ResponseReturnValue:
    if g.who is not None:
        sessions.end(access.the_parts(), g.who.session_id, access.account())
    return browser_sessions.forget(redirect(url_for("login.password", why=OUT), 303))


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


def _sign_in_link_over() -> ResponseReturnValue:
    return render_template("login/sign_in_link_over.html"), 410


def _origin() -> Origin:
    return Origin(request.remote_addr or "", device_of(request.user_agent.string))


def _asked() -> Asked | None:
    sign_in_id = request.cookies.get(browser_sessions.sign_in_cookie())
    return signing_in_steps.asked(access.the_parts(), sign_in_id) if sign_in_id else None


def _begin_again() -> Response:
    return browser_sessions.stop_asking(redirect(_on_the_way("login.password", why=LATE), 303))


def _answered(answer: Answer, given: PasswordForm | None = None) -> ResponseReturnValue:
    """The next question, the page that was asked for, or the one answer to whatever was wrong.

    given: what the first step was given, to be shown again but for the password.
    """
    if answer is None:
        page = _password_page(given or PasswordForm(formdata=None), THE_ONE_ANSWER)
        return browser_sessions.stop_asking(make_response(page, 403))
    if isinstance(answer, Asked):
        step = "login.app" if answer.positions is None else "login.digits"
        return browser_sessions.ask_next(redirect(_on_the_way(step), 303), answer.sign_in_id)
    return browser_sessions.remember(redirect(_place(), 303), answer)


def _password_page(form: PasswordForm, problem: str | None = None) -> str:
    here = _on_the_way("login.password", why=request.args.get("why"))
    issuer = access.the_parts().issuer
    return render_template(
        "login/password.html",
        form=form,
        problem=problem,
        here=here,
        issuer_name=issuer and issuer.settings.name,
    )


def _place() -> str:
    """Where whoever is signed in goes on."""
    return safe_place(request.args.get("next")) or url_for("home.home")


def _on_the_way(step: str, **more: str | None) -> str:
    """The address of a step of signing in, which leads on to the page that was asked for."""
    values: dict[str, Any] = {"next": safe_place(request.args.get("next")), **more}
    return url_for(step, **values)

"""The holder's own account: password, security code, authenticator app."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.accounts import authenticator, steps
from services.portal.accounts.forms import (
    AppForm,
    ChangeCodeForm,
    ChangePasswordForm,
    EndSessionForm,
    NewCodeForm,
    NewPasswordForm,
    RemoveAppForm,
)
from services.portal.accounts.signing_in import sessions as signed_in_sessions
from services.portal.accounts.signing_in.rules import device_of
from services.portal.web import access, browser_sessions
from services.portal.web.access import signed_in
from services.portal.web.coming_back.places import safe_place
from services.portal.web.forms.faults import show, show_refusal

pages = Blueprint("account", __name__)


@pages.get("/account")
@signed_in(rights.OWN_ACCOUNT)
def account() -> ResponseReturnValue:
    return render_template("account/account.html", must_keep_app=access.who().is_app_required)


@pages.route("/account/password", methods=["GET", "POST"])
@signed_in(rights.OWN_ACCOUNT, duty="password")
def password() -> ResponseReturnValue:
    is_first = access.account().must_change_password
    form = NewPasswordForm() if is_first else ChangePasswordForm()
    if not form.validate_on_submit():
        return show("account/password.html", form)
    present = None if is_first else form.present.data
    try:
        session_id = steps.change_password(
            access.the_parts(), access.who(), present, form.new.data, device_of(request.user_agent.string)
        )
    except Refused as refused:
        return show_refusal("account/password.html", form, refused)
    response = _done("Your password was changed. You are signed out everywhere else.")
    browser_sessions.start_session(response, session_id)
    return response


@pages.route("/account/code", methods=["GET", "POST"])
@signed_in(rights.OWN_ACCOUNT, duty="code")
def code() -> ResponseReturnValue:
    is_first = access.account().code is None
    form = NewCodeForm() if is_first else ChangeCodeForm()
    if not form.validate_on_submit():
        return show("account/code.html", form)
    present = None if is_first else form.present.data
    try:
        steps.change_code(access.the_parts(), access.who(), present, form.new.data)
    except Refused as refused:
        return show_refusal("account/code.html", form, refused)
    changed = "Your security code was changed. You are signed out everywhere else."
    return _done("Your security code was set." if is_first else changed)


@pages.route("/account/app", methods=["GET", "POST"])
@signed_in(rights.OWN_ACCOUNT, duty="totp")
def app() -> ResponseReturnValue:
    parts, who = access.the_parts(), access.who()
    form = AppForm()
    key = authenticator.offered(parts, who).key
    if not form.validate_on_submit():
        return show("account/app.html", form, key=key, must_have=access.who().is_app_required)
    try:
        authenticator.confirm(parts, who, form.present.data, form.number.data)
    except Refused as refused:
        return show_refusal(
            "account/app.html", form, refused, key=key, must_have=access.who().is_app_required
        )
    return _done("Your authenticator app was added. Sign-in asks for its number from now on.")


@pages.get("/account/app.svg")
@signed_in(rights.OWN_ACCOUNT, duty="totp")
def app_picture() -> ResponseReturnValue:
    picture = authenticator.offered(access.the_parts(), access.who()).qr_svg()
    return Response(picture, content_type="image/svg+xml")


@pages.route("/account/app/remove", methods=["GET", "POST"])
@signed_in(rights.OWN_ACCOUNT)
def remove_app() -> ResponseReturnValue:
    form = RemoveAppForm()
    if not form.validate_on_submit():
        return show("account/remove_app.html", form)
    try:
        authenticator.remove(access.the_parts(), access.who(), form.present.data)
    except Refused as refused:
        return show_refusal("account/remove_app.html", form, refused)
    return _done("Your authenticator app was removed.")


@pages.get("/account/sessions")
@signed_in(rights.OWN_ACCOUNT)
def sessions() -> ResponseReturnValue:
    found = signed_in_sessions.list_of(access.the_parts(), access.who())
    return render_template("account/sessions.html", sessions=found, form=EndSessionForm(formdata=None))


@pages.post("/account/sessions/end")
@signed_in(rights.OWN_ACCOUNT)
def end_sessions() -> ResponseReturnValue:
    ref = EndSessionForm().session.data
    count = signed_in_sessions.end_others(access.the_parts(), access.who(), ref or None)
    flash("You are signed out there." if count else "There was no other session.")
    return redirect(url_for("account.sessions"), 303)


def _done(sentence: str) -> Response:
    """Back to the account; at a first login on to the page that was asked for."""
    flash(sentence)
    return redirect(safe_place(request.args.get("next")) or url_for("account.account"), 303)

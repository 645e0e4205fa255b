"""The two addresses of signing in by the council's own OpenID provider: going there, and coming back."""

from __future__ import annotations

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused, ServiceUnavailable
from services.portal.accounts.openid import steps
from services.portal.accounts.openid.issuer import NOT_ITS_ANSWER
from services.portal.accounts.signing_in.rules import device_of
from services.portal.accounts.signing_in.signed_in import Origin
from services.portal.accounts.signing_in.steps import Asked
from services.portal.web import access, browser_sessions
from services.portal.web.coming_back.places import safe_place

pages = Blueprint("openid", __name__, url_prefix="/login/openid")

NOT_THERE = "You did not sign in there, so you are not signed in here."
TOO_LATE = "That took too long, or another tab began anew. Begin again."


@pages.get("")
def go_there() -> ResponseReturnValue:
    """By a link and no form: a page may send forms to itself alone."""
    place = safe_place(request.args.get("next"))
    steps.issuer_of(access.the_parts())
    if g.account is not None:
        return redirect(place or url_for("home.home"), 303)
    secret = access.the_parts().random_id()
    try:
        answer = redirect(steps.address(access.the_parts(), secret), 303)
    except ServiceUnavailable as away:
        return _refused(str(away), 503)
    return browser_sessions.keep_openid(answer, secret, place or "")


@pages.get("/back")
def come_back() -> ResponseReturnValue:
    parts = access.the_parts()
    steps.issuer_of(parts)
    kept = browser_sessions.kept_openid()
    if kept is None:
        return _refused(TOO_LATE, 400)
    secret, place = kept
    if "error" in request.args:
        return _refused(NOT_THERE, 403)
    try:
        answer = steps.come_back(
            parts,
            secret,
            request.args.get("state", ""),
            request.args.get("code", ""),
            browser_of=lambda subject: request.cookies.get(browser_sessions.browser_cookie(subject)),
            origin=Origin(request.remote_addr or "", device_of(request.user_agent.string)),
        )
    except Refused as refused:
        return _refused(refused.message, 403)
    except ServiceUnavailable as away:
        return _refused(str(away), 503)
    if answer is None:  # the account was changed in this very moment
        return _refused(Refused(*NOT_ITS_ANSWER).message, 403)
    place = safe_place(place) or ""
    if isinstance(answer, Asked):
        on = redirect(url_for("login.app", next=place or None), 303)
        return browser_sessions.forget_openid(browser_sessions.ask_next(on, answer.sign_in_id))
    home = redirect(place or url_for("home.home"), 303)
    return browser_sessions.forget_openid(browser_sessions.remember(home, answer))


def _refused(sentence: str, status: int) -> ResponseReturnValue:
    page = render_template("openid/refused.html", sentence=sentence)
    return browser_sessions.forget_openid(make_response(page, status))

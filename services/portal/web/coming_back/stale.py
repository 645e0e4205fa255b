"""What is answered in place of a page to whoever is not signed in (any more), and of a form that counts no more.

A form counts for the sign-in in which its page was opened (its CSRF token): not after another one, and not for
anybody else. Nothing is done then. Whoever sent it is told so and led back to its page, with what was typed.
"""

from __future__ import annotations

from typing import Final, cast

from flask import Flask, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import RequestEntityTooLarge

from services.portal.web import access, browser_sessions
from services.portal.web.access import DutyFirst, SignInFirst
from services.portal.web.coming_back import unsent
from services.portal.web.coming_back.places import UNSENT, page_asked, page_of_form, with_query

ASKED, ENDED, UNDONE, LATE, OUT = "asked", "ended", "undone", "late", "out"
"""Why somebody is asked to sign in; see `why_sign_in`."""
WHY: Final = {
    ASKED: "Sign in to see the page that you asked for.",
    ENDED: "Your session has ended. Sign in again, and you come to the page that you asked for.",
    UNDONE: (
        "Nothing was updated: you are not signed in any more. Sign in again, and you come back to the page, "
        "with what you typed as far as it can be kept."
    ),
    LATE: "Sign-in was not finished in time, or was begun anew in another tab. Begin again.",
    OUT: "You are signed out.",
}
SIGNED_IN_AGAIN: Final = "Nothing was updated: you signed in again meanwhile"
SOMEBODY_ELSE: Final = "Nothing was updated: somebody else signed in meanwhile"
TOO_OLD: Final = "Nothing was updated: the page was open for too long"
IN_ALREADY: Final = "You are signed in already"
NOT_OUT: Final = "You were not signed out"
_FILES = ("actuals_files", "visits_files", "care_imports", "carers")
_WITHOUT_SESSION = (
    "login.password",
    "login.digits",
    "login.app",
    "login.ask_for_link",
    "login.by_link",
    "login.ask_for_reset",
    "login.reset",
)
"""Forms of strangers. Their views do nothing but show a form again whose token counts no more."""


def register(app: Flask) -> None:
    """Answer whoever is not signed in, and whoever sends a form that counts no more."""
    app.register_error_handler(SignInFirst, sign_in_first)
    app.register_error_handler(DutyFirst, _duty_first)
    app.register_error_handler(CSRFError, _stale)
    app.jinja_env.globals.update(why_sign_in=why_sign_in)


def sign_in_first(_: Exception | None = None) -> ResponseReturnValue:
    """On to sign-in, and from there to the page that is asked for, or to that of the form that was sent."""
    why = UNDONE
    if _only_looks():
        why = ENDED if browser_sessions.has_session_cookie() else ASKED
    return redirect(url_for("login.password", next=_back(), why=why), 303)


def _duty_first(duty: DutyFirst) -> ResponseReturnValue:
    """On to what must be done; from there to the page that was asked for, unless that is where it ends anyway."""
    back = None if request.endpoint == "account.account" else _back()
    return redirect(url_for(duty.endpoint, next=back), 303)


def _only_looks() -> bool:
    return request.method in ("GET", "HEAD")


def _back() -> str | None:
    """Where to come back to: the page that is asked for, or that of the form that was sent; None for the first page."""
    return page_asked() if _only_looks() else with_query(page_of_form(), **{UNSENT: _kept()})


def why_sign_in() -> str | None:
    """Why the page of sign-in is shown; None where somebody came to it by themselves."""
    return WHY.get(request.args.get("why", ""))


def _kept() -> str:
    """What of the form is kept for whoever it was made for."""
    try:
        holder = browser_sessions.holder_of_form()
        return unsent.NOTHING if holder is None else unsent.keep(holder)
    except RequestEntityTooLarge:  # it holds a file, and of strangers none is read
        return unsent.NOTHING


def _stale(_: CSRFError) -> ResponseReturnValue:
    if request.endpoint == "login.logout":
        return _sign_out()
    if request.endpoint in _WITHOUT_SESSION:
        return _of_a_stranger(request.endpoint)
    if g.account is None:
        return sign_in_first()
    return _nothing_updated()


def _nothing_updated() -> ResponseReturnValue:
    """The page that says so to somebody who is signed in."""
    holder = browser_sessions.holder_of_form()
    if holder is None:
        return _page(TOO_OLD, "Open the page again, and use its button.", page_of_form())
    if holder != access.account().account_id:
        return _page(SOMEBODY_ELSE, _who_is_in("What was typed before is not kept."), url_for("home.home"))
    back = with_query(page_of_form(), **{UNSENT: unsent.keep(holder)})
    sentence = (
        "The page was open from before, and its button counts no more. Go back to it, and press it there."
    )
    return _page(SIGNED_IN_AGAIN, sentence, back)


def _of_a_stranger(endpoint: str) -> ResponseReturnValue:
    if endpoint == "login.password" and g.account is not None:
        more = "To sign in as somebody else, sign out first."
        return _page(IN_ALREADY, _who_is_in(more), url_for("home.home"))
    return cast(ResponseReturnValue, current_app.view_functions[endpoint](**(request.view_args or {})))


def _sign_out() -> ResponseReturnValue:
    """A button that counts no more signs out all the same whoever saw it; it does nothing to others."""
    if g.account is None or browser_sessions.holder_of_form() == access.account().account_id:
        return cast(ResponseReturnValue, current_app.view_functions["login.logout"]())
    sentence = _who_is_in("The button was on a page of somebody else, or was open for too long.")
    return _page(NOT_OUT, sentence, url_for("home.home"))


def _who_is_in(more: str) -> str:
    return f"You are signed in as {access.account().email}. {more}"


def _page(heading: str, sentence: str, back: str) -> ResponseReturnValue:
    """400, as every form is answered that can't be taken."""
    place = "your first page"
    if back != url_for("home.home"):
        place = "the file" if request.blueprint in _FILES and request.view_args else "the page"
    return render_template("stale.html", heading=heading, sentence=sentence, back=back, place=place), 400

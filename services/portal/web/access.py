"""Who asks for a page, and whether they may."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, cast

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from libs.common.rpc import Caller
from services.portal.accounts import rules as accounts_rules
from services.portal.accounts import sessions
from services.portal.accounts.environment import Parts
from services.portal.accounts.sessions import SignedIn
from services.portal.accounts.signing_in import Opened
from services.portal.schema.tables import Account

csrf = CSRFProtect()
"""Every unsafe request carries its token; `csrf.exempt(blueprint)` where a bearer token is asked for instead."""

FORM_BYTES = 100_000
"""What a form may hold besides a file."""
BROWSER_SECONDS = 365 * 24 * 3600
_DUTY_PAGES = {"password": "account.password", "code": "account.code", "totp": "account.app"}
_WITHOUT_SESSION = ("static", "look.council", "health.alive", "health.ready", "health.counted")

View = Callable[..., Any]


def register(app: Flask, parts: Parts) -> None:
    """Have `g.account` (an Account, or None), `g.who` and `g.caller` set for every page."""
    app.extensions["accounts"] = parts
    app.config.update(
        SECRET_KEY=parts.secret,
        SESSION_COOKIE_NAME="caretally_form",  # it holds the CSRF token and what was just done, to be said once
        SESSION_COOKIE_SECURE=not parts.is_insecure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=int(accounts_rules.SESSION_LIMIT.total_seconds()),
    )
    if parts.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=parts.proxies, x_proto=0)  # type: ignore[method-assign]
    app.before_request(_find_out_who)  # first: it bounds what a stranger's form may hold, before that is read
    csrf.init_app(app)
    app.context_processor(lambda: {"account": g.get("account")})


def the_parts() -> Parts:
    return cast(Parts, current_app.extensions["accounts"])


def account() -> Account:
    """Of a view that is `signed_in`."""
    return cast(Account, g.account)


def who() -> SignedIn:
    """Of a view that is `signed_in`."""
    return cast(SignedIn, g.who)


def signed_in(*allowed: str, duty: str | None = None) -> Callable[[View], View]:
    """A view for whoever is signed in; with `allowed`, for these roles and sides (`provider`, `council`) alone.

    duty: that of this page. Whoever has another one before (first login: password, code) is sent there.
    The view has `allowed`, for whoever looks at the whole map of routes.
    """

    def wrapped(view: View) -> View:
        @functools.wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if g.account is None:
                return redirect(url_for("login.password"), 303)
            due = duty_of(account())
            if due is not None and due != duty:
                return redirect(url_for(_DUTY_PAGES[due]), 303)
            if not accounts_rules.is_among(account().role, allowed):
                abort(403, "Your account has no access to this page.")
            return view(*args, **kwargs)

        checked.allowed = allowed  # type: ignore[attr-defined]
        return checked

    return wrapped


def duty_of(account: Account) -> str | None:
    """What the holder must do before anything else."""
    return accounts_rules.next_duty(
        account.role, account.must_change_password, account.code is not None, account.totp is not None
    )


def remember(response: AnyResponse, opened: Opened) -> AnyResponse:
    """Give the browser its session, and the sign by which its failures are counted apart."""
    session.clear()  # a CSRF token from before is good no longer
    start_session(response, opened.session_id)
    name = browser_cookie(opened.subject)
    response.set_cookie(name, opened.browser, max_age=BROWSER_SECONDS, **_cookie())
    response.delete_cookie(sign_in_cookie(), **_cookie())
    return response


def start_session(response: AnyResponse, session_id: str) -> None:
    response.set_cookie(_session_cookie(), session_id, **_cookie())


def forget(response: AnyResponse) -> AnyResponse:
    """After log-out."""
    session.clear()
    response.delete_cookie(_session_cookie(), **_cookie())
    return response


def ask_next(response: AnyResponse, sign_in_id: str) -> AnyResponse:
    """Have the browser come back with the sign-in under way."""
    seconds = int(accounts_rules.SIGN_IN_LIMIT.total_seconds())
    response.set_cookie(sign_in_cookie(), sign_in_id, max_age=seconds, **_cookie())
    return response


def stop_asking(response: AnyResponse) -> AnyResponse:
    response.delete_cookie(sign_in_cookie(), **_cookie())
    return response


def browser_cookie(subject: str) -> str:
    """One for each holder who signed in here: colleagues share computers."""
    return _named(f"browser_{subject[:16]}")


def sign_in_cookie() -> str:
    return _named("sign_in")


def _session_cookie() -> str:
    return _named("session")


def _named(name: str) -> str:
    """`__Host-`: no other host of the domain can set it. Browsers want `Secure` for that."""
    return ("caretally_" if the_parts().is_insecure else "__Host-caretally_") + name


def _cookie() -> dict[str, Any]:
    return {"path": "/", "secure": not the_parts().is_insecure, "httponly": True, "samesite": "Lax"}


def _find_out_who() -> Response | None:
    g.account = g.who = g.caller = None
    if request.endpoint in _WITHOUT_SESSION or request.blueprint == "api":
        return None
    session_id = request.cookies.get(_session_cookie())
    found = sessions.find(the_parts(), session_id) if session_id else None
    if found is None:
        request.max_content_length = FORM_BYTES
    else:
        g.who, g.account = found
        g.caller = caller_of(g.account)
    return None


def caller_of(account: Account) -> Caller:
    """As services are told who asks: by id, without a name."""
    organisation = None if account.organisation_id is None else str(account.organisation_id)
    return {
        "who": str(account.account_id),
        "role": accounts_rules.side_of(account.role),
        "organisation": organisation,
    }

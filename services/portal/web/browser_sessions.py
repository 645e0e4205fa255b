"""How a browser is known again: its cookies, and whom its session stands for."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from typing import Any

from flask import Flask, Response, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadData, Signer, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from services.portal.accounts import rules as accounts_rules
from services.portal.accounts.callers import caller_of
from services.portal.accounts.environment import Parts
from services.portal.accounts.signing_in import sessions
from services.portal.accounts.signing_in.signed_in import Opened
from services.portal.web.access import the_parts
from services.portal.web.serving.proxies import BELIEVES, BelievesProxies

csrf = CSRFProtect()
"""Every unsafe request carries its token; `csrf.exempt(blueprint)` where a bearer token is asked for instead."""

Signer.default_digest_method = staticmethod(hashlib.sha256)
"""By which all that the portal signs is signed; the library's own choice is SHA-1."""

FORM_BYTES = 100_000
"""What a form may hold besides a file."""
_CSRF, _CSRF_SALT = "csrf_token", "wtf-csrf-token"
"""What Flask-WTF calls the token, in forms and in the cookie, and the salt with which it signs it."""
BROWSER_SECONDS = 365 * 24 * 3600
_WITHOUT_SESSION = ("static", "branding.council", "health.alive", "health.ready")


class SignedForms(SecureCookieSessionInterface):
    """The cookie of forms, signed by the portal's secret of now; the one before is good still, for what lies open."""

    digest_method = staticmethod(hashlib.sha256)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Called first of all in each request: forms' tokens are signed by the same keys."""
        newest, *older = app.extensions["accounts"].signing_keys()
        app.config.update(SECRET_KEY=newest, SECRET_KEY_FALLBACKS=older, WTF_CSRF_SECRET_KEY=[*older, newest])
        return super().get_signing_serializer(app)


def register(app: Flask, parts: Parts) -> None:
    """Have `g.account` (an Account, or None), `g.who` and `g.caller` set for every page."""
    app.extensions["accounts"] = parts
    app.config.update(
        SECRET_KEY=parts.signing_keys()[0],
        # it holds the CSRF token and what was just done, to be said once
        SESSION_COOKIE_NAME=_name_of("form", is_insecure=parts.is_insecure),
        SESSION_COOKIE_SECURE=not parts.is_insecure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=int(accounts_rules.SESSION_LIMIT.total_seconds()),
    )
    app.session_interface = SignedForms()
    if parts.proxies:
        believes = BelievesProxies(app.wsgi_app, parts.proxies, parts.proxy_networks)
        app.wsgi_app = believes  # type: ignore[method-assign]
        app.extensions[BELIEVES] = believes
    app.before_request(_find_out_who)  # first: it bounds what a stranger's form may hold, before that is read
    csrf.init_app(app)
    app.context_processor(lambda: {"account": g.get("account")})


def remember(response: AnyResponse, opened: Opened) -> AnyResponse:
    """Give the browser its session, and the sign by which its failures are counted apart."""
    session.clear()  # a CSRF token from before is good no longer
    _begin_forms(opened.account_id)
    start_session(response, opened.session_id)
    name = browser_cookie(opened.subject)
    response.set_cookie(name, opened.browser, max_age=BROWSER_SECONDS, **_cookie())
    response.delete_cookie(sign_in_cookie(), **_cookie())
    return response


def _begin_forms(account_id: uuid.UUID) -> None:
    """Forms from now on carry a CSRF token that says, signed, for whom they were made."""
    session[_CSRF] = f"{secrets.token_hex(20)}.{account_id.hex}"


def holder_of_form() -> uuid.UUID | None:
    """The account for which the page of the form was made that this request sends, whether it counts still or not.

    None for a form of strangers, and for one that no page of this portal holds: only the portal signs tokens.
    """
    signer = URLSafeTimedSerializer(the_parts().signing_keys()[::-1], salt=_CSRF_SALT)
    try:
        _, _, account_id = signer.loads(request.form.get(_CSRF, "")).partition(".")
        return uuid.UUID(account_id)
    except (BadData, AttributeError, ValueError):
        return None


def has_session_cookie() -> bool:
    """Whether the browser was signed in before, and did not sign out."""
    return _session_cookie() in request.cookies


def start_session(response: AnyResponse, session_id: str) -> None:
    response.set_cookie(_session_cookie(), session_id, **_cookie())


def forget(response: AnyResponse) -> AnyResponse:
    """After log-out."""
    session.clear()
    response.delete_cookie(_session_cookie(), **_cookie())
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
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
    return _name_of(name, is_insecure=the_parts().is_insecure)


def _name_of(name: str, *, is_insecure: bool) -> str:
    """`__Host-`: no other host of the domain can set it. Browsers want `Secure` for that, which plain HTTP has not."""
    return ("caretally_" if is_insecure else "__Host-caretally_") + name


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
        if _CSRF not in session:
            _begin_forms(g.account.account_id)
    return None

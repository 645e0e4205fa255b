"""The portal's Flask application; gunicorn (gthread, one process) serves it."""

from __future__ import annotations

from flask import Flask, Response, request

from libs.common import logs
from libs.common.config import settings
from services.portal import api
from services.portal.gateway import Gateway
from services.portal.views import errors, health, home

# No script, no frame, nothing from elsewhere: pages are plain HTML with our own style sheet.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(gateway: Gateway | None = None) -> Flask:
    """The application. gateway: made from AMQP_URL when None; ConfigError when that is missing."""
    known = settings(needs=("amqp_url",) if gateway is None else ())
    logs.configure("portal", "web", known.log_level)
    app = Flask(__name__)
    gateway = gateway or Gateway(known.amqp_url)
    app.register_blueprint(home.pages(gateway))
    app.register_blueprint(health.pages({"broker": gateway.check}))
    errors.register(app)
    api.register(app, gateway)
    app.after_request(_secure)
    return app


def _secure(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response

"""The portal's Flask application; gunicorn (gthread, one process) serves it."""

from __future__ import annotations

from flask import Flask, Response, request

from libs.common import logs
from libs.common.config import settings
from libs.common.csv_files import MAX_BYTES
from services.portal import access, addresses, api, audit, look, organisations, parts, shown, words_pay_rules
from services.portal.gateway import Gateway
from services.portal.mail import Postman
from services.portal.notifications import Notifier
from services.portal.parts import Parts
from services.portal.views import (
    account,
    actions,
    attachments,
    audit_trail,
    care,
    care_imports,
    carers,
    change_requests,
    charges,
    claims,
    claims_items,
    client_list,
    clients,
    clients_merging,
    contacts,
    contract_documents,
    disputes,
    disputes_raise,
    enquiries,
    errors,
    guide,
    health,
    helpdesk,
    home,
    lists,
    login,
    notifications,
    payments,
    payments_answers,
    payments_debts,
    payments_holds,
    payments_items,
    payments_orders,
    payments_posting,
    payments_runs,
    proposals,
    reports,
    reviews,
    search,
    set_apart,
    tokens,
    unmatched,
    visits,
    visits_change,
    visits_files,
    worklist,
    worklist_samples,
)

PAGES = (
    login,
    account,
    helpdesk,
    visits_files,
    client_list,
    visits,
    visits_change,
    unmatched,
    payments,
    payments_answers,
    payments_holds,
    payments_debts,
    payments_items,
    payments_orders,
    payments_posting,
    payments_runs,
    proposals,
    charges,
    claims,
    claims_items,
    reports,
    audit_trail,
    tokens,
    contacts,
    change_requests,
    notifications,
    guide,
    care,
    care_imports,
    contract_documents,
    carers,
    clients,
    clients_merging,
    search,
    set_apart,
    lists,
    attachments,
    worklist,
    worklist_samples,
    disputes,
    disputes_raise,
    actions,
    enquiries,
    reviews,
)
"""The views with pages of their own; each has a blueprint."""

# The one line of script in GOV.UK's page template, which says that scripts run; a test compares it.
_TEMPLATE_SCRIPT = "sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw="

# Nothing from elsewhere and no frame: style sheet, script and pictures are our own files.
_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; script-src 'self' '{_TEMPLATE_SCRIPT}'; "
    "style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(gateway: Gateway | None = None, accounts: Parts | None = None) -> Flask:
    """The application. What is None is made from the environment; ConfigError says what is missing there.

    Letters are sent from this process when the parts of accounts come from the environment.
    """
    known = settings(needs=("amqp_url",) if gateway is None else ())
    logs.configure("portal", "web", known.log_level)
    app = Flask(__name__)
    gateway = gateway or Gateway(known.amqp_url)
    if accounts is None:
        accounts = parts.from_environment()
        Postman(accounts.sessions, accounts.vault, accounts.mail_server, accounts.clock).start()
        Notifier(accounts, gateway).start()
    app.config["MAX_CONTENT_LENGTH"] = MAX_BYTES + access.FORM_BYTES
    addresses.register(app)
    shown.register(app)
    words_pay_rules.register(app)
    access.register(app, accounts)
    audit.register(app)
    look.register(app, look.from_environment())
    app.register_blueprint(home.pages(gateway))
    organisations.register(app, gateway)
    app.extensions["gateway"] = gateway
    for views in PAGES:
        app.register_blueprint(views.pages)
    checks = {"broker": gateway.check} | ({"database": accounts.check} if accounts.check else {})
    app.register_blueprint(health.pages(checks))
    errors.register(app)
    access.csrf.exempt(api.register(app, gateway))
    app.after_request(_secure)
    return app


def _secure(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint not in look.FILES:
        response.headers.setdefault("Cache-Control", "no-store")
    if not access.the_parts().is_insecure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response

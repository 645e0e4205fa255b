"""The JSON API for other systems (DESIGN 4.2): one file a resource."""

from __future__ import annotations

from flask import Blueprint, Flask, g, request

from services.portal import audit
from services.portal.api import (
    attachments,
    care,
    carers,
    claims,
    client_merges,
    conversations,
    disputes,
    documents,
    doubts,
    holds,
    openapi,
    periods,
    problems,
    proposals,
    runs,
    set_apart,
    visits,
    visits_files,
)
from services.portal.api.auth import caller_of_request
from services.portal.api.limits import RateLimit
from services.portal.api.operation import asker_of
from services.portal.gateway import Gateway

PUBLIC = ("api.openapi_document",)
RATE_LIMIT = "RATE_LIMIT"
"""app.config: another RateLimit than the usual one."""


def register(app: Flask, gateway: Gateway) -> Blueprint:
    """Add all of /api/v1; it needs no CSRF token. Call it after the pages' error handlers are set."""
    api = Blueprint("api", __name__, url_prefix="/api/v1")
    for resource in (
        visits_files,
        visits,
        carers,
        care,
        documents,
        periods,
        holds,
        runs,
        proposals,
        disputes,
        doubts,
        claims,
        conversations,
        attachments,
        set_apart,
        client_merges,
    ):
        resource.register(api, gateway)
    openapi.register(api)
    usual = RateLimit()

    @api.before_request
    def know_the_caller() -> None:
        if request.endpoint in PUBLIC:
            return
        g.caller = caller_of_request()
        limit: RateLimit = app.config.get(RATE_LIMIT) or usual
        limit.take(asker_of(g.caller))
        audit.begin_of_token(g.caller)

    app.register_blueprint(api)
    problems.register(app)
    return api

"""The JSON API for other systems (DESIGN 4.2): one file a resource."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from flask import Blueprint, Flask, g, request

from services.portal.api import openapi, problems
from services.portal.api.auth import caller_of_request
from services.portal.api.limits import RateLimit
from services.portal.api.operation import asker_of
from services.portal.audit import steps as audit_steps
from services.portal.clients.gateway import Gateway

PUBLIC = ("api.openapi_document",)
RATE_LIMIT = "RATE_LIMIT"
"""app.config: another RateLimit than the usual one."""


class Resource(Protocol):
    """A module of an area that adds its routes."""

    def register(self, api: Blueprint, gateway: Gateway) -> None: ...


def register(app: Flask, gateway: Gateway, resources: Iterable[Resource]) -> Blueprint:
    """Add all of /api/v1; it needs no CSRF token. Call it after the pages' error handlers are set."""
    api = Blueprint("api", __name__, url_prefix="/api/v1")
    for resource in resources:
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
        audit_steps.begin_of_token(g.caller)

    app.register_blueprint(api)
    problems.register(app)
    return api

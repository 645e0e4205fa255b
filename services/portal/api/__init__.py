"""The JSON API for other systems (DESIGN 4.2): one file a resource."""

from __future__ import annotations

from flask import Blueprint, Flask, g, request

from services.portal.api import openapi, problems
from services.portal.api.auth import caller_of_request
from services.portal.api.limits import RateLimit
from services.portal.api.operation import asker_of
from services.portal.audit import steps as audit_steps
from services.portal.care import api as care_api
from services.portal.care import merging_api
from services.portal.carers import api as carers_api
from services.portal.casework.cases import attachments_api
from services.portal.casework.claims import api as claims_api
from services.portal.casework.conversations import api as conversations_api
from services.portal.casework.disputes import api as disputes_api
from services.portal.casework.worklist import api as worklist_api
from services.portal.clients.gateway import Gateway
from services.portal.documents import api as documents_api
from services.portal.money.items import holds_api
from services.portal.money.periods import api as periods_api
from services.portal.money.runs import api as runs_api
from services.portal.operations import api as operations_api
from services.portal.proposals import api as proposals_api
from services.portal.visits import api as visits_api
from services.portal.visits import files_api

PUBLIC = ("api.openapi_document",)
RATE_LIMIT = "RATE_LIMIT"
"""app.config: another RateLimit than the usual one."""


def register(app: Flask, gateway: Gateway) -> Blueprint:
    """Add all of /api/v1; it needs no CSRF token. Call it after the pages' error handlers are set."""
    api = Blueprint("api", __name__, url_prefix="/api/v1")
    for resource in (
        files_api,
        visits_api,
        carers_api,
        care_api,
        documents_api,
        periods_api,
        holds_api,
        runs_api,
        proposals_api,
        disputes_api,
        worklist_api,
        claims_api,
        conversations_api,
        attachments_api,
        operations_api,
        merging_api,
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
        audit_steps.begin_of_token(g.caller)

    app.register_blueprint(api)
    problems.register(app)
    return api

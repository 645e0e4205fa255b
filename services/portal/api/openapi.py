"""/api/v1/openapi.json: the API's own description, made from the views and their schemas."""

from __future__ import annotations

import re
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, Flask, Response, current_app, json
from werkzeug.routing import Rule

from services.portal.api import schemas
from services.portal.api.operation import Answer, Operation
from services.portal.api.problems import PROBLEM_TYPE

ALWAYS = (400, 401, 403, 404, 429, 500, 503)
METHODS = ("GET", "POST", "PUT", "DELETE")
_KEPT = "api.openapi"
REPEATS = {"Idempotency-Key": "sending the same again gives the first answer"}
"""What every operation takes that heeds it."""


def register(api: Blueprint) -> None:
    """Add the route; the description is no secret."""

    @api.get("/openapi.json")
    def openapi_document() -> Response:
        kept = current_app.extensions.get(_KEPT)
        if kept is None:
            kept = current_app.extensions[_KEPT] = json.dumps(document_of(current_app))
        return Response(kept, content_type="application/json")


def document_of(app: Flask) -> dict[str, Any]:
    """The OpenAPI document of all views that are described."""
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec(
        title="Caretally",
        version="1",
        openapi_version="3.1.0",
        plugins=[plugin],
        info={
            "description": "Visits files in, matches and payments out. Money is text, in pounds and exact."
        },
    )
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    for rule in app.url_map.iter_rules():
        described: Operation | None = getattr(app.view_functions.get(rule.endpoint), "operation", None)
        if described is not None:
            path = re.sub(r"<(?:[a-z_]+:)?([a-z_]+)>", r"{\1}", rule.rule)
            methods = [method.lower() for method in METHODS if method in (rule.methods or ())]
            spec.path(path, operations={method: _operation(rule, described) for method in methods})
    return spec.to_dict()


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return str(kind.__name__)


def _operation(rule: Rule, described: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": rule.endpoint.rpartition(".")[2],
        "summary": described.summary,
        "security": [{"token": []}],
        "description": f"Scopes, one of which the token needs: {', '.join(described.needs)}.",
        "parameters": _parameters(rule, described),
        "responses": _responses(described),
    }
    if described.file_bytes:
        binary = {"schema": {"type": "string", "format": "binary", "maxLength": described.file_bytes}}
        found["requestBody"] = {"required": True, "content": dict.fromkeys(described.file_types, binary)}
    if described.json_body is not None:
        content = {"application/json": {"schema": described.json_body}}
        found["requestBody"] = {"required": not described.is_body_optional, "content": content}
    return found


def _parameters(rule: Rule, described: Operation) -> list[Any]:
    formats: dict[str, dict[str, Any]] = {
        "file_id": {"format": "uuid"},
        "case_id": {"format": "uuid"},
        "document_id": {"format": "uuid"},
        "doubt_id": {"format": "uuid"},
        "claim_id": {"format": "uuid"},
        "attachment_id": {"format": "uuid"},
        "action_id": {"format": "uuid"},
        "enquiry_id": {"format": "uuid"},
        "review_id": {"format": "uuid"},
        "concern_id": {"format": "uuid"},
        "concern_file_id": {"format": "uuid"},
        "notice_id": {"format": "uuid"},
        "group_id": {"format": "uuid"},
        "export_id": {"format": "uuid"},
        "concern_kind": {"minLength": 1},
        "start": {"format": "date"},
        "visit_ref": {"minLength": 1},
    }
    found: list[Any] = [
        {"in": "path", "name": name, "required": True, "schema": {"type": "string", **formats.get(name, {})}}
        for name in sorted(rule.arguments)
    ]
    found += [
        {"in": "header", "name": name, "required": False, "description": why, "schema": {"type": "string"}}
        for name, why in _headers(described).items()
    ]
    if described.query is not None:
        found.append({"in": "query", "schema": described.query})
    return found


def _headers(described: Operation) -> dict[str, str]:
    """The request headers that an operation heeds, and what for."""
    return {**(REPEATS if described.is_idempotent else {}), **described.headers}


def _responses(described: Operation) -> dict[str, Any]:
    found = {str(status): _response(answer) for status, answer in described.answers.items()}
    problem = {
        "description": "A problem, with a sentence",
        "content": {PROBLEM_TYPE: {"schema": schemas.Problem}},
    }
    full = {507} if described.file_bytes else set[int]()
    for status in sorted({*ALWAYS, *described.problems, *full}):
        found[str(status)] = dict(problem)
    return found


def _response(answer: Answer) -> dict[str, Any]:
    schema: Any = answer.schema or {"type": "string"}
    return {"description": answer.description, "content": {answer.media_type: {"schema": schema}}}

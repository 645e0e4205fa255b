"""/healthz and /readyz of the portal itself. What it counts is answered on HEALTH_PORT alone: pages are for anybody."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from libs.common.process.health import Readiness, readiness_document


def pages(readiness: Readiness) -> Blueprint:
    """Both routes. Threads that work out no pages serve them (`threads.py`)."""
    found = Blueprint("health", __name__)

    @found.get("/healthz")
    def alive() -> Response:
        return jsonify({"status": "alive"})

    @found.get("/readyz")
    def ready() -> tuple[Response, int]:
        reasons = readiness.reasons()
        return jsonify(readiness_document(reasons)), 503 if reasons else 200

    return found

"""How what a service method returned or raised becomes an answer: the edge where exceptions are mapped."""

from __future__ import annotations

import uuid
from typing import Any

from marshmallow import ValidationError

from libs.common.errors import Refused
from libs.common.process import logs
from libs.common.process.troubles import trouble_of
from libs.common.rpc import wire

_log = logs.log(__name__)


def outcome_of(service: str, method: str, result: Any, error: BaseException | None) -> tuple[str, bytes]:
    """("ok" or the code of the refusal, the answer's body). Logs what was not expected."""
    if error is None:
        try:
            return "ok", wire.dump({"result": result, "error": None})
        except (TypeError, ValueError, RecursionError) as unsendable:
            error = unsendable
    refusal = _refusal_of(service, error)
    document = {"code": refusal.code, "message": refusal.message, "details": refusal.details}
    try:
        body = wire.dump({"result": None, "error": document})
    except (TypeError, ValueError, RecursionError) as unsendable:
        _log.error("rpc_details_unsendable", exc_info=unsendable, method=method)
        body = wire.dump({"result": None, "error": {**document, "details": None}})
    return refusal.code, body


def _refusal_of(service: str, error: BaseException) -> Refused:
    if isinstance(error, Refused):
        _log.info("rpc_refused", refusal_code=error.code)
        return error
    if isinstance(error, ValidationError):
        return Refused("invalid", "The request has fields that can't be used.", {"fields": error.messages})
    if trouble := trouble_of(error):
        _log.warning("rpc_unavailable", why=trouble.why, exc_info=error)
        sentence = f"{service} can't do this now: {trouble.words}. Ask again in a moment."
        return Refused("unavailable", sentence, {"why": trouble.why})
    error_id = str(uuid.uuid4())
    _log.error("rpc_failed", error_id=error_id, exc_info=error)
    return Refused(
        "internal",
        f"Something went wrong in {service}; the log has it as {error_id}.",
        {"error_id": error_id},
    )

"""The JSON of an RPC request and of its answer.

Request: {"args": [caller], "kwargs": {...}}, as nameko's own clients send it.
Answer: {"result": ..., "error": null}, or {"result": null, "error": {"code", "message", "details"}}.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from libs.common.errors import Refused

RPC_EXCHANGE = "nameko-rpc"
UNTIL = "asked_until"
"""A header of a request: when its asker gives up, in milliseconds of the epoch."""
JSON_TYPE = "application/json"


def rpc_queue(service: str) -> str:
    """The queue that holds the requests to a service."""
    return f"rpc-{service}"


def dump(document: Any) -> bytes:
    """JSON, in UTF-8; money and other decimals as strings, dates in ISO form. TypeError for what has no JSON."""
    return json.dumps(document, default=_plain, ensure_ascii=False, allow_nan=False).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def request(caller: Any, payload: dict[str, Any]) -> bytes:
    """The body of a request. Raises Refused ``invalid`` for half a character, which has no UTF-8."""
    try:
        return dump({"args": [caller], "kwargs": payload})
    except UnicodeEncodeError as error:
        raise Refused("invalid", "Some text holds half a character: send the whole one.") from error


def read_request(body: bytes | str | memoryview) -> tuple[list[Any], dict[str, Any]]:
    """(args, kwargs) of a request; Refused("invalid", ...) when it isn't one."""
    document = _read(body)
    args, kwargs = document.get("args"), document.get("kwargs")
    if not isinstance(args, list) or not isinstance(kwargs, dict):
        raise Refused("invalid", "The request must have a list `args` and an object `kwargs`.")
    return args, kwargs


def read_answer(body: bytes | str | memoryview) -> Any:
    """The result; Refused as the service said it."""
    document = _read(body)
    error = document.get("error")
    if error is None:
        return document.get("result")
    if not isinstance(error, dict):
        raise Refused("internal", "The service gave an answer that can't be read.")
    raise Refused(str(error.get("code")), str(error.get("message")), error.get("details"))


def _read(body: bytes | str | memoryview) -> dict[str, Any]:
    try:
        document = json.loads(bytes(body) if isinstance(body, memoryview) else body)
    except (ValueError, RecursionError) as error:
        raise Refused("invalid", "The message is not JSON.") from error
    if not isinstance(document, dict):
        raise Refused("invalid", "The message must be a JSON object.")
    return document

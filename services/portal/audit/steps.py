"""The audit trail: everything that somebody signed in, or a token, asks to be changed, and how it ended.

A row is committed before anything is done, and a second one when there is an answer, so that nothing done goes
unrecorded (docs/decisions/0010-people.md). Neither holds what a form said: no password, no code, no comment.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from libs.common.process import logs
from libs.common.rpc import Caller
from services.portal.schema.tables import Audit, AuditEnd
from services.portal.web import access

_log = logs.log(__name__)

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
NEVER_KEPT = ("secret",)
"""Parameters of addresses that let their holder in."""
LONGEST_OBJECT = 200


def register(app: Flask) -> None:
    """Record what pages are asked. Call it when it is known who asks; the API begins its own."""
    app.before_request(_begin_of_page)
    app.after_request(_end)


def begin(who: str, role: str, organisation_id: uuid.UUID | None) -> None:
    """Record that this request is asked. What can't be recorded is not done: the database's error goes on."""
    if request.method in SAFE_METHODS or request.endpoint is None:
        return
    parts = access.the_parts()
    asked = Audit(
        action_id=uuid.uuid4(),
        asked_at=parts.clock(),
        who=who,
        role=role,
        organisation_id=organisation_id,
        action=request.endpoint,
        objects=_objects(request.view_args or {}),
    )
    g.audited = asked.action_id, asked.objects
    with parts.sessions.begin() as transaction:
        transaction.add(asked)


def begin_of_token(caller: Caller) -> None:
    """Record that a token asks this request."""
    organisation = caller["organisation"]
    begin(caller["who"], caller["role"], uuid.UUID(organisation) if organisation else None)


def _begin_of_page() -> None:
    if g.get("account") is not None:
        account = access.account()
        begin(str(account.account_id), account.role, account.organisation_id)


def _end(response: Response) -> Response:
    """Record how it ended. The answer goes out all the same when that fails: what was asked is recorded."""
    audited = g.pop("audited", None)
    if audited is None:
        return response
    action_id, objects = audited
    made = [one for one in _objects_of(response.location) if one not in objects]
    parts = access.the_parts()
    try:
        with parts.sessions.begin() as transaction:
            transaction.add(
                AuditEnd(action_id=action_id, ended_at=parts.clock(), status=response.status_code, made=made)
            )
    except SQLAlchemyError as error:
        _log.error("audit_end_lost", action_id=str(action_id), exc_info=error)
    return response


def _objects_of(location: str | None) -> list[str]:
    """What an address of this portal names."""
    if not location:
        return []
    try:
        _, values = current_app.url_map.bind("").match(urlsplit(location).path)
    except HTTPException:  # it leads elsewhere, or on to another address
        return []
    return _objects(values)


def _objects(values: Mapping[str, Any]) -> list[str]:
    """The values as text that the database takes."""
    named = (str(value) for name, value in values.items() if name not in NEVER_KEPT)
    return [value.replace("\0", "")[:LONGEST_OBJECT] for value in named]

"""The audit trail: everything that somebody signed in, or a token, asks to be changed, and how it ended.

A row is committed before anything is done, and a second one when there is an answer, so that nothing done goes
unrecorded (docs/decisions/0010-people.md). Neither holds what a form said: no password, no code, no comment.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from libs.common.errors import Refused
from libs.common.process import logs
from libs.common.rpc import Caller
from services.portal.audit import store as audit_store
from services.portal.audit.facts import facts_of, organisation_id_of
from services.portal.audit.telling import LONGEST, NO_FACTS, Facts
from services.portal.audit.things import Thing
from services.portal.audit.words import FIRST_REFUSED
from services.portal.clients.gateway import Gateway
from services.portal.evidence.changes import tell_changes
from services.portal.schema.tables_requests import Audit, AuditEnd
from services.portal.web import access

_log = logs.log(__name__)

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
NEVER_KEPT = ("secret", "carers_file")
"""Parameters of addresses that let their holder in, or are signed for one holder alone."""
LONGEST_OBJECT = 200
REFUSED_BY_RULES = (400, 409, 412, 422)
"""Statuses of what was refused for another reason than who asks."""


def register(app: Flask) -> None:
    """Record what pages are asked. Call it when it is known who asks; the API begins its own."""
    app.before_request(_begin_of_page)
    app.after_request(_end)


def begin(who: str, role: str, organisation_id: uuid.UUID | None) -> None:
    """Record that this request is asked. What can't be recorded is not done: the database's error goes on."""
    if request.method in SAFE_METHODS or request.endpoint is None:
        return
    parts = access.the_parts()
    things = _things(request.view_args or {})
    asked = Audit(
        action_id=uuid.uuid4(),
        asked_at=parts.clock(),
        who=who,
        role=role,
        organisation_id=organisation_id,
        action=request.endpoint,
        objects=[thing.value for thing in things],
        kinds=[thing.kind for thing in things],
    )
    g.audited = asked.action_id, organisation_id, things
    with parts.sessions.begin() as transaction:
        transaction.add(asked)
    g.facts_before = facts_of(current_app.extensions["gateway"], things)


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
    audited = g.get("audited")
    if audited is None:
        return response
    action_id, own_organisation_id, named = audited
    chosen = [*_things_of(response.location), *g.get("audit_about", ())]
    made = [thing for thing in dict.fromkeys(chosen) if thing.value not in {one.value for one in named}]
    parts = access.the_parts()
    try:
        facts = _facts(response.status_code, [*named, *made], own_organisation_id)
        with parts.sessions.begin() as transaction:
            transaction.add(
                AuditEnd(
                    action_id=action_id,
                    ended_at=parts.clock(),
                    status=response.status_code,
                    made=[thing.value for thing in made],
                    made_kinds=[thing.kind for thing in made],
                    **vars(facts),
                )
            )
            if response.status_code < FIRST_REFUSED:
                tell_changes(transaction, g.pop("facts_before", NO_FACTS), facts, [*named, *made])
    except SQLAlchemyError as error:
        _log.error("audit_end_lost", action_id=str(action_id), exc_info=error)
    return response


def _facts(status: int, things: Iterable[Thing], own_organisation_id: uuid.UUID | None) -> Facts:
    """What the view told, beside what its things are known by; of what was refused, why."""
    told: Facts = g.get("audit_told", NO_FACTS)
    gateway: Gateway = current_app.extensions["gateway"]
    is_known = status < FIRST_REFUSED or status in REFUSED_BY_RULES
    facts = (facts_of(gateway, things) if is_known else NO_FACTS) | told
    if status >= FIRST_REFUSED:
        refused: Refused | None = g.get("refused")  # as the edge left it that made a page or a problem of it
        facts = replace(facts, outcome=refused.message[:LONGEST] if refused else told.outcome)
    if own_organisation_id is not None:
        return facts | Facts(organisation_id=own_organisation_id)
    if facts.organisation_id is None and not facts.organisation:
        facts = facts | _holder_of(things)
    if facts.organisation_id is None and (name := facts.organisation or _provider_chosen()):
        found = organisation_id_of(gateway, name)
        facts = facts | Facts(organisation_id=found, organisation=name if found else None)
    return facts


def _provider_chosen() -> str | None:
    """The provider that the address, or a field of the form, names."""
    return request.values.get("organisation", "").strip() or None


def _holder_of(things: Iterable[Thing]) -> Facts:
    """The provider of an account, a contact or a token."""
    with access.the_parts().sessions.begin() as transaction:
        for thing in things:
            holder = audit_store.holder_of(transaction, thing)
            if holder is not None:
                return Facts(organisation_id=holder.organisation_id, organisation=holder.organisation)
    return NO_FACTS


def _things_of(location: str | None) -> list[Thing]:
    """What an address of this portal names."""
    if not location:
        return []
    try:
        _, values = current_app.url_map.bind("").match(urlsplit(location).path)
    except HTTPException:  # it leads elsewhere, or on to another address
        return []
    return _things(values)


def things_of_request() -> list[Thing]:
    """What the address of this request names."""
    return _things(request.view_args or {})


def _things(values: Mapping[str, Any]) -> list[Thing]:
    """The values of an address, as text that the database takes."""
    return [
        Thing(name, str(value).replace("\0", "")[:LONGEST_OBJECT])
        for name, value in values.items()
        if name not in NEVER_KEPT
    ]

"""Old and new values of what a request changed: as services say them before and after, and as views tell them.

What changes in the portal's own tables is told by the database itself (`schema/migrations`, ``tell_change``); it learns
here who asks.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from flask import Flask, g, has_request_context
from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session as Transaction

from libs.common.process.database import Sessions
from services.portal.audit.telling import Facts
from services.portal.audit.things import Thing
from services.portal.evidence import words
from services.portal.evidence.telling import Told, tell

FACTS: Final = {"amount": "amount", "contract": "contract", "outcome": "state"}
"""What services say of a thing, by the names that it has in evidence."""


def register(app: Flask, sessions: Sessions) -> None:
    """Have the database know who asks for a change, for as long as each transaction."""
    if not event.contains(sessions, "after_begin", _say_who):
        event.listen(sessions, "after_begin", _say_who)


def tell_changes(transaction: Transaction, before: Facts, after: Facts, things: Sequence[Thing]) -> None:
    """Tell what differs, in the transaction that says how the request ended; nothing where nothing does."""
    old, new = g.pop("changes_told", ({}, {}))
    values_before, values_after = _values(before), _values(after)
    changed = [name for name, value in values_before.items() if values_after.get(name, value) != value]
    old = {**{name: values_before[name] for name in changed}, **_plain(old)}
    new = {**{name: values_after[name] for name in changed}, **_plain(new)}
    if not old and not new:
        return
    who, role, organisation_id = _asker()
    told = Told(
        words.CHANGED,
        who=who,
        role=role,
        organisation_id=organisation_id,
        about=things,
        old=old,
        new=new,
    )
    tell(transaction, told)


def _values(facts: Facts) -> dict[str, Any]:
    found = {name: getattr(facts, fact) for fact, name in FACTS.items()}
    return _plain({name: value for name, value in found.items() if value is not None})


def _plain(values: Mapping[str, object]) -> dict[str, Any]:
    """As JSON has them; decimals as text."""
    return {name: _written(value) for name, value in values.items()}


def _written(value: object) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value if value is None or isinstance(value, str | int | float | bool | list | dict) else str(value)


def _asker() -> tuple[str, str, uuid.UUID | None]:
    """Who asked this request, as the audit trail has it."""
    account = g.get("account")
    if account is not None:
        return str(account.account_id), account.role, account.organisation_id
    organisation = g.caller["organisation"]
    return g.caller["who"], g.caller["role"], uuid.UUID(organisation) if organisation else None


def _say_who(_session: Transaction, _transaction: object, connection: Connection) -> None:
    if has_request_context() and "audited" in g and g.get("caller") is not None:
        connection.execute(
            text("SELECT set_config('app.who', :who, true), set_config('app.request', :request, true)"),
            {"who": g.caller["who"], "request": str(g.audited[0])},
        )

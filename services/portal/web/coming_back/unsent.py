"""What was typed in a form that could not be sent: kept for an hour for who typed it, and filled in again.

The page of the form is opened with `?unsent=ID`. Passwords, codes and files are never kept.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid

from flask import Flask, g, request
from werkzeug.datastructures import MultiDict

from services.portal.accounts.vault import Sealed, VaultError
from services.portal.schema.tables_requests import UnsentForm
from services.portal.web.access import the_parts
from services.portal.web.coming_back import store
from services.portal.web.coming_back.places import UNSENT

NEVER_KEPT = frozenset({"csrf_token", "password", "present", "new", "again", "first", "second", "number"})
"""The names of fields that hold what lets somebody in, in any form; a test compares them with the forms."""
KEPT_FOR = dt.timedelta(hours=1)
LONGEST = 200_000
NOTHING = "nothing"
"""In place of an id: nothing was typed that could be kept."""
TICKS = frozenset({"visit", "doubt", "together", "case", "held_week", "document"})
"""The names of boxes in lists, which belong to no form of their own."""

_AGAIN = "If you still want to do it, press the button again."
_IS_BACK = "What you typed is filled in again: check it, then press the button."
_LOST = "What was typed is not kept any more, or was typed by somebody else."
_LEFT_OUT = {
    "file": "Files are not kept: choose again what you had chosen.",
    "password": "Passwords and codes are not kept: type them again.",
}


def register(app: Flask) -> None:
    """Have `g.unsent` hold what is to be filled in again. Call it when it is known who asks."""
    app.before_request(_find)
    app.jinja_env.globals.update(about_unsent=about_unsent, was_ticked=was_ticked)


def keep(account_id: uuid.UUID) -> str:
    """Keep what this request's form says for this account; the id under which it is found, or NOTHING."""
    fields = [one for one in request.form.items(multi=True) if one[0] not in NEVER_KEPT]
    text = json.dumps(fields)
    if not fields or len(text) > LONGEST:
        return NOTHING
    parts, unsent_id = the_parts(), uuid.uuid4()
    sealed = parts.vault.seal(text, _belongs_to(unsent_id, account_id))
    row = UnsentForm(
        unsent_id=unsent_id,
        account_id=account_id,
        content=sealed.content,
        content_key=sealed.key_version,
        over_at=parts.clock() + KEPT_FOR,
    )
    with parts.sessions.begin() as transaction:
        store.keep(transaction, row, parts.clock())
    return unsent_id.hex


def about_unsent() -> str | None:
    """What a page says that somebody comes back to; None for all others."""
    if request.method != "GET" or UNSENT not in request.args or g.get("account") is None:
        return None
    sent: MultiDict[str, str] | None = g.get("unsent")
    if sent is None:
        and_then = _AGAIN if request.args[UNSENT] == NOTHING else _LOST
    elif g.get("unsent_is_back") or TICKS & set(sent):
        and_then = _IS_BACK
    else:
        and_then = _AGAIN
    left_out = [sentence for kind, sentence in _LEFT_OUT.items() if kind in g.get("unsent_left_out", ())]
    return " ".join(["Nothing was updated yet.", and_then, *left_out])


def was_ticked(name: str, value: object) -> bool:
    """Whether this box of a list was ticked in what is filled in again."""
    return str(value) in values_of(name)


def everything() -> MultiDict[str, str]:
    """What is filled in again, by its name; empty on all other pages."""
    return g.get("unsent") or MultiDict()


def values_of(name: str) -> list[str]:
    """What is filled in again under this name, where no form stands for it."""
    return everything().getlist(name)


def _find() -> None:
    g.unsent = None
    text = request.args.get(UNSENT)
    if request.method != "GET" or not text or g.get("account") is None:
        return
    try:
        unsent_id = uuid.UUID(text)
    except ValueError:
        return
    parts, account_id = the_parts(), g.account.account_id
    with parts.sessions.begin() as transaction:
        found = store.unsent_form(transaction, unsent_id, account_id, parts.clock())
    if found is None:
        return
    try:
        content = parts.vault.open(
            Sealed(found.content, found.content_key), _belongs_to(unsent_id, account_id)
        )
    except VaultError:  # its key is gone meanwhile: it is as if it were over
        return
    g.unsent = MultiDict([(name, value) for name, value in json.loads(content)])


def _belongs_to(unsent_id: uuid.UUID, account_id: uuid.UUID) -> str:
    return f"unsent|{unsent_id.hex}|{account_id.hex}"

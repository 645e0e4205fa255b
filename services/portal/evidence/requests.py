"""What every request leaves as evidence: who was shown which client, who was refused, what tokens were bad.

It is recorded before the answer goes out: what can't be recorded is not shown.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Sequence
from typing import Final

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from libs.common.process import logs
from libs.common.rpc import Caller
from services.portal.audit.steps import SAFE_METHODS, things_of_request
from services.portal.audit.things import Thing
from services.portal.evidence import words
from services.portal.evidence.telling import Told, tell_at_once
from services.portal.web import access

_log = logs.log(__name__)

CLIENT_KINDS: Final = ("client_id", "into_client_id", "client", "client_item")
"""Parameters of addresses that name a client."""
ASKED_FOR: Final = ("client", "cpli", "named")
"""Parameters of queries by which lists are limited to one client, or to a line item of one."""
ASKED_FOR_FILES: Final = (
    *ASKED_FOR,
    *("organisation", "contract", "service", "week", "start", "since", "until", "from", "to", "quarter"),
)
"""Those by which files are limited besides: what is in one is asked of services while it is sent."""
MOST_STRANGERS: Final = 300
"""So many bad tokens a minute are told one by one; what is more is counted."""
LONGEST: Final = 100


def register(app: Flask) -> None:
    """Record what requests show and are refused. Call it when all else is registered."""
    strangers = Strangers()

    @app.after_request
    def record(response: Response) -> Response:
        try:
            _record(response, strangers)
        except SQLAlchemyError as error:
            _log.error("evidence_not_kept", exc_info=error)
            return current_app.make_response(current_app.handle_user_exception(error))
        return response


class Strangers:
    """Bounds how many rows those make who are nobody: the first of a minute are told, the others counted."""

    def __init__(self, most: int = MOST_STRANGERS) -> None:
        self._most, self._lock = most, threading.Lock()
        self._minute, self._count = 0, 0

    def told(self, now: float | None = None) -> int | None:
        """How many were left out before this one, which is told; None: this one is left out."""
        minute = int((time.monotonic() if now is None else now) // 60)
        with self._lock:
            left_out = 0
            if minute != self._minute:
                left_out = max(0, self._count - self._most)
                self._minute, self._count = minute, 0
            self._count += 1
            return left_out if self._count <= self._most else None


def _record(response: Response, strangers: Strangers) -> None:
    if request.endpoint is None:
        return
    caller: Caller | None = g.get("caller")
    if caller is None:
        if request.blueprint == "api" and response.status_code == 401:
            _bad_token(strangers)
        return
    if response.status_code == 403:
        refused = g.get("refused")
        _tell(caller, words.REFUSED, things_of_request(), outcome=refused and refused.message)
    elif request.method in SAFE_METHODS and (response.status_code == 200 or _clients_shown()):
        is_taken = _takes_away(response)
        things = [*things_of_request(), *_asked_for(ASKED_FOR_FILES if is_taken else ASKED_FOR)]
        shown = [*(one.value for one in things if one.kind in CLIENT_KINDS), *_clients_shown()]
        if things or shown or is_taken:
            _tell(caller, words.READ, things, clients=shown)


def _tell(
    caller: Caller,
    kind: str,
    about: Sequence[Thing],
    *,
    clients: Sequence[str] = (),
    outcome: str | None = None,
) -> None:
    organisation = caller["organisation"]
    told = Told(
        kind,
        who=caller["who"],
        role=_role(caller),
        organisation_id=uuid.UUID(organisation) if organisation else None,
        about=about,
        clients=clients,
        outcome=outcome,
    )
    tell_at_once(access.the_parts().sessions, told)


def _clients_shown() -> list[str]:
    """Whom services' answers to this request named, as the gateway noted them."""
    return [*g.get("clients_shown", ())]


def _role(caller: Caller) -> str:
    account = g.get("account")
    return account.role if account is not None else caller.get("staff") or caller["role"]


def _bad_token(strangers: Strangers) -> None:
    left_out = strangers.told()
    if left_out is None:
        return
    token_id = _token_id(request.headers.get("Authorization", ""))
    about = [Thing("token_id", token_id)] if token_id else []
    outcome = f"{left_out:,} more in the minute before" if left_out else None
    tell_at_once(access.the_parts().sessions, Told(words.BAD_TOKEN, about=about, outcome=outcome))


def _token_id(header: str) -> str | None:
    """The part of a token that names it and opens nothing; None for what has no token's form."""
    parts = header.rpartition(" ")[2].split("_")
    is_one = len(parts) == 3 and parts[0] == "caretally" and parts[1].isascii() and parts[1].isalnum()
    return parts[1] if is_one and len(parts[1]) <= 32 else None


def _asked_for(names: Sequence[str]) -> list[Thing]:
    """What a list or file is limited to by these parameters of its query."""
    given = ((name, request.args.get(name, "").strip()) for name in names)
    return [Thing(name, text.replace("\0", "")[:LONGEST]) for name, text in given if text]


def _takes_away(response: Response) -> bool:
    """Whether it is a file, or an answer of the API: what it holds is elsewhere from then on."""
    return request.blueprint == "api" or "attachment" in response.headers.get("Content-Disposition", "")

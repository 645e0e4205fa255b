"""Merging two clients that are one person: what it moves in money is shown first (RULES 2)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from libs.common.errors import Refused

Ask = Callable[..., Any]
"""How a service is asked: its name, a method, and what."""
Document = dict[str, Any]


def preview(ask: Ask, client: str, into: str) -> Document:
    """What merging a client into another would do, each named by its id or any identifier; nothing is changed.

    ``money`` says what it moves in pounds, ``seen`` stands for all of that; both are None once it was done.
    Raises Refused ``not_allowed``, ``not_found``, ``same_client``, ``in_flight``.
    """
    shown: Document = ask("matching", "preview_client_merge", client=client, into=into)
    weeks = shown.pop("weeks")
    if shown["state"] == "merged":
        return shown | {"money": None, "seen": None}
    ids = {"client_id": shown["client"]["client_id"], "into_client_id": shown["into"]["client_id"]}
    money = ask("payments", "money_of_merge", **ids, weeks=weeks)
    return shown | {"money": money, "seen": _digest(shown["client"], shown["into"], money)}


def merge(ask: Ask, client: str, into: str, *, reason: str, seen: str | None = None) -> Document:
    """Merge a client into another; the document of what was done, with the money it moves.

    ``seen`` is that of a preview: raises Refused ``seen_another`` where merging would move something else by now.
    Raises what ``preview`` does. Doing it twice does it once.
    """
    shown = preview(ask, client, into)
    if shown["state"] == "merged":
        return shown
    if seen not in (None, shown["seen"]):
        sentence = "What merging would move has changed since it was shown: look at it again."
        raise Refused("seen_another", sentence)
    ids = {"client": shown["client"]["client_id"], "into": shown["into"]["client_id"]}
    done: Document = ask("matching", "merge_clients", **ids, reason=reason)
    return done | {"money": shown["money"], "seen": None}


def _digest(*shown: Any) -> str:
    return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()[:32]

"""The pages that somebody signed in can go to: along the top, and as tasks on the first page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from services.portal import access, rules
from services.portal.models import Account
from services.portal.views.asking import READERS


@dataclass(frozen=True)
class Entry:
    """A page to go to.

    words: what is done there, for the first page; empty where it is no task.
    allowed: the roles and sides that see it; empty for all.
    """

    text: str
    endpoint: str
    words: str = ""
    allowed: tuple[str, ...] = ()


ENTRIES = (
    Entry("Home", "home.home"),
    Entry(
        "Visits files",
        "visits_files.visits_files",
        "Send a file of visits, see what is wrong with it and what it pays, then update the system.",
        READERS,
    ),
    Entry(
        "Visits",
        "visits.visits",
        "See which commissioned care each visit was matched to, or why it was not, and what it pays.",
        READERS,
    ),
    Entry(
        "Payments",
        "payments.periods",
        "See each payment period with its items, and how they were worked out.",
        READERS,
    ),
    Entry(
        "Helpdesk",
        "helpdesk.helpdesk",
        "Answer requests for a reset, send one-time links and unlock accounts.",
        ("helpdesk",),
    ),
    Entry("Your account", "account.account", "Change your password or your security code."),
)


def entries(account: Account | None) -> list[dict[str, Any]]:
    """What govukServiceNavigation is given. `current`: this very page; `active`: one that belongs to it."""
    return [
        {
            "text": entry.text,
            "href": url_for(entry.endpoint),
            "current": request.endpoint == entry.endpoint,
            "active": request.blueprint is not None and entry.endpoint.startswith(f"{request.blueprint}."),
        }
        for entry in _open_to(account)
    ]


def tasks(account: Account) -> list[dict[str, str]]:
    """The pages with something to do."""
    return [
        {"text": entry.text, "href": url_for(entry.endpoint), "words": entry.words}
        for entry in _open_to(account)
        if entry.words
    ]


def _open_to(account: Account | None) -> Iterator[Entry]:
    """None are open before the holder has done what the first login asks."""
    if account is None or access.duty_of(account) is not None:
        return
    for entry in ENTRIES:
        if rules.is_among(account.role, entry.allowed):
            yield entry

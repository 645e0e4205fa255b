"""The tasks of whoever is signed in, each with what waits there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from services.portal.home.waiting import in_words
from services.portal.schema.tables_accounts import Account
from services.portal.web.navigation import open_to


def tasks_of(account: Account, numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    """The pages with something to do. numbers: as `waiting.numbers` gives them."""
    return [
        {
            "text": entry.text,
            "href": url_for(entry.endpoint),
            "words": entry.words,
            "waits": in_words(numbers, entry.waits),
        }
        for entry in open_to(account)
        if entry.words
    ]

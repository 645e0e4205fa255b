"""Which of many visits are deleted as they were seen (RULES 4, 20)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from services.ingest.visits.rules import CHANGED, DELETED_BY_OTHERS, NOT_THERE, why_left


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (None, NOT_THERE),
        ({"deleted": False, "version": 7, "changed_by": "somebody"}, None),
        ({"deleted": False, "version": 8, "changed_by": "me"}, CHANGED),
        ({"deleted": True, "version": 8, "changed_by": "me"}, None),
        ({"deleted": True, "version": 8, "changed_by": "somebody"}, DELETED_BY_OTHERS),
    ],
)
def test_what_is_not_as_it_was_seen_is_left(row: Mapping[str, Any] | None, why: str | None) -> None:
    assert why_left(row, 7, "me") == why

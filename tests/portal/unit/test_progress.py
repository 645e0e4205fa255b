"""How far a file's messages have come, also where somebody sent more by hand."""

from __future__ import annotations

import pytest

from services.portal.visits.files.jobs import _count_missing


@pytest.mark.parametrize(
    ("heard", "buried", "missing"), [(3, 0, 0), (2, 0, 1), (2, 1, 0), (4, 0, 0), (9, 0, 0), (3, 2, 0)]
)
def test_a_surplus_keeps_nobody_waiting(heard: int, buried: int, missing: int) -> None:
    counts = {
        "matching": {"emitted": {"weeks_matched": 3}, "received": {}, "buried": {}, "dead": {}},
        "payments": {
            "emitted": {},
            "received": {"weeks_matched": heard},
            "buried": {"weeks_matched": buried},
            "dead": {},
        },
    }
    assert _count_missing(counts) == missing  # type: ignore[arg-type]

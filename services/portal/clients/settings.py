"""What a setting is before it is set and afterwards, so that evidence has both (decision 46)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from flask import g, has_request_context


class Reading(NamedTuple):
    """The question of the same service that says what a setting is, with what it takes of what is being set."""

    method: str
    takes: tuple[str, ...] = ()


SETTINGS: Final[Mapping[str, Reading]] = {
    "set_actual_rules": Reading("actual_rules"),
    "set_contract_terms": Reading("contract_terms"),
    "set_kpi_span": Reading("kpi_spans"),
    "set_measure_threshold": Reading("measure_thresholds"),
    "set_offer_hours": Reading("offer_hours"),
    "set_one_diary": Reading("one_diaries"),
    "set_overlap_limit": Reading("overlap_limits"),
    "set_ranked_price": Reading("ranked_list", ("list_id", "quarter")),
    "set_ranking_terms": Reading("ranking_terms", ("quarter",)),
    "set_run_limits": Reading("run_limits"),
    "set_vat_rate": Reading("vat_rates"),
}
"""Every method of a service that sets something, by its name."""


def note_change(name: str, before: object, after: object) -> None:
    """Have evidence say what this request changes, when it tells how the request ended (`evidence/changes.py`)."""
    if not has_request_context():
        return
    old, new = differences(name, before, after)
    known_old, known_new = g.get("changes_told", ({}, {}))
    g.changes_told = {**known_old, **old}, {**known_new, **new}


def differences(name: str, before: Any, after: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Pure: what differs, as it was and as it is: of lists the rows that are not in both, of what has names by name."""
    if before == after:
        return {}, {}
    if isinstance(before, dict) and isinstance(after, dict):
        old: dict[str, Any] = {}
        new: dict[str, Any] = {}
        for key in sorted(before.keys() | after.keys()):
            was, became = differences(f"{name} {key}", before.get(key), after.get(key))
            old, new = old | was, new | became
        return old, new
    if isinstance(before, list) and isinstance(after, list):
        gone = [row for row in before if row not in after]
        return {name: gone}, {name: [row for row in after if row not in before]}
    return {name: before}, {name: after}

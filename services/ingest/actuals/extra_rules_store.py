"""Queries of ingest on what contracts ask of actuals beside RULES 13."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.ingest.actuals.rules import DatedExtraRules, ExtraRules, rules_on

_NAMES: Final = (
    "unit_minutes",
    "wants_comment",
    "wants_visits",
    "tolerance_percent",
    "confirm_weekday",
    "confirm_hour",
)


def rules_of_week(session: Session, contract: str, monday: dt.date) -> ExtraRules:
    """What a contract asks of a week."""
    return rules_on(rules_by_contract(session, contract).get(contract, ()), monday)


def rules_by_contract(session: Session, contract: str | None = None) -> dict[str, list[DatedExtraRules]]:
    """The extra rules of a contract, or of each, in order of their dates; of a date the newest."""
    rows = session.execute(
        text(
            f"SELECT DISTINCT ON (contract, effective_from) contract, effective_from, {', '.join(_NAMES)}"
            " FROM actual_rules WHERE CAST(:contract AS text) IS NULL OR contract = :contract"
            " ORDER BY contract, effective_from, change_id DESC"
        ),
        {"contract": contract},
    )
    found: dict[str, list[DatedExtraRules]] = defaultdict(list)
    for name, effective_from, *values in rows:
        found[name].append(DatedExtraRules(effective_from, ExtraRules(*values)))
    return found


def insert_rules(
    session: Session, contract: str, effective_from: dt.date, rules: ExtraRules, who: str
) -> None:
    """Note what a contract asks from a day on."""
    values = {"contract": contract, "effective_from": effective_from, "who": who}
    session.execute(
        text(
            f"INSERT INTO actual_rules (contract, effective_from, set_by, {', '.join(_NAMES)})"
            f" VALUES (:contract, :effective_from, :who, {', '.join(f':{name}' for name in _NAMES)})"
        ),
        values | asdict(rules),
    )


def list_changes(session: Session) -> list[dict[str, Any]]:
    """All that was ever set, by contract and date, the newest of a date first."""
    rows = session.execute(
        text(
            f"SELECT contract, effective_from, {', '.join(_NAMES)}, set_by, set_at FROM actual_rules"
            " ORDER BY contract, effective_from DESC, change_id DESC LIMIT 1000"
        )
    )
    return [dict(row) for row in rows.mappings()]


def find_contract(session: Session, contract: str) -> str | None:
    """A contract as care writes it, whatever its letter case."""
    found: str | None = session.scalar(
        text("SELECT contract FROM services WHERE lower(contract) = lower(:contract) LIMIT 1"),
        {"contract": contract},
    )
    return found

"""Queries of ingest on what contracts ask of actuals beside RULES 13."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.ingest.actuals.rules import NO_EXTRA_RULES, ExtraRules


def rules_of_contract(session: Session, contract: str) -> ExtraRules:
    """The newest extra rules of a contract; none where none were set."""
    row = session.execute(
        text(
            "SELECT unit_minutes, wants_comment, wants_visits, tolerance_percent FROM actual_rules"
            " WHERE contract = :contract ORDER BY change_id DESC LIMIT 1"
        ),
        {"contract": contract},
    ).one_or_none()
    return ExtraRules(*row) if row else NO_EXTRA_RULES

"""What a contract asks of actuals beside RULES 13: set by the council, from a day on. Takes a session, never commits."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.ingest.actuals import ExtraRulesDocument
from services.ingest.actuals import extra_rules_store
from services.ingest.actuals.rules import ExtraRules


def set_extra_rules(
    session: Session,
    caller: Caller,
    *,
    contract: str,
    effective_from: dt.date,
    unit_minutes: int | None,
    wants_comment: bool,
    wants_visits: bool,
    tolerance_percent: Decimal,
    confirm_weekday: int | None,
    confirm_hour: int | None,
) -> list[ExtraRulesDocument]:
    """Have weeks of a contract that begin on a day or later follow these rules; all that was set.

    What is saved already stays as it is. Raises Refused ``not_allowed`` and ``unknown_contract``.
    """
    require_council(caller)
    name = extra_rules_store.find_contract(session, contract)
    if name is None:
        raise Refused(
            "unknown_contract", f"There is no contract “{contract}”: write the name as care has it."
        )
    rules = ExtraRules(
        unit_minutes, wants_comment, wants_visits, tolerance_percent, confirm_weekday, confirm_hour
    )
    extra_rules_store.insert_rules(session, name, effective_from, rules, caller["who"])
    return list_extra_rules(session)


def list_extra_rules(session: Session) -> list[ExtraRulesDocument]:
    """All that was ever set, by contract, the latest date first, and of a date the newest."""
    return [
        {
            "contract": row["contract"],
            "effective_from": row["effective_from"].isoformat(),
            "unit_minutes": row["unit_minutes"],
            "wants_comment": row["wants_comment"],
            "wants_visits": row["wants_visits"],
            "tolerance_percent": str(row["tolerance_percent"]),
            "confirm_weekday": row["confirm_weekday"],
            "confirm_hour": row["confirm_hour"],
            "set_by": row["set_by"],
            "set_at": row["set_at"].isoformat(),
        }
        for row in extra_rules_store.list_changes(session)
    ]

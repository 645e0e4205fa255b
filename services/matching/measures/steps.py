"""What the council says of measures: thresholds, and what is monitored by total hours (RULES 16). Never commits."""

import datetime as dt

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from services.matching.measures import store, store_settings
from services.matching.measures.thresholds import OF_UNDER_DELIVERY, ThresholdSet
from services.matching.stale_weeks import store as stale_weeks


def set_threshold(
    session: Session, caller: Caller, *, name: str, effective_from: dt.date, value: int
) -> None:
    """Have a threshold hold for what is planned from a day on. Raises Refused ``not_allowed`` for a provider."""
    require_council(caller)
    store.add_thresholds(session, [ThresholdSet(name, effective_from, value)], caller["who"])
    if name not in OF_UNDER_DELIVERY:
        stale_weeks.mark_from(session, effective_from)


def set_one_diary(
    session: Session, caller: Caller, *, contract: str | None, cpli_id: int | None, is_one_diary: bool
) -> None:
    """Monitor a contract, or a CPLI whatever its contract, by total hours or not.

    Raises Refused ``not_allowed``, and ``not_found`` for what care does not have.
    """
    require_council(caller)
    if contract is not None:
        if not store_settings.has_contract(session, contract):
            raise Refused("not_found", f"No contract is called “{contract}”: write the name as care has it.")
        about = store.about_contract(contract)
    else:
        if not store_settings.has_cpli(session, cpli_id or 0):
            raise Refused("not_found", f"There is no care package line item {cpli_id}.")
        about = store.about_cpli(cpli_id or 0)
    store.add_one_diary(session, about, caller["who"], is_one_diary=is_one_diary)
    cpli_ids = store.cplis_of_contract(session, contract) if contract is not None else [cpli_id or 0]
    stale_weeks.mark_cplis(session, cpli_ids)

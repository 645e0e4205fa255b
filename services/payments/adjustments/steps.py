"""Manual adjustments (RULES 8): money that the council posts by hand, an item of its own kind. Never commits."""

import datetime as dt
import json
import uuid
from decimal import Decimal
from typing import Any, TypedDict

from sqlalchemy.orm import Session

from libs.common.care.money import to_the_penny
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from services.payments import callers, locks
from services.payments.adjustments import store as adjustments_store
from services.payments.callers import resolve_organisation
from services.payments.events.public import say_posted
from services.payments.items import store as items_store
from services.payments.packages import store as packages_store
from services.payments.periods import rules as periods_rules
from services.payments.periods import store as periods_store


class AdjustmentAbout(TypedDict):
    """What an adjustment is about: a provider's period and contract, may be a client or a CPLI."""

    start: dt.date
    organisation: str
    contract: str
    client: str | None
    cpli_id: int | None


def post_adjustment(
    session: Session,
    caller: Caller,
    *,
    adjustment_id: uuid.UUID,
    start: dt.date,
    organisation: str,
    contract: str,
    client: str | None,
    cpli_id: int | None,
    amount: Decimal,
    reason: str,
) -> None:
    """Post pounds (below nothing: taken off) for an organisation into an open period. Council only.

    Posted once for an `adjustment_id`. Raises Refused: ``not_allowed``, ``not_a_period``, ``not_found``,
    ``unknown_contract``, ``period_finalised``, ``unknown_client``, ``unknown_cpli``.
    """
    require_council(caller)
    locks.lock_periods(session, exclusive=False)
    about = refuse_wrong(
        session,
        caller,
        start=start,
        organisation=organisation,
        contract=contract,
        client=client,
        cpli_id=cpli_id,
    )
    row = {
        **about,
        "adjustment_id": str(adjustment_id),
        "period_start": start,
        "amount": to_the_penny(amount),
        "reason": reason,
        "posted_by": caller["who"],
    }
    if adjustments_store.insert_adjustment(session, row):
        cause_id = str(uuid.uuid4())
        item = _item_row(row, cause_id)
        items_store.insert_item(session, item)
        say_posted(session, [item], [], cause_id=cause_id)


def refuse_wrong(
    session: Session,
    caller: Caller,
    *,
    start: dt.date,
    organisation: str,
    contract: str,
    client: str | None,
    cpli_id: int | None,
) -> dict[str, Any]:
    """Whom an adjustment is about. Raises Refused as `post_adjustment` does. The period lock is held."""
    periods_rules.refuse_off_grid(start)
    organisation_id = resolve_organisation(session, caller, organisation)
    known_contract = callers.resolve_contract(session, contract)
    if periods_rules.is_finalised(periods_store.read_periods(session), start, known_contract):
        raise Refused("period_finalised", "The period is finalised for this contract: choose an open one.")
    about = {"organisation_id": organisation_id, "contract": known_contract}
    return about | _find_client_and_cpli(session, str(organisation_id), client, cpli_id)


def _find_client_and_cpli(
    session: Session, organisation_id: str, client: str | None, cpli_id: int | None
) -> dict[str, Any]:
    """The client and the CPLI, both optional. Raises Refused ``unknown_client``, ``unknown_cpli``."""
    if cpli_id is not None:
        package = packages_store.packages(session, [cpli_id]).get(cpli_id)
        if package is None or package.organisation_id != organisation_id:
            raise Refused(
                "unknown_cpli",
                "The provider has no care package line item of this number.",
                {"field": "cpli_id"},
            )
        if client not in (None, package.client_reference):
            raise Refused(
                "unknown_client",
                f"Care package line item {cpli_id} is for {package.client_reference}.",
                {"field": "client"},
            )
        return {
            "cpli_id": cpli_id,
            "client_id": package.client_id,
            "client_reference": package.client_reference,
        }
    client_id = None if client is None else adjustments_store.find_client(session, organisation_id, client)
    if client is not None and client_id is None:
        raise Refused("unknown_client", "The provider has no client of this reference.", {"field": "client"})
    return {"cpli_id": None, "client_id": client_id, "client_reference": client or ""}


def _item_row(row: dict[str, Any], cause_id: str) -> dict[str, Any]:
    """The item of an adjustment: of the same id, with no week behind it."""
    names = ("organisation_id", "contract", "client_id", "client_reference", "cpli_id", "period_start")
    return {
        **{name: row[name] for name in names},
        "item_id": row["adjustment_id"],
        "series": "manual",
        "kind": "manual",
        "monday": None,
        "ordinal": 0,
        "amount": row["amount"],
        "reason": row["reason"],
        "week_version": 0,
        "explanation": json.dumps({"rule": "Posted by hand", "parts": []}),
        "cause_id": cause_id,
    }

"""One-off payments (RULES 2): paid once when authorised, or with the claim that stands for them. Never commits.

The caller holds the period lock (shared) and the locks of the clients and of the CPLIs that changed.
"""

import json
import uuid
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING
from libs.common.care.terms import term_on
from services.payments.items.rules import Holder, Posting
from services.payments.one_offs import store as one_offs_store
from services.payments.one_offs.rules import SERIES, claimed_cplis, postings_of, worth_of
from services.payments.packages.rules import StoredPackage
from services.payments.periods import store as periods_store

ITEM_IDS = uuid.UUID("5f0b9a52-6a0d-5e0e-8b11-3f0c9d7f0b8f")
RULE = "A one-off payment: quantity × unit cost, once"
RULE_OF_CLAIM = "A one-off payment that stands for an accepted claim is paid with the claim"
NOTHING_POSTED: one_offs_store.Standing = ({}, 0)


def one_offs_to_post(
    session: Session,
    packages: Mapping[int, StoredPackage],
    *,
    changed: str,
    cause_id: str,
    moved_cplis: Collection[int] = (),
) -> list[dict[str, Any]]:
    """The items that bring one-offs to what is owed today; the caller inserts and says them.

    ``packages`` are all one-offs of some clients, and what may have been one until now; ``moved_cplis`` have another
    StartDate than before. ``changed`` is ``care`` or ``claim``.
    """
    clients = {package.client_id for package in packages.values()}
    claimed = claimed_cplis(packages.values(), one_offs_store.stays_of_clients(session, clients))
    posted = one_offs_store.posted_one_offs(session, packages)
    periods = periods_store.read_periods(session)
    items = []
    for cpli_id, package in sorted(packages.items()):
        standing, count = posted.get(cpli_id, NOTHING_POSTED)
        claim = claimed.get(cpli_id)
        postings = postings_of(
            package,
            NOTHING if claim else worth_of(package),
            standing,
            periods,
            ordinal=count,
            is_moved=cpli_id in moved_cplis,
            changed=changed,
        )
        items += [item_row(package, *posting, claim, cause_id) for posting in postings]
    return items


def item_row(
    package: StoredPackage,
    holder: Holder,
    owed: Decimal,
    posting: Posting,
    claim: str | None,
    cause_id: str,
) -> dict[str, Any]:
    """A row of ``items``, with no week; its explanation says what made the amount."""
    term = term_on(package.terms, package.start_on)
    explanation = {
        "rule": RULE_OF_CLAIM if claim else RULE,
        "parts": [],
        "quantity": str(term.quantity),
        "unit_cost": str(term.unit_cost),
        "start_on": package.start_on.isoformat(),
        "authorised": package.authorised,
        "owed": str(owed),
        "claim_item_id": claim,
    }
    return {
        "item_id": uuid.uuid5(ITEM_IDS, f"{package.cpli_id}/{posting.ordinal}"),
        "series": SERIES,
        "kind": posting.kind,
        "cpli_id": package.cpli_id,
        "monday": None,
        "ordinal": posting.ordinal,
        "organisation_id": holder[0],
        "contract": package.contract,
        "client_id": holder[1],
        "client_reference": package.client_reference,
        "period_start": posting.period_start,
        "amount": posting.amount,
        "reason": posting.reason,
        "week_version": package.version,
        "explanation": json.dumps(explanation),
        "cause_id": cause_id,
    }

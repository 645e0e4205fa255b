"""What care says is taken: lists, packages and merged clients, and all that they touch is priced and posted again.

Takes a session, never commits.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.messaging.messages import Message
from libs.common.operations.apart import clear_apart
from services.payments import locks
from services.payments.merging.steps import keep_merges, settle_merged
from services.payments.one_offs.steps import one_offs_to_post
from services.payments.packages import store as packages_store
from services.payments.packages import store_merges
from services.payments.packages.rules import StoredPackage
from services.payments.pay_rules import store as pay_rules_store
from services.payments.posting.settle import settle
from services.payments.posting.steps import price_again
from services.payments.pricing import store as pricing_store
from services.payments.pricing.steps import have_weeks_priced


def take_care(session: Session, message: Message) -> None:
    """``care_changed``: keep the newest lists, packages and merged clients; price and post again all that they touch."""
    body = message.body
    if body.get("organisations"):
        packages_store.save_organisations(session, body["organisations"])
    if body.get("visit_types"):
        take_visit_types(session, body["visit_types"], message)
    merged = keep_merges(session, body.get("merged_clients") or ())
    if body.get("packages"):
        take_packages(session, body["packages"], message)
    else:
        clear_apart(session, "lists", {"of care": body["reference_version"]})
    if merged:
        settle_merged(session, merged, message)


def take_visit_types(session: Session, rows: Sequence[Mapping[str, Any]], message: Message) -> None:
    """The table of RULES 6; weeks with visits of a type that is now paid or charged otherwise are priced again."""
    known = packages_store.visit_types(session)
    said = {row["ref"]: packages_store.visit_type_of(row) for row in rows}
    # Alone: a week that is being priced meanwhile would keep the table from before.
    locks.lock_periods(session, exclusive=any(known.get(ref) != kind for ref, kind in said.items()))
    packages_store.save_visit_types(session, rows)
    changed = [
        ref for ref, kind in packages_store.visit_types(session).items() if known.get(ref, kind) != kind
    ]
    if changed:
        have_weeks_priced(session, pay_rules_store.weeks_with_types(session, changed), message)


def take_packages(session: Session, rows: Collection[Mapping[str, Any]], message: Message) -> None:
    """New or changed packages: the weeks of each and every week of its old and its new client."""
    cpli_ids = {row["cpli_id"] for row in rows}
    locks.lock_periods(session, exclusive=False)
    locks.lock_cplis(session, cpli_ids, exclusive=True)
    known = packages_store.packages(session, cpli_ids)
    newer = [row for row in rows if is_newer(row, known.get(row["cpli_id"]))]
    if not newer:
        return
    newer_ids = {row["cpli_id"] for row in newer}
    stays = store_merges.who_stays(session, {row["client_id"] for row in newer})
    newer = [{**row, "client_id": stays.get(row["client_id"], row["client_id"])} for row in newer]
    clients = {row["client_id"] for row in newer}
    clients |= {known[cpli_id].client_id for cpli_id in newer_ids & known.keys()}
    locks.lock_clients(session, clients)
    before = pricing_store.mondays_of_clients(session, clients)
    packages_store.save_packages(session, newer)
    packages = packages_store.packages(session, newer_ids)
    client_weeks = before | pricing_store.mondays_of_clients(session, clients)
    price_again(session, packages, message)
    moved = [i for i in newer_ids & known.keys() if known[i].start_on != packages[i].start_on]
    one_offs = one_offs_to_post(
        session,
        packages | packages_store.one_offs_of_clients(session, clients),
        changed="care",
        cause_id=message.cause_id,
        moved_cplis=moved,
    )
    settle(session, client_weeks, changed="care", cause_id=message.cause_id, one_offs=one_offs)
    clear_apart(session, "package", {str(row["cpli_id"]): row["version"] for row in newer})


def is_newer(row: Mapping[str, Any], known: StoredPackage | None) -> bool:
    """Whether a package says more than what is known; one of which less was said is taken once more."""
    if known is None or row["version"] > known.version:
        return True
    says_more = any(
        row.get(name) and not getattr(known, name) for name in ("unit", "service", "payment_method")
    )
    return row["version"] == known.version and says_more

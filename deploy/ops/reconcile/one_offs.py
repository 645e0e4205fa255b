"""``reconcile`` for one-off payments and the accepted claims that stand for them (RULES 2, 10)."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from deploy.ops.reconcile.differences import difference, look_into
from libs.common.care.money import NOTHING
from services.matching.book import store as book_store
from services.matching.book import store_messages
from services.payments.one_offs import store as one_offs_store
from services.payments.one_offs.rules import ClaimedStay, claimed_cplis, worth_of
from services.payments.packages.store import package_said


def compare_one_offs(session: Session) -> Iterator[dict[str, Any]]:
    """RULES 2 and 10: one-off payments as matching has them, but for those that accepted claims stand for."""
    stays = claimed_stays(session)
    yield from compare_stays(session, stays)
    look_into(session, "matching")
    said = store_messages.packages_of(session, book_store.all_one_offs(session))
    packages = [package_said(row) for row in said]
    claimed = claimed_cplis(packages, stays)
    expected = {
        (package.cpli_id, package.organisation_id, package.client_id): worth_of(package)
        for package in packages
        if package.cpli_id not in claimed
    }
    look_into(session, "payments")
    rows = session.execute(
        text(
            "SELECT cpli_id, organisation_id::text, client_id::text, sum(amount) FROM items"
            " WHERE series = 'one_off' GROUP BY 1, 2, 3"
        )
    )
    held = {tuple(key): amount for *key, amount in rows}
    for key in sorted({*expected, *held}):
        which = "/".join(map(str, key))
        yield from difference("one_off", which, expected.get(key, NOTHING), held.get(key, NOTHING))


def claimed_stays(session: Session) -> list[ClaimedStay]:
    """The stays that accepted claims pay for, as payments keeps them."""
    look_into(session, "payments")
    clients = session.scalars(
        text(
            "SELECT DISTINCT coalesce(m.into_client_id, s.client_id)::text FROM claimed_stays s"
            " LEFT JOIN merged_clients m USING (client_id)"
        )
    ).all()
    return one_offs_store.stays_of_clients(session, clients)


def compare_stays(session: Session, kept: Sequence[ClaimedStay]) -> Iterator[dict[str, Any]]:
    """Each posted item of a claim, whose client is known, with the stay that is kept of it, and the reverse."""
    look_into(session, "payments")
    rows = session.execute(
        text(
            "SELECT item_id::text, organisation_id::text FROM items"
            " WHERE series = 'claims' AND client_id IS NOT NULL"
        )
    )
    expected = {row.item_id: row.organisation_id for row in rows}
    held = {stay.item_id: stay.organisation_id for stay in kept}
    for item_id in sorted({*expected, *held}):
        yield from difference("claimed_stay", item_id, expected.get(item_id), held.get(item_id))

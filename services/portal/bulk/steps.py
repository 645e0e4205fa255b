"""Many rows are shown, and done once: portion by portion, each as far as it can be done (RULES 20)."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence

from libs.common.errors import Refused, ServiceUnavailable
from libs.common.rpc import Caller
from services.portal.accounts.environment import Parts
from services.portal.audit.telling import tell
from services.portal.bulk import store
from services.portal.bulk.acts import Act, Doing, Filters, ToDo, acts
from services.portal.bulk.rules import DONE, SHOWN, STOPPED, WORK_SECONDS, Sums, cut
from services.portal.schema.tables_bulk import BulkAction
from services.portal.web.access import the_parts

NOTHING_CHOSEN = "Nothing was chosen: tick rows of the list, or all that the filters show."
NOT_THERE = "There is no such bulk action: what was shown and not done is kept for a day."


def begin(act: Act, caller: Caller, keys: Sequence[str], filters: Filters, *, all_shown: bool) -> uuid.UUID:
    """Keep what would be done to these rows, or to all that the filters show, as they are now; nothing is done yet.

    Raises Refused ``nothing_chosen``, and whatever finding the rows does.
    """
    wanted, is_cut = cut(act.all_keys(filters) if all_shown else keys)
    rows = act.find(wanted) if wanted else []
    if not rows:
        raise Refused("nothing_chosen", NOTHING_CHOSEN)
    parts, bulk_id = the_parts(), uuid.uuid4()
    own = caller["organisation"]
    action = BulkAction(
        bulk_id=bulk_id,
        act=act.name,
        who=caller["who"],
        organisation_id=uuid.UUID(own) if own else None,
        state=SHOWN,
        shown_at=parts.clock(),
        back=act.list_address(filters),
        is_cut=is_cut,
        facts={},
    )
    with parts.sessions.begin() as transaction:
        store.forget_shown(transaction, parts.clock())
        store.add(transaction, action, rows)
    return bulk_id


def require_seen(caller: Caller, bulk_id: uuid.UUID) -> BulkAction:
    """The bulk action, for whoever may see it: what is not begun yet whoever was shown it alone.

    Raises Refused ``not_found``.
    """
    with the_parts().sessions.begin() as transaction:
        found = store.find(transaction, bulk_id)
        if found is not None:
            transaction.expunge(found)
    own = caller["organisation"]
    is_seen = found is not None and (
        found.who == caller["who"]
        or (found.began_at is not None and (own is None or found.organisation_id == uuid.UUID(own)))
    )
    if found is None or not is_seen or found.act not in acts():
        raise Refused("not_found", NOT_THERE)
    return found


def require_own(caller: Caller, bulk_id: uuid.UUID) -> BulkAction:
    """The same for whoever was shown it, who alone does it. Raises Refused ``not_found``."""
    found = require_seen(caller, bulk_id)
    if found.who != caller["who"]:
        raise Refused("not_found", NOT_THERE)
    return found


def press(act: Act, bulk_id: uuid.UUID, facts: Mapping[str, str]) -> Sums:
    """Do what was shown, once: a second press does nothing, and one after a service was away goes on with the rest.

    What its rows come to afterwards. The trail is told.
    """
    parts = the_parts()
    with parts.sessions.begin() as transaction:
        is_ours = store.claim(transaction, bulk_id, facts, parts.clock())
        action = store.find(transaction, bulk_id)
        kept = dict(action.facts) if action else {}
    if is_ours:
        is_over = False
        try:
            is_over = _do_all(parts, act, bulk_id, kept)
        finally:
            with parts.sessions.begin() as transaction:
                store.end(transaction, bulk_id, DONE if is_over else STOPPED, parts.clock())
    with parts.sessions.begin() as transaction:
        found = store.sums(transaction, [bulk_id])[bulk_id]
        whose = store.organisations(transaction, [bulk_id])[bulk_id]
    left = f", {found.left} left" if found.left else ""
    waiting = f", {found.to_do} to do" if found.to_do else ""
    tell(
        amount=found.amount_done,
        organisation=whose[0] if len(whose) == 1 else None,
        outcome=f"{act.words.title}: {found.done} done{left}{waiting}",
    )
    return found


def _do_all(parts: Parts, act: Act, bulk_id: uuid.UUID, facts: Mapping[str, str]) -> bool:
    """Do what was not tried yet; whether that is all. What a service did not answer about is tried again another time."""
    until = time.monotonic() + WORK_SECONDS
    while time.monotonic() < until:
        with parts.sessions.begin() as transaction:
            rows = [ToDo(row.key, row.seen) for row in store.rows_to_do(transaction, bulk_id, act.portion)]
        if not rows:
            return True
        try:
            left = act.do(Doing(bulk_id, rows, facts))
        except ServiceUnavailable:
            return False
        except Refused as refused:
            left = {row.key: refused.message for row in rows}
        with parts.sessions.begin() as transaction:
            store.note(transaction, bulk_id, [row.key for row in rows], left)
    with parts.sessions.begin() as transaction:
        return not store.rows_to_do(transaction, bulk_id, 1)

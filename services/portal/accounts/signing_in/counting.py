"""Whether a try to sign in may be judged, and what it counts for (RULES 14).

A browser in which the holder signed in before has a count of its own, and no other bound: what strangers do elsewhere
is no matter to it. All other browsers share the count of STRANGERS, and are bounded by network and over all accounts.
Where a bound is reached, every try is wrong, and nothing tells: the way in is a sign-in link then.
"""

from __future__ import annotations

import datetime as dt
import hmac

from sqlalchemy.orm import Session as Transaction

from libs.common.process import logs
from services.portal.accounts import rules, store
from services.portal.accounts.environment import Parts
from services.portal.accounts.rules import BY_LINK, STRANGERS
from services.portal.accounts.signing_in import rules as signing_in_rules
from services.portal.accounts.signing_in import store as signing_in_store
from services.portal.accounts.signing_in.rules import OF_ALL, OF_ANSWERS, OF_NETWORK
from services.portal.accounts.signing_in.signed_in import Origin
from services.portal.letters import words as letters_words
from services.portal.schema.tables_accounts import Account

_log = logs.log(__name__)


def count_try(
    transaction: Transaction,
    parts: Parts,
    account: Account | None,
    subject: str,
    counter: str,
    origin: Origin,
    now: dt.datetime,
    *,
    is_counted: bool,
    is_right: bool,
    is_answer: bool = False,
) -> bool:
    """Count a failure (nothing when it is not to be counted, with the same work): whether the try may be judged.

    is_answer: it answers the second step, and the password was right.
    The count's row is locked from here to the end of the transaction: tries of one address take turns.
    """
    count = store.locked_count(transaction, subject, counter, now)
    counted = _counted_for(parts, origin) if counter == STRANGERS else {}
    held = signing_in_store.held_tries(transaction, counted, now) if counted else {}
    is_bounded = signing_in_rules.is_over(held) or count.is_locked(now)
    is_open = not is_bounded and (counter == BY_LINK or not count.is_closed())
    is_failure = is_counted and not is_bounded and not (is_right and is_open)
    after = count.with_failure(now, is_answer=is_answer) if is_failure else count
    store.keep_count(transaction, subject, counter, after, now)
    if counted:
        failed, failed_answer = int(is_failure), int(is_failure and is_answer)
        failures = {OF_NETWORK.kind: failed, OF_ALL.kind: failed, OF_ANSWERS.kind: failed_answer}
        signing_in_store.add_tries(transaction, counted, failures, now)
    if after.locks > count.locks and after.locked_until is not None:
        letters_words.tell_of_lock(
            transaction, parts, account, after.locked_until, now, is_password_known=after.is_closed()
        )
        _log.warning("sign_in_locked", account_id=str(account and account.account_id), locks=after.locks)
    return is_open


def _counted_for(parts: Parts, origin: Origin) -> dict[str, bytes]:
    """Whose tries of each kind these are: a network as a keyed hash."""
    network = f"tries|{rules.network_of(origin.address)}"
    of_network = hmac.digest(parts.signing_keys()[0].encode(), network.encode(), "sha256")
    return {OF_NETWORK.kind: of_network, OF_ALL.kind: b"", OF_ANSWERS.kind: b""}

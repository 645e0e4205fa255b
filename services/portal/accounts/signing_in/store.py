"""Queries of signing in: the bounds of wrong tries, sign-in links, sessions of a holder, who must have an app."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Transaction

from services.portal.accounts import rules
from services.portal.accounts.signing_in.rules import BOUND_BY, MOST_PASSWORDS_OF_A_LINK
from services.portal.accounts.store import account, hashed
from services.portal.schema.tables_accounts import (
    Account,
    AppRequirement,
    Session,
    SignInLink,
    Tries,
)

HOUR = dt.timedelta(hours=1)


def held_tries(transaction: Transaction, counted: Mapping[str, bytes], now: dt.datetime) -> dict[str, int]:
    """Wrong tries of the last BOUND_BY, by kind; those of this hour are locked until the transaction ends.

    counted: of each kind, whose tries. Always in the same order, so that two never wait for each other.
    """
    rows = [{"kind": kind, "of": of, "hour": _hour(now), "tries": 0} for kind, of in sorted(counted.items())]
    held = insert(Tries).values(rows)
    transaction.execute(
        held.on_conflict_do_update(index_elements=["kind", "of", "hour"], set_={"tries": Tries.tries})
    )
    query = (
        select(Tries.kind, func.sum(Tries.tries))
        .where(Tries.kind.in_(counted), Tries.of.in_(set(counted.values())), Tries.hour > now - BOUND_BY)
        .group_by(Tries.kind)
    )
    return {kind: int(number) for kind, number in transaction.execute(query)}


def add_tries(
    transaction: Transaction, counted: Mapping[str, bytes], more: Mapping[str, int], now: dt.datetime
) -> None:
    """Count so many more, of kinds that are held; nothing more is the same work."""
    for kind, of in sorted(counted.items()):
        where = (Tries.kind == kind, Tries.of == of, Tries.hour == _hour(now))
        transaction.execute(update(Tries).where(*where).values(tries=Tries.tries + more.get(kind, 0)))


def _hour(now: dt.datetime) -> dt.datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def drop_what_is_over(transaction: Transaction, now: dt.datetime) -> None:
    """Tries and links that no longer count."""
    transaction.execute(delete(Tries).where(Tries.hour <= now - BOUND_BY - HOUR))
    transaction.execute(delete(SignInLink).where(SignInLink.over_at <= now))


def count_links(transaction: Transaction, account_id: uuid.UUID, now: dt.datetime) -> int:
    """How many sign-in links of an account can be used."""
    query = select(func.count()).where(SignInLink.account_id == account_id, SignInLink.over_at > now)
    return transaction.scalar(query) or 0


def account_of_link(transaction: Transaction, secret: str, now: dt.datetime) -> Account | None:
    """The account of a sign-in link that can be used."""
    query = (
        select(Account)
        .join(SignInLink, SignInLink.account_id == Account.account_id)
        .where(_is_good(secret, now), Account.disabled_at.is_(None))
    )
    return transaction.scalar(query)


def take_try(transaction: Transaction, secret: str, now: dt.datetime) -> Account | None:
    """The account of a link that can be used, for one more password; the try is counted before it is judged."""
    taken = update(SignInLink).where(_is_good(secret, now)).values(passwords=SignInLink.passwords + 1)
    account_id = transaction.scalar(taken.returning(SignInLink.account_id))
    return None if account_id is None else account(transaction, account_id)


def use_link(transaction: Transaction, secret: str) -> bool:
    """Whether the link was there; it is gone now."""
    used = delete(SignInLink).where(SignInLink.link_hash == hashed(secret))
    return transaction.scalar(used.returning(SignInLink.account_id)) is not None


def _is_good(secret: str, now: dt.datetime) -> ColumnElement[bool]:
    return and_(
        SignInLink.link_hash == hashed(secret),
        SignInLink.over_at > now,
        SignInLink.passwords < MOST_PASSWORDS_OF_A_LINK,
    )


def sessions_of(transaction: Transaction, account_id: uuid.UUID, now: dt.datetime) -> Sequence[Session]:
    """The sessions that are not over, the one seen last first."""
    query = select(Session).where(
        Session.account_id == account_id,
        Session.seen_at > now - rules.IDLE_LIMIT,
        Session.created_at > now - rules.SESSION_LIMIT,
    )
    return transaction.scalars(query.order_by(Session.seen_at.desc(), Session.session_hash)).all()


def end_other_sessions(
    transaction: Transaction, account_id: uuid.UUID, session_id: str, only: bytes | None = None
) -> int:
    """End the holder's sessions but this one, or of those only the one with this hash; how many ended."""
    doomed = delete(Session).where(
        Session.account_id == account_id, Session.session_hash != hashed(session_id)
    )
    if only is not None:
        doomed = doomed.where(Session.session_hash == only)
    return len(transaction.scalars(doomed.returning(Session.session_hash)).all())


def take_totp_step(transaction: Transaction, account: Account, step: int) -> bool:
    """Whether this time step's number was not taken before; from now on it was."""
    taken = (
        update(Account)
        .where(Account.account_id == account.account_id, Account.totp_step < step)
        .values(totp_step=step)
        .returning(Account.account_id)
    )
    return transaction.scalar(taken) is not None


def is_app_required(transaction: Transaction, role: str) -> bool:
    """Whether people of this role must have an authenticator app."""
    found = transaction.scalar(select(AppRequirement.is_required).where(AppRequirement.role == role))
    return role in rules.APP_ROLES if found is None else found


def require_app(transaction: Transaction, role: str, is_required: bool, who: str, now: dt.datetime) -> None:
    """From now on people of this role must have an app, or need none."""
    row = {"is_required": is_required, "set_at": now, "set_by": who}
    made = insert(AppRequirement).values(role=role, **row)
    transaction.execute(made.on_conflict_do_update(index_elements=["role"], set_=row))

"""The queries of API tokens."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session as Transaction

from services.portal.schema.tables_accounts import Account, Token

MOST_SHOWN = 100


def find_good(
    transaction: Transaction, token_id: str, now: dt.datetime
) -> tuple[Token, Account | None] | None:
    """The token with this id and its owner's account, unless it is over, was revoked, or its owner is shut out."""
    query = (
        select(Token, Account)
        .outerjoin(Account, Account.account_id == Token.owner_id)
        .where(Token.token_id == token_id, *_good(now))
    )
    found = transaction.execute(query).one_or_none()
    return None if found is None else (found[0], found[1])


def _good(now: dt.datetime) -> tuple:  # type: ignore[type-arg]
    owned = or_(Token.owner_id.is_(None), Account.account_id.is_not(None) & Account.disabled_at.is_(None))
    return (Token.over_at > now, Token.revoked_at.is_(None), owned)


def keep_use(transaction: Transaction, token_id: str, minute: dt.datetime) -> None:
    """The last use; nothing is written where this minute is kept already."""
    older = or_(Token.used_at.is_(None), Token.used_at < minute)
    transaction.execute(update(Token).where(Token.token_id == token_id, older).values(used_at=minute))


def find(transaction: Transaction, token_id: str, *, locked: bool = False) -> Token | None:
    """The token with this id, in whatever state."""
    query = select(Token).where(Token.token_id == token_id.replace("\0", ""))
    return transaction.scalar(query.with_for_update() if locked else query)


def all_tokens(transaction: Transaction) -> Sequence[Token]:
    """The newest first, those that are over too."""
    return transaction.scalars(select(Token).order_by(Token.made_at.desc(), Token.token_id)).all()


def tokens_of(transaction: Transaction, organisation_id: uuid.UUID | None) -> Sequence[Token]:
    """The newest hundred tokens of an organisation; of the council for None. Those that are over too."""
    query = select(Token).where(Token.organisation_id.is_not_distinct_from(organisation_id))
    return transaction.scalars(query.order_by(Token.made_at.desc(), Token.token_id).limit(MOST_SHOWN)).all()


def unconfirmed(transaction: Transaction, now: dt.datetime) -> Sequence[Token]:
    """The council's tokens that nobody confirmed and that are good, the newest hundred."""
    query = (
        select(Token)
        .outerjoin(Account, Account.account_id == Token.owner_id)
        .where(Token.organisation_id.is_(None), Token.confirmed_at.is_(None), *_good(now))
    )
    return transaction.scalars(query.order_by(Token.made_at.desc()).limit(MOST_SHOWN)).all()


def ending(
    transaction: Transaction, now: dt.datetime, before: dt.datetime
) -> Sequence[tuple[Token, Account]]:
    """Good tokens that end before this moment, with the owners who were not told yet; locked."""
    query = (
        select(Token, Account)
        .join(Account, Account.account_id == Token.owner_id)
        .where(Token.over_at < before, Token.warned_at.is_(None), *_good(now))
        .with_for_update(of=Token, skip_locked=True)
    )
    return [(token, owner) for token, owner in transaction.execute(query)]


def revoke(transaction: Transaction, token_id: str, who: str, now: dt.datetime) -> bool:
    """Whether there is a token with this id; it is good no longer. Who revoked it first stays."""
    revoked = (
        update(Token).where(Token.token_id == token_id).values(**_revoked(who, now)).returning(Token.token_id)
    )
    return transaction.scalar(revoked) is not None


def revoke_all_of(transaction: Transaction, owner_id: uuid.UUID, who: str, now: dt.datetime) -> None:
    """The tokens of an account end with it, and don't come back with it."""
    transaction.execute(update(Token).where(Token.owner_id == owner_id).values(**_revoked(who, now)))


def _revoked(who: str, now: dt.datetime) -> dict[str, object]:
    return {
        "revoked_at": func.coalesce(Token.revoked_at, now),
        "revoked_by": func.coalesce(Token.revoked_by, who),
    }

"""The letters to owners of API tokens. None holds a token: it is shown once, where it is made."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session as Transaction

from services.portal.accounts.environment import Parts
from services.portal.letters import mail
from services.portal.letters.words import NOT_YOU, in_words
from services.portal.schema.tables_accounts import Account, Token


def tell_of_new(
    transaction: Transaction, parts: Parts, owner: Account | None, token: Token, now: dt.datetime
) -> None:
    """A token was made, and is this holder's."""
    text = (
        f"An API token of yours was made for {_called(token)}. It ends on {in_words(token.over_at)}, and may:"
    )
    _write(transaction, parts, owner, "An API token was made", f"{text}\n\n{_scopes(token)}", now)


def tell_of_confirmed(
    transaction: Transaction, parts: Parts, owner: Account | None, token: Token, now: dt.datetime
) -> None:
    """A second person has confirmed the token of this holder."""
    text = f"Your API token for {_called(token)} was confirmed by a second person: it writes from now on."
    _write(transaction, parts, owner, "Your API token was confirmed", text, now)


def tell_of_confirming(
    transaction: Transaction, parts: Parts, account: Account, token: Token, now: dt.datetime
) -> None:
    """The operator has named this holder as the one who confirmed a token."""
    text = f"At the command line you were named as who confirmed an API token for {_called(token)}. It may:"
    _write(transaction, parts, account, "You confirmed an API token", f"{text}\n\n{_scopes(token)}", now)


def tell_of_end(
    transaction: Transaction, parts: Parts, owner: Account, token: Token, now: dt.datetime
) -> None:
    """The token of this holder ends soon."""
    text = (
        f"Your API token for {_called(token)} ends on {in_words(token.over_at)}. Make another one before, if the system"
        " that uses it goes on, and revoke this one then."
    )
    _write(transaction, parts, owner, "Your API token ends soon", text, now)


def _write(
    transaction: Transaction, parts: Parts, owner: Account | None, subject: str, text: str, now: dt.datetime
) -> None:
    if owner is not None:
        mail.write(transaction, parts.vault, owner.email, subject, f"{text}\n\n{NOT_YOU}\n", now)


def _called(token: Token) -> str:
    return f"“{token.purpose}” (id {token.token_id})" if token.purpose else f"id {token.token_id}"


def _scopes(token: Token) -> str:
    return "\n".join(f"- {scope}" for scope in token.scopes)

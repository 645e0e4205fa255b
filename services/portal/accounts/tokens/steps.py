"""Bearer tokens of other systems: `caretally_<id>_<secret>`. Each request looks its token up: a revoked one ends at once."""

from __future__ import annotations

import datetime as dt
import hmac
import uuid
from collections.abc import Sequence

from libs.common.errors import Refused
from libs.common.process import logs
from libs.common.rpc import Caller
from services.portal.accounts import store
from services.portal.accounts.environment import Parts
from services.portal.schema.tables_accounts import Token

_log = logs.log(__name__)


def caller_of(parts: Parts, text: str) -> Caller | None:
    """Whom a token lets in; None for one that is unknown, wrong or over."""
    prefix, _, rest = text.partition("_")
    token_id, _, secret = rest.partition("_")
    if prefix != "caretally" or not secret:
        return None
    with parts.sessions.begin() as transaction:
        token = store.token(transaction, token_id, parts.clock())
    if token is None or not hmac.compare_digest(token.secret_hash, store.hashed(secret)):
        return None
    organisation = None if token.organisation_id is None else str(token.organisation_id)
    role = "council" if organisation is None else "provider"
    caller: Caller = {"who": f"token {token_id}", "role": role, "organisation": organisation}
    return caller if token.role is None else {**caller, "staff": token.role}


def id_of(token: str) -> str:
    """The part of a token that names it, and opens nothing."""
    return token.split("_")[1]


def every(parts: Parts) -> Sequence[Token]:
    """All tokens, the newest first; those that are over or revoked too."""
    with parts.sessions.begin() as transaction:
        return store.all_tokens(transaction)


def of_organisation(parts: Parts, organisation_id: uuid.UUID | None) -> Sequence[Token]:
    """The newest hundred of an organisation; of the council for None."""
    with parts.sessions.begin() as transaction:
        return store.tokens_of(transaction, organisation_id)


def find(parts: Parts, token_id: str, organisation_id: uuid.UUID | None) -> Token:
    """One of this organisation's; of the council's for None. Refused `not_found` for any other."""
    with parts.sessions.begin() as transaction:
        found = transaction.get(Token, token_id.replace("\0", ""))
    if found is None or found.organisation_id != organisation_id:
        raise Refused("not_found", "There is no such token.")
    return found


def state_of(token: Token, now: dt.datetime) -> str:
    """`good`, `over` or `revoked`."""
    if token.revoked_at is not None:
        return "revoked"
    return "over" if token.over_at <= now else "good"


def revoke(parts: Parts, token_id: str, who: str) -> None:
    """The token lets nobody in any more. Revoking twice changes nothing; Refused when there is none."""
    with parts.sessions.begin() as transaction:
        if not store.revoke_token(transaction, token_id, who, parts.clock()):
            raise Refused(
                "token_not_found", "There is no token with this id: `caretally token list` shows them."
            )
    _log.info("token_revoked", revoked=token_id, revoked_by=who)

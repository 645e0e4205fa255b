"""Bearer tokens of other systems: `caretally_<id>_<secret>` (RULES 14).

Each request looks its token up, with its owner's account: one that was revoked, or whose owner is shut out, ends at
once, and what its owner may no longer do it may no longer do. Its secret is kept as a hash.
"""

from __future__ import annotations

import datetime as dt
import hmac
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from libs.common.errors import Refused
from libs.common.process import logs
from libs.common.rights import table
from libs.common.rpc import Caller
from services.portal.accounts import store as accounts_store
from services.portal.accounts.environment import Parts
from services.portal.accounts.tokens import letters, rules, store
from services.portal.schema.tables_accounts import Account, Token
from services.portal.web.names.organisations import Organisation

OPERATOR = "command line"
"""Who makes tokens without an owner's account: whoever runs the machine."""
_log = logs.log(__name__)


@dataclass(frozen=True)
class Known:
    """Who asks with a token, and what it could do if a second person had confirmed it."""

    caller: Caller
    unconfirmed: frozenset[str]


def add(
    parts: Parts,
    organisation: Organisation | None,
    days: int,
    made_by: str,
    purpose: str = "",
    role: str | None = None,
    *,
    owner: Account | None = None,
    scopes: Collection[str] | None = None,
    confirmed_by: Account | None = None,
) -> str:
    """A bearer token, which is nowhere else. organisation: None for the council's.

    owner: the account that it ends with; None for the operator of the machine, whose token of the council may have the
    eyes of a role of its people. scopes: what it may; all that it can have when None. confirmed_by: the second person,
    where the operator vouches for them. Refused ``no_such_role``, ``not_owner``, and what the rules of tokens refuse.
    """
    is_council = organisation is None
    if role is not None and (not is_council or owner is not None or role not in table.COUNCIL_ROLES):
        raise Refused("no_such_role", "A token of the council can have a role of its people, and no other.")
    if owner is not None and owner.organisation_id != (organisation and organisation.organisation_id):
        raise Refused("not_owner", "The owner of a token must be of the organisation whose data it opens.")
    possible = rules.scopes_to_give(owner.role if owner else None, role, is_council=is_council)
    now = parts.clock()
    token_id, secret = parts.chance.randbytes(8).hex(), parts.random_id()
    made = Token(
        token_id=token_id,
        secret_hash=accounts_store.hashed(secret),
        organisation=organisation.name if organisation else None,
        organisation_id=organisation.organisation_id if organisation else None,
        made_by=made_by,
        made_at=now,
        over_at=now + dt.timedelta(days=rules.require_days(days)),
        purpose=purpose,
        role=role,
        owner_id=owner and owner.account_id,
        scopes=rules.require_scopes(scopes, possible),
    )
    if confirmed_by is not None:
        _confirm(made, confirmed_by, now)
    with parts.sessions.begin() as transaction:
        transaction.add(made)
        letters.tell_of_new(transaction, parts, owner, made, now)
        if confirmed_by is not None:
            letters.tell_of_confirming(transaction, parts, confirmed_by, made, now)
    return f"caretally_{token_id}_{secret}"


def confirm(parts: Parts, token_id: str, account: Account) -> None:
    """A second person says that this token of the council may write.

    Refused ``not_found``, ``wrong_state`` for one that waits for nobody, ``own_token`` and ``not_allowed``.
    """
    now = parts.clock()
    with parts.sessions.begin() as transaction:
        token = store.find(transaction, token_id, locked=True)
        if token is None or token.organisation_id is not None:
            raise Refused("not_found", "There is no such token.")
        if state_of(token, now) != "waiting":
            raise Refused("wrong_state", "The token waits for nobody.")
        _confirm(token, account, now)
        owner = token.owner_id and accounts_store.account(transaction, token.owner_id)
        letters.tell_of_confirmed(transaction, parts, owner or None, token, now)
    _log.info("token_confirmed", token=token_id, confirmed_by=str(account.account_id))


def _confirm(token: Token, account: Account, now: dt.datetime) -> None:
    who = str(account.account_id)
    refused = rules.refusal_to_confirm(account.role, who, str(token.owner_id), token.made_by, token.scopes)
    if refused is not None or account.disabled_at is not None:
        raise refused or Refused("not_allowed", "The account that confirms is disabled.")
    token.confirmed_by, token.confirmed_at = who, now


def know(parts: Parts, text: str) -> Known | None:
    """Whom a token lets in; None for one that is unknown, wrong or over, or whose owner is shut out."""
    prefix, _, rest = text.partition("_")
    token_id, _, secret = rest.partition("_")
    if prefix != "caretally" or not secret:
        return None
    now = parts.clock()
    with parts.sessions.begin() as transaction:
        found = store.find_good(transaction, token_id.replace("\0", ""), now)
        if found is None:
            return None
        token, owner = found
        is_right = hmac.compare_digest(token.secret_hash, accounts_store.hashed(secret))
        if not is_right or (owner is not None and owner.organisation_id != token.organisation_id):
            return None
        if token.used_at is None or token.used_at < rules.minute_of(now):
            store.keep_use(transaction, token_id, rules.minute_of(now))
    return _known(token, owner)


def _known(token: Token, owner: Account | None) -> Known:
    organisation = None if token.organisation_id is None else str(token.organisation_id)
    scopes, unconfirmed = rules.scopes_now(
        token.scopes,
        rules.scopes_to_give(owner.role if owner else None, token.role, is_council=organisation is None),
        is_council=organisation is None,
        is_confirmed=token.confirmed_at is not None,
    )
    caller: Caller = {
        "who": f"token {token.token_id}",
        "role": "council" if organisation is None else "provider",
        "organisation": organisation,
        "scopes": sorted(scopes),
    }
    staff = token.role if owner is None or organisation is not None else owner.role
    return Known(caller if staff is None else {**caller, "staff": staff}, unconfirmed)


def caller_of(parts: Parts, text: str) -> Caller | None:
    """Whom a token lets in, as services are told."""
    known = know(parts, text)
    return known.caller if known else None


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
        found = store.find(transaction, token_id)
    if found is None or found.organisation_id != organisation_id:
        raise Refused("not_found", "There is no such token.")
    return found


def state_of(token: Token, now: dt.datetime) -> str:
    """`good`, `waiting` for a second person, `over` or `revoked`."""
    is_council = token.organisation_id is None
    waits = token.confirmed_at is None and rules.needs_second_person(token.scopes, is_council=is_council)
    return rules.state_of(
        is_revoked=token.revoked_at is not None, over_at=token.over_at, waits=waits, now=now
    )


def may_confirm(token: Token, account: Account, now: dt.datetime) -> bool:
    """Whether a token waits for a second person, and this holder can be it."""
    who, owner = str(account.account_id), str(token.owner_id)
    return (
        state_of(token, now) == "waiting"
        and rules.refusal_to_confirm(account.role, who, owner, token.made_by, token.scopes) is None
    )


def count_to_confirm(parts: Parts, account: Account) -> int:
    """How many tokens wait for this holder to confirm them."""
    now = parts.clock()
    with parts.sessions.begin() as transaction:
        return sum(may_confirm(token, account, now) for token in store.unconfirmed(transaction, now))


def warn_of_ends(parts: Parts, now: dt.datetime) -> None:
    """Tell the owners of tokens that end within a week, once each."""
    with parts.sessions.begin() as transaction:
        for token, owner in store.ending(transaction, now, now + rules.WARNED_BEFORE):
            letters.tell_of_end(transaction, parts, owner, token, now)
            token.warned_at = now


def revoke(parts: Parts, token_id: str, who: str) -> None:
    """The token lets nobody in any more. Revoking twice changes nothing; Refused when there is none."""
    with parts.sessions.begin() as transaction:
        if not store.revoke(transaction, token_id, who, parts.clock()):
            raise Refused(
                "token_not_found", "There is no token with this id: `caretally token list` shows them."
            )
    _log.info("token_revoked", revoked=token_id, revoked_by=who)

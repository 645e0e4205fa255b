"""Bearer tokens of other systems: `caretally_<id>_<secret>`."""

from __future__ import annotations

import hmac

from libs.common.rpc import Caller
from services.portal import store
from services.portal.parts import Parts


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
    return {"who": f"token {token_id}", "role": role, "organisation": organisation}

"""Who asks the API: the holder of a bearer token, for its organisation or for the council."""

from __future__ import annotations

from flask import g, request

from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.portal.accounts.tokens import steps as tokens_steps
from services.portal.web.access import the_parts


def caller_of_request() -> Caller:
    """Who asks; what the token could do if it were confirmed is ``g.unconfirmed``.

    Raises Refused ``not_signed_in``, in the same words whatever is wrong with the token.
    """
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    known = tokens_steps.know(the_parts(), token.strip()) if kind.lower() == "bearer" else None
    if known is None:
        raise Refused(
            "not_signed_in",
            "Send a valid token: Authorization: Bearer TOKEN. Tokens end; the council gives a new one.",
        )
    g.unconfirmed = known.unconfirmed
    return known.caller

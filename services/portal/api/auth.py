"""Who asks the API: the holder of a bearer token, for its organisation or for the council."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app, request

from libs.common.errors import Refused
from libs.common.rpc import Caller

CALLER_OF_TOKEN = "CALLER_OF_TOKEN"  # noqa: S105 - the name of a setting
"""app.config: a function from a token's text to its Caller, None for one that is unknown or over; the portal's own
tokens when it is not set."""

CallerOfToken = Callable[[str], Caller | None]


def caller_of_request() -> Caller:
    """Who asks. Raises Refused ``not_signed_in``, in the same words whatever is wrong with the token."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    look_up: CallerOfToken = current_app.config.get(CALLER_OF_TOKEN) or _known_token
    caller = look_up(token.strip()) if kind.lower() == "bearer" and token.strip() else None
    if caller is None:
        raise Refused(
            "not_signed_in",
            "Send a valid token: Authorization: Bearer TOKEN. Tokens end; the council gives a new one.",
        )
    return caller


def _known_token(token: str) -> Caller | None:
    """The portal's own tokens."""
    from services.portal import tokens  # accounts are one way in; whoever gives another needs none of them

    parts = current_app.extensions.get("accounts")
    return None if parts is None else tokens.caller_of(parts, token)

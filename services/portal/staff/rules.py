"""The rules of accounts of the council (RULES 14), pure: who may ask, who may agree, and what a list says of each."""

from __future__ import annotations

import datetime as dt
from typing import Final

from libs.common.errors import Refused
from libs.common.rights import table

NEW_ACCOUNT: Final = "new_account"
CHANGE_ROLE: Final = "change_role"
LET_IN: Final = "let_in"
KINDS: Final = {
    NEW_ACCOUNT: "New account",
    CHANGE_ROLE: "Another role",
    LET_IN: "Let in again",
}
"""What is asked for an account of the council."""

WAITS_FOR: Final = dt.timedelta(days=14)
"""Not in RULES: what was asked longer ago is not confirmed any more; whoever wants it still asks again."""
LONGEST_NAME: Final = 100

STATES: Final = {
    "good": ("In use", "govuk-tag--green"),
    "new": ("Never signed in", "govuk-tag--yellow"),
    "locked": ("Sign-in locked", "govuk-tag--orange"),
    "ended": ("Ended", "govuk-tag--grey"),
}


def refusal_to_ask(asker: str, asker_role: str, subject: str | None, wanted: str) -> Refused | None:
    """Why somebody can't ask that an account has a role; None when they can. subject: whose it is, None for a new one."""
    if wanted not in table.MADE_BY:
        return Refused("role_unknown", "There is no such role of the council.", {"field": "role"})
    if asker == subject:
        return Refused("own_account", "Nobody changes the role of their own account: ask a colleague.")
    if not table.may_ask_for_account(asker_role, wanted):
        return Refused("not_allowed", "Your role asks for no accounts of the council.")
    return None


def refusal_to_confirm(who: str, role: str, asker: str, subject: str | None, wanted: str) -> Refused | None:
    """Why somebody can't be the second person for what was asked; None when they can."""
    if who == asker:
        return Refused("own_request", "Somebody else must confirm what you have asked for.")
    if who == subject:
        return Refused("own_account", "Nobody confirms a role of their own account.")
    if not table.may_confirm_account(role, wanted):
        return Refused(
            "not_allowed",
            "Whoever confirms an account must have the rights over money that it gets, or approve payments.",
        )
    return None


def is_over(asked_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a request has waited too long to be confirmed."""
    return now - asked_at >= WAITS_FOR


def state_of(*, is_ended: bool, is_locked: bool, has_come: bool) -> str:
    """One of STATES. has_come: whether its holder signed in ever."""
    if is_ended:
        return "ended"
    if is_locked:
        return "locked"
    return "good" if has_come else "new"


def second_step(*, has_app: bool, has_code: bool, is_connected: bool) -> str:
    """How the second step of signing in is taken. is_connected: to the council's OpenID provider."""
    own = "Security code and authenticator app" if has_app else "Security code" if has_code else "Not set up"
    return f"{own}; connected to the council’s own sign-in" if is_connected else own

"""The rules of API tokens (RULES 14), pure: scopes, owner, end, last use, second person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Final

from libs.common.errors import Refused
from libs.common.rights import table

DEFAULT_DAYS: Final = 90
MOST_DAYS: Final = 365
WARNED_BEFORE: Final = dt.timedelta(days=7)
"""How long before its end the owner is told; not in RULES."""


def scopes_to_give(owner_role: str | None, eyes: str | None, *, is_council: bool) -> frozenset[str]:
    """What a token can have: of an owner's role, or, where the operator owns it, of the role whose `eyes` it has."""
    if owner_role is not None:
        return table.scopes_of((owner_role,))
    if not is_council:
        return table.scopes_of(table.PROVIDER_ROLES)
    return table.scopes_of((eyes,)) if eyes else table.scopes_without_role()


def require_scopes(asked: Collection[str] | None, possible: frozenset[str]) -> list[str]:
    """The scopes of a new token: those asked for; all that are possible, where none are named.

    Raises Refused ``scope_unknown``, ``scope_not_yours`` (nobody can give more than they have) and ``no_scopes``.
    """
    wanted = possible if asked is None else frozenset(asked)
    unknown = sorted(wanted - table.TABLE.keys())
    if unknown:
        known = ", ".join(sorted(possible))
        raise Refused("scope_unknown", f"There is no scope “{unknown[0]}”: give some of {known}.", _FIELD)
    beyond = sorted(wanted - possible)
    if beyond:
        raise Refused("scope_not_yours", f"The scope “{beyond[0]}” is not the owner’s to give.", _FIELD)
    if not wanted:
        raise Refused(
            "no_scopes", "Say what the token is for: a token without a scope can do nothing.", _FIELD
        )
    return sorted(wanted)


_FIELD: Final = {"field": "scopes"}


def require_days(days: int) -> int:
    """How long a new token is good. Raises Refused ``days_wrong``."""
    if not 0 <= days <= MOST_DAYS:
        raise Refused("days_wrong", f"A token is good for at most {MOST_DAYS} days.", {"field": "days"})
    return days


def needs_second_person(scopes: Collection[str], *, is_council: bool) -> bool:
    """A council token that writes."""
    return is_council and table.is_writing(scopes)


def scopes_now(
    given: Collection[str], possible: frozenset[str], *, is_council: bool, is_confirmed: bool
) -> tuple[frozenset[str], frozenset[str]]:
    """What a token may now, and what it will when a second person has confirmed it.

    given: when it was made. possible: what could be given to it today, by the role that its owner has today.
    """
    kept = frozenset(given) & possible
    if is_council and not is_confirmed:
        return kept - table.WRITES, kept & table.WRITES
    return kept, frozenset()


def refusal_to_confirm(
    role: str, who: str, owner: str, made_by: str, scopes: Collection[str]
) -> Refused | None:
    """Why somebody can't be a token's second person; None when they can."""
    if who in (owner, made_by):
        return Refused("own_token", "Somebody else must confirm a token that you have made.")
    if table.side_of(role) != "council" or not table.may_confirm(role, scopes):
        return Refused(
            "not_allowed", "Whoever confirms a token must have the rights that it has, or approve payments."
        )
    return None


def minute_of(moment: dt.datetime) -> dt.datetime:
    """To which a token's last use is kept: one write a minute at most, however many requests there are."""
    return moment.replace(second=0, microsecond=0)


def state_of(*, is_revoked: bool, over_at: dt.datetime, waits: bool, now: dt.datetime) -> str:
    """`good`, `waiting` (for a second person: it reads meanwhile), `over` or `revoked`."""
    if is_revoked:
        return "revoked"
    if over_at <= now:
        return "over"
    return "waiting" if waits else "good"

"""Who is signed in, from where, and what a browser is given for it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """Where a try to sign in comes from: a network address, and what the browser says it is, in words."""

    address: str = ""
    device: str = ""


UNKNOWN = Origin()


@dataclass(frozen=True)
class SignedIn:
    """Who asks: an account and its session. is_app_required: of people in this role."""

    account_id: uuid.UUID
    session_id: str
    counter: str
    is_app_required: bool = False


@dataclass(frozen=True)
class Opened:
    """What a browser that was just signed in is given: all but the subject are for its cookies."""

    account_id: uuid.UUID
    session_id: str
    subject: str
    browser: str

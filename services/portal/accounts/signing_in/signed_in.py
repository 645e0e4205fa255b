"""Who is signed in, and what a browser is given for it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class SignedIn:
    """Who asks: an account and its session."""

    account_id: uuid.UUID
    session_id: str
    counter: str


@dataclass(frozen=True)
class Opened:
    """What a browser that was just signed in is given: all but the subject are for its cookies."""

    account_id: uuid.UUID
    session_id: str
    subject: str
    browser: str

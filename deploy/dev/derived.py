"""Passwords that follow from one word: for benches and tests, whose servers nobody else gets at."""

from __future__ import annotations

import hashlib
import hmac

from deploy.ops.roles import Passwords


def derived_from(word: str) -> Passwords:
    """HMAC-SHA256 over the name of the role or user, keyed with the word."""
    return lambda name: hmac.new(word.encode(), name.encode(), hashlib.sha256).hexdigest()

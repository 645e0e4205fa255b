"""The database roles of a stack and the broker's users: their passwords and URLs."""

from __future__ import annotations

import hashlib
import hmac
import os
from urllib.parse import quote, urlsplit

SCHEMAS = ("ingest", "matching", "payments", "disputes", "portal")
READER = "caretally_reader"
APPENDER = "portal_appender"
"""It chains the audit trail and the evidence by hash; no service and no command has its password."""


def role_names() -> tuple[str, ...]:
    """All roles, without the stack's prefix."""
    kinds = ("owner", "rpc", "work")
    return (*(f"{schema}_{kind}" for schema in SCHEMAS for kind in kinds), READER, APPENDER)


def full_name(role: str, prefix: str | None = None) -> str:
    """The role's name in the cluster. `prefix` (else CARETALLY_PREFIX) keeps two stacks of one cluster apart."""
    return (os.environ.get("CARETALLY_PREFIX", "") if prefix is None else prefix) + role


def role_password(role: str, secret: str | None = None, prefix: str | None = None) -> str:
    """HMAC-SHA256 over the role's full name, keyed with the stack's secret (CARETALLY_SECRET)."""
    key = os.environ["CARETALLY_SECRET"] if secret is None else secret
    return hmac.new(key.encode(), full_name(role, prefix).encode(), hashlib.sha256).hexdigest()


def role_url(admin_url: str, role: str, secret: str | None = None, prefix: str | None = None) -> str:
    """The URL with which this role opens the admin URL's database."""
    parts = urlsplit(admin_url)
    place = parts.netloc.rpartition("@")[2]
    user = quote(full_name(role, prefix), safe="")
    return parts._replace(netloc=f"{user}:{role_password(role, secret, prefix)}@{place}").geturl()


def amqp_user_password(user: str, secret: str | None = None) -> str:
    """As for a role; a service's user and its roles have different ones."""
    return role_password(f"amqp_{user}", secret)


def amqp_url_of(amqp_url: str, user: str, secret: str | None = None) -> str:
    """The broker's URL for this user."""
    parts = urlsplit(amqp_url)
    place = parts.netloc.rpartition("@")[2]
    name = quote(full_name(user), safe="")
    return parts._replace(netloc=f"{name}:{amqp_user_password(user, secret)}@{place}").geturl()

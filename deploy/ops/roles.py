"""The database roles of a stack and the broker's users: who has a password, and their URLs."""

from __future__ import annotations

import os
from collections.abc import Callable

from libs.common.process.given import as_user

SCHEMAS = ("ingest", "matching", "payments", "disputes", "portal")
READER = "caretally_reader"
APPENDER = "portal_appender"
"""It chains the audit trail and the evidence by hash; no service and no command has its password."""

Passwords = Callable[[str], str]
"""The password of a role of the database, or of a user of the broker, by its name without the stack's prefix."""


def role_names() -> tuple[str, ...]:
    """All roles, without the stack's prefix."""
    kinds = ("owner", "rpc", "work")
    return (*(f"{schema}_{kind}" for schema in SCHEMAS for kind in kinds), READER, APPENDER)


def login_names() -> tuple[str, ...]:
    """The roles that have a password. Owners have none: who migrates is an administrator and takes their place."""
    return tuple(role for role in role_names() if not role.endswith("_owner"))


def full_name(role: str, prefix: str | None = None) -> str:
    """The role's name in the cluster. `prefix` (else CARETALLY_PREFIX) keeps two stacks of one cluster apart."""
    return (os.environ.get("CARETALLY_PREFIX", "") if prefix is None else prefix) + role


def role_url(admin_url: str, role: str, passwords: Passwords, prefix: str | None = None) -> str:
    """The URL with which this role opens the admin URL's database."""
    return as_user(admin_url, full_name(role, prefix), passwords(role))


def amqp_url_of(amqp_url: str, user: str, passwords: Passwords) -> str:
    """The broker's URL for this user."""
    return as_user(amqp_url, full_name(user), passwords(user))

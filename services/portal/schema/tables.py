"""All tables of the portal, for who looks at the schema as a whole."""

from services.portal.schema.base import metadata
from services.portal.schema.tables_accounts import (
    Account,
    Attempts,
    KnownBrowser,
    Link,
    ResetRequest,
    Session,
    SignIn,
    Token,
)
from services.portal.schema.tables_letters import Letter, Subscription, Told
from services.portal.schema.tables_people import ChangeRequest, Contact
from services.portal.schema.tables_requests import Audit, AuditEnd, Handle, IdempotencyKey, UnsentForm

APPEND_ONLY = ("audit", "audit_ends")

__all__ = [
    "APPEND_ONLY",
    "Account",
    "Attempts",
    "Audit",
    "AuditEnd",
    "ChangeRequest",
    "Contact",
    "Handle",
    "IdempotencyKey",
    "KnownBrowser",
    "Letter",
    "Link",
    "ResetRequest",
    "Session",
    "SignIn",
    "Subscription",
    "Token",
    "Told",
    "UnsentForm",
    "metadata",
]

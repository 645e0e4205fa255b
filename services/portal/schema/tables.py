"""All tables of the portal, for who looks at the schema as a whole."""

from services.portal.schema.base import metadata
from services.portal.schema.tables_accounts import (
    Account,
    AppRequirement,
    Attempts,
    KnownBrowser,
    Link,
    ResetRequest,
    Session,
    SignIn,
    SignInLink,
    Token,
    Tries,
)
from services.portal.schema.tables_bulk import BulkAction, BulkRow
from services.portal.schema.tables_evidence import ChainBatch, ChainPlace, Evidence
from services.portal.schema.tables_filters import SavedFilter
from services.portal.schema.tables_letters import Letter, Subscription, Told
from services.portal.schema.tables_people import ChangeRequest, Contact
from services.portal.schema.tables_protection import SubjectExport
from services.portal.schema.tables_requests import Audit, AuditEnd, Handle, IdempotencyKey, UnsentForm
from services.portal.schema.tables_storage import Storage, StorageSweep, StoredObject

APPEND_ONLY = ("audit", "audit_ends", "evidence")
ONLY_READ = ("chain_places", "chain_batches")
"""What no role of a service may even add to."""
DATABASE_SAYS = {"evidence": ("at",)}
"""Columns of what may be added to that nobody may give but the database."""
CHAINED = {"audit": "action_id", "audit_ends": "action_id", "evidence": "event_id"}
"""The tables whose rows are chained by hash, and their keys."""

__all__ = [
    "APPEND_ONLY",
    "CHAINED",
    "DATABASE_SAYS",
    "ONLY_READ",
    "Account",
    "AppRequirement",
    "Attempts",
    "Audit",
    "AuditEnd",
    "BulkAction",
    "BulkRow",
    "ChainBatch",
    "ChainPlace",
    "ChangeRequest",
    "Contact",
    "Evidence",
    "Handle",
    "IdempotencyKey",
    "KnownBrowser",
    "Letter",
    "Link",
    "ResetRequest",
    "SavedFilter",
    "Session",
    "SignIn",
    "SignInLink",
    "Storage",
    "StorageSweep",
    "StoredObject",
    "SubjectExport",
    "Subscription",
    "Token",
    "Told",
    "Tries",
    "UnsentForm",
    "metadata",
]

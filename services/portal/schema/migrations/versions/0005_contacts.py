"""Contacts of providers and their change requests. Whoever has an account already is a contact too."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

KNOWN_BY_THEIR_ACCOUNTS = """
    INSERT INTO portal.contacts
        (contact_id, organisation_id, organisation, details, roles, account_id, made_at, changed_at)
    SELECT gen_random_uuid(), organisation_id, organisation, jsonb_build_object('portal_email', email),
        ARRAY[role], account_id, made_at, made_at
    FROM portal.accounts WHERE organisation_id IS NOT NULL
"""


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "contacts",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("contact_id"),
        sa.UniqueConstraint("account_id"),
        schema="portal",
    )
    op.create_index("contacts_of", "contacts", ["organisation_id"], unique=False, schema="portal")
    op.execute(KNOWN_BY_THEIR_ACCOUNTS)
    op.create_table(
        "change_requests",
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("entity_name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("wanted", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("rejection_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("change_id"),
        schema="portal",
    )
    op.create_index(
        "change_requests_of",
        "change_requests",
        ["organisation_id", "submitted_at", "change_id"],
        unique=False,
        schema="portal",
    )
    op.create_index(
        "change_requests_newest",
        "change_requests",
        ["submitted_at", "change_id"],
        unique=False,
        schema="portal",
    )
    op.create_index(
        "change_requests_pending",
        "change_requests",
        ["submitted_at"],
        unique=False,
        schema="portal",
        postgresql_where=sa.text("state = 'pending'"),
    )

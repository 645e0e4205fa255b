"""Doubts about visits, the looks that found them, and samples; the council alone sees them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

TABLES = ("doubts", "doubt_looks", "samples")


def upgrade() -> None:
    """Three tables; the worker's role bypasses their policies, a provider sees no row."""
    op.create_table(
        "doubt_looks",
        sa.Column("finder", sa.Text(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("finder", "monday", "organisation_id"),
        schema="disputes",
    )
    op.create_table(
        "doubts",
        sa.Column("doubt_id", sa.Uuid(), nullable=False),
        sa.Column("finder", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("client_reference", sa.Text(), nullable=False),
        sa.Column("cpli_id", sa.BigInteger(), nullable=True),
        sa.Column("visits", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_why", sa.Text(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("sample_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("doubt_id"),
        schema="disputes",
    )
    op.create_index("doubts_of_week", "doubts", ["monday", "state", "organisation_id"], schema="disputes")
    op.create_index(
        "doubts_proposed",
        "doubts",
        ["monday"],
        schema="disputes",
        postgresql_where=sa.text("state = 'proposed' AND sample_id IS NULL"),
    )
    op.create_index(
        "doubts_of_sample",
        "doubts",
        ["sample_id"],
        schema="disputes",
        postgresql_where=sa.text("sample_id IS NOT NULL"),
    )
    op.create_table(
        "samples",
        sa.Column("sample_id", sa.Uuid(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("out_of", sa.BigInteger(), nullable=False),
        sa.Column("picked_by", sa.Text(), nullable=False),
        sa.Column("picked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sample_id"),
        schema="disputes",
    )
    op.create_index("samples_of_week", "samples", ["monday", "picked_at"], schema="disputes")
    for table in TABLES:
        op.execute(f"ALTER TABLE disputes.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE disputes.{table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY council ON disputes.{table}"
            " USING (current_setting('app.role', true) IN ('council', 'system'))"
        )

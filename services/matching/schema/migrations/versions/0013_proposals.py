"""Proposals that a second person approves, and visit types that change from a planned date on (RULES 6, 8)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

NOW = sa.text("now()")


def upgrade() -> None:
    """Three tables whose rows are only added."""
    op.create_table(
        "proposals",
        sa.Column("proposal_id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wanted", postgresql.JSONB(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        schema="matching",
    )
    op.create_index("proposals_by_time", "proposals", ["proposed_at", "proposal_id"], schema="matching")
    op.create_table(
        "proposal_decisions",
        sa.Column("proposal_id", sa.Uuid(), primary_key=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        schema="matching",
    )
    op.create_table(
        "visit_type_changes",
        sa.Column("change_id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("paid", sa.Boolean(), nullable=False),
        sa.Column("charged", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        schema="matching",
    )
    op.create_index(
        "visit_type_changes_of",
        "visit_type_changes",
        ["ref", "effective_from", "change_id"],
        schema="matching",
    )

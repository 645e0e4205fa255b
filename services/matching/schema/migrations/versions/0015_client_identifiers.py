"""The identifiers that a client has or had, and clients that were merged into another."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"

# What clients are known by until now; a client's first StartDate is that of the first of all its CPLIs.
KNOWN = """
INSERT INTO matching.client_identifiers (identifier, given, client_id, from_on, starts)
SELECT i.mark || i.value, nextval('matching.version'), k.client_id, coalesce(c.first_on, '0001-01-01'), coalesce(c.starts, '{}')
FROM matching.clients k
CROSS JOIN LATERAL (VALUES ('S:', k.ssref), ('C:', k.client_ref), ('N:', k.nhs_number)) i (mark, value)
LEFT JOIN (
    SELECT client_id, min(start_on) AS first_on, jsonb_object_agg(cpli_id::text, start_on) AS starts
    FROM matching.cplis GROUP BY client_id
) c ON c.client_id = k.client_id
WHERE i.value IS NOT NULL
"""


def upgrade() -> None:
    """Two tables, which are asked through the clients, as those are through their care."""
    op.create_table(
        "client_identifiers",
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("given", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("starts", JSONB(), nullable=False),
        sa.Column("is_merged", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("identifier", "given"),
        schema="matching",
    )
    op.create_index("identifiers_of_client", "client_identifiers", ["client_id"], schema="matching")
    op.execute("ALTER TABLE matching.cplis NO FORCE ROW LEVEL SECURITY")
    op.execute(KNOWN)
    op.execute("ALTER TABLE matching.cplis FORCE ROW LEVEL SECURITY")
    op.create_table(
        "client_merges",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("into_client_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("client", JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("merged_by", sa.Text(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("client_id"),
        schema="matching",
    )
    op.create_index("merges_into_client", "client_merges", ["into_client_id"], schema="matching")

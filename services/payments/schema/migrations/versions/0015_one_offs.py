"""One-off payments: what payments knows of a package, and the stays that accepted claims pay for."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

MAY_SEE = """
    (SELECT current_setting('app.role', true) IN ('council', 'system'))
    OR organisation_id = (SELECT nullif(current_setting('app.organisation', true), '')::uuid)
"""
KEPT_OF_CLAIMS = """
    INSERT INTO payments.claimed_stays (item_id, organisation_id, client_id, admitted_on, discharged_on)
    SELECT item_id, organisation_id, client_id, CAST(explanation ->> 'first_on' AS date),
        CAST(explanation ->> 'last_on' AS date)
    FROM payments.items WHERE series = 'claims' AND client_id IS NOT NULL
"""


def upgrade() -> None:
    """Packages say no unit until ``resync`` has them said again; claims from before keep the days that they pay for."""
    op.add_column(
        "packages", sa.Column("unit", sa.Text(), server_default="", nullable=False), schema="payments"
    )
    op.add_column(
        "packages", sa.Column("frequency", sa.Text(), server_default="", nullable=False), schema="payments"
    )
    op.add_column(
        "packages",
        sa.Column("authorised", sa.Boolean(), server_default=sa.true(), nullable=False),
        schema="payments",
    )
    op.add_column(
        "packages",
        sa.Column("service_level", sa.Text(), server_default="", nullable=False),
        schema="payments",
    )
    op.create_index(
        "one_offs_of_client",
        "packages",
        ["client_id"],
        schema="payments",
        postgresql_where=sa.text("unit = 'Payment' AND frequency = 'One-off'"),
    )
    op.create_index(
        "one_offs_once",
        "items",
        ["cpli_id", "ordinal"],
        unique=True,
        schema="payments",
        postgresql_where=sa.text("series = 'one_off'"),
    )
    op.create_table(
        "claimed_stays",
        sa.Column("item_id", sa.Uuid(), primary_key=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("admitted_on", sa.Date(), nullable=False),
        sa.Column("discharged_on", sa.Date(), nullable=False),
        schema="payments",
    )
    op.create_index("claimed_stays_of_client", "claimed_stays", ["client_id"], schema="payments")
    op.execute(KEPT_OF_CLAIMS)
    op.execute("ALTER TABLE payments.claimed_stays ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE payments.claimed_stays FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY organisation ON payments.claimed_stays USING ({MAY_SEE})")

"""Row-level security: a provider sees its own organisation's rows, council and system see all."""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = ("services", "cplis", "visits", "weeks")
MAY_SEE = """
    current_setting('app.role', true) IN ('council', 'system')
    OR organisation_id = nullif(current_setting('app.organisation', true), '')::uuid
"""


def upgrade() -> None:
    """Force the policy also on the owner of the tables; the worker's role bypasses it."""
    for table in TABLES:
        op.execute(f"ALTER TABLE matching.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE matching.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY organisation ON matching.{table} USING ({MAY_SEE})")

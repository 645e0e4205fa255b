"""Who may see a row is asked once a statement, not once a row.

PostgreSQL then plans for a council that sees half of a table, in place of next to nothing of it: in truth it sees all.
"""

from alembic import op

revision = "0010"
down_revision = "0009"

TABLES = (
    "contract_document_notes",
    "contract_documents",
    "cplis",
    "services",
    "visits",
    "weeks",
)
OF_COUNCIL = ("client_circumstances",)
MAY_SEE = """
    (SELECT current_setting('app.role', true) IN ('council', 'system'))
    OR organisation_id = (SELECT nullif(current_setting('app.organisation', true), '')::uuid)
"""
COUNCIL_MAY_SEE = "(SELECT current_setting('app.role', true) IN ('council', 'system'))"


def upgrade() -> None:
    """The same policies, in other words."""
    for table in TABLES:
        op.execute(f"ALTER POLICY organisation ON matching.{table} USING ({MAY_SEE})")
    for table in OF_COUNCIL:
        op.execute(f"ALTER POLICY council ON matching.{table} USING ({COUNCIL_MAY_SEE})")

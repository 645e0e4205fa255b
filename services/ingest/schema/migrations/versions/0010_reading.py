"""Warnings for a file have a code and rows; clients' references of digits are kept, which spreadsheets cut (RULES 19).

References are known from the care that arrives from now on; `caretally resync care` has all of it said again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

MAY_SEE = """
    (SELECT current_setting('app.role', true) IN ('council', 'system'))
    OR organisation_id = (SELECT nullif(current_setting('app.organisation', true), '')::uuid)
"""


def upgrade() -> None:
    """Sentences of files before become documents; they were all about columns. One table."""
    op.execute(
        "UPDATE ingest.visits_files SET file_warnings = (SELECT jsonb_agg(jsonb_build_object("
        "'code', 'extra_columns', 'rows', NULL, 'row', NULL, 'message', sentence) ORDER BY place)"
        " FROM jsonb_array_elements_text(file_warnings) WITH ORDINALITY AS said (sentence, place))"
        " WHERE file_warnings <> '[]'"
    )
    op.create_table(
        "client_references",
        sa.Column("cpli_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("cpli_id"),
        schema="ingest",
    )
    op.create_index("client_references_of", "client_references", ["organisation_id"], schema="ingest")
    op.execute("ALTER TABLE ingest.client_references ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE ingest.client_references FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY organisation ON ingest.client_references USING ({MAY_SEE})")

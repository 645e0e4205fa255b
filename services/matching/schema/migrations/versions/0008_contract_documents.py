"""Contract documents: what each says for good, whether it was answered, and notes of who did what when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

MAY_SEE = """
    current_setting('app.role', true) IN ('council', 'system')
    OR organisation_id = nullif(current_setting('app.organisation', true), '')::uuid
"""
# Whoever asks, and by whatever role: what was published stays as it was.
REFUSE = """
    CREATE FUNCTION matching.refuse_change_of_document() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a contract document is never changed: publish another one';
    END $$
"""
SAYS_STAYS = """
    CREATE TRIGGER says_stays BEFORE UPDATE ON matching.contract_documents FOR EACH ROW
    WHEN (to_jsonb(OLD) - '{status,updated_at}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{status,updated_at}'::text[])
    EXECUTE FUNCTION matching.refuse_change_of_document()
"""
DOCUMENT_STAYS = """
    CREATE TRIGGER document_stays BEFORE DELETE ON matching.contract_documents FOR EACH ROW
    EXECUTE FUNCTION matching.refuse_change_of_document()
"""


def upgrade() -> None:
    """Two tables; care that is known already gets no document for having been set up."""
    op.create_table(
        "contract_documents",
        sa.Column("document_id", sa.Uuid(), primary_key=True),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("cpli_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("says", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        schema="matching",
    )
    _indexes()
    op.create_table(
        "contract_document_notes",
        sa.Column("document_id", sa.Uuid(), primary_key=True),
        sa.Column("ordinal", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        schema="matching",
    )
    for table in ("contract_documents", "contract_document_notes"):
        op.execute(f"ALTER TABLE matching.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE matching.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY organisation ON matching.{table} USING ({MAY_SEE})")
    for statement in (REFUSE, SAYS_STAYS, DOCUMENT_STAYS):
        op.execute(statement)


def _indexes() -> None:
    indexes = {
        "contract_documents_by_number": (["number"], None),
        "contract_documents_of_organisation": (["organisation_id", "number"], None),
        "contract_documents_of_cpli": (["cpli_id", "number"], None),
        "contract_documents_of_client": (["client_id"], None),
        "contract_documents_open": (["organisation_id", "due_on"], "published"),
        "contract_documents_rejected": (["cpli_id"], "rejected"),
    }
    for name, (columns, status) in indexes.items():
        op.create_index(
            name,
            "contract_documents",
            columns,
            schema="matching",
            postgresql_where=sa.text(f"status = '{status}'") if status else None,
        )

"""Contract documents."""

from functools import partial

from alembic import op
from sqlalchemy import BigInteger, Column, Date, DateTime, Identity, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

create_table = partial(op.create_table, schema="matching")

REFUSE_CHANGE = """
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


def create_documents() -> None:
    """Contract documents, which stay as they were published whoever asks, and by whatever role."""
    create_table(
        "contract_documents",
        Column("document_id", Uuid, primary_key=True),
        Column("number", BigInteger, Identity(always=True), nullable=False),
        Column("cpli_id", BigInteger, nullable=False),
        Column("organisation_id", Uuid, nullable=False),
        Column("service_id", Uuid, nullable=False),
        Column("client_id", Uuid, nullable=False),
        Column("kind", Text, nullable=False),
        Column("says", JSONB, nullable=False),
        Column("published_at", DateTime(timezone=True), nullable=False),
        Column("due_on", Date, nullable=False),
        Column("status", Text, nullable=False),
        Column("updated_at", DateTime(timezone=True), nullable=False),
        Index("contract_documents_by_number", "number"),
        Index("contract_documents_of_client", "client_id"),
        Index("contract_documents_of_cpli", "cpli_id", "number"),
        Index("contract_documents_of_organisation", "organisation_id", "number"),
        Index(
            "contract_documents_open",
            "organisation_id",
            "due_on",
            postgresql_where=text("status = 'published'"),
        ),
        Index("contract_documents_rejected", "cpli_id", postgresql_where=text("status = 'rejected'")),
    )
    create_table(
        "contract_document_notes",
        Column("document_id", Uuid, primary_key=True),
        Column("ordinal", BigInteger, primary_key=True),
        Column("organisation_id", Uuid, nullable=False),
        Column("move", Text, nullable=False),
        Column("said_by", Text, nullable=False),
        Column("said_at", DateTime(timezone=True), nullable=False),
        Column("reason", Text, nullable=False),
    )
    op.execute(REFUSE_CHANGE)
    op.execute(SAYS_STAYS)
    op.execute(DOCUMENT_STAYS)

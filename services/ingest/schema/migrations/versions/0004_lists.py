"""Lists of visits by day; what a check shows: a bad row's own cells, what changes, and the money by client."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Two indexes, three columns."""
    op.create_index("visits_by_day", "visits", ["organisation_id", "planned_on"], schema="ingest")
    op.create_index(
        "staged_changes",
        "staged_visits",
        ["file_id", "row_number"],
        schema="ingest",
        postgresql_where=sa.text("action <> 'new'"),
    )
    for name in ("client", "planned_date"):
        column = sa.Column(name, sa.Text(), server_default="", nullable=False)
        op.add_column("file_errors", column, schema="ingest")
    clients = sa.Column("forecast_clients", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
    op.add_column("visits_files", clients, schema="ingest")

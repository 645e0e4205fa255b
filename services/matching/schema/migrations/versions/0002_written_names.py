"""The replica of the visits keeps the names of service and level as providers wrote them, beside the folded ones."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

COLUMNS = {"written_service": "service_name", "written_level": "service_level"}


def upgrade() -> None:
    """Two columns. Of visits that are there only the folded names are known, until ``resync visits`` says them anew."""
    for written, folded in COLUMNS.items():
        op.add_column("visits", sa.Column(written, sa.Text(), nullable=True), schema="matching")
        op.execute(f"UPDATE matching.visits SET {written} = {folded}")
        op.alter_column("visits", written, nullable=False, schema="matching")

"""Clients and CPLIs are found by how their references and names begin."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

INDEXES = {
    "clients_by_ssref": ("clients", 'ssref COLLATE "C"'),
    "clients_by_nhs_number": ("clients", 'nhs_number COLLATE "C"'),
    "clients_by_surname": ("clients", 'lower(surname) COLLATE "C"'),
    "cplis_by_written_id": ("cplis", '(cpli_id::text) COLLATE "C"'),
}


def upgrade() -> None:
    """In code-point order, so that a beginning is a range."""
    for name, (table, expression) in INDEXES.items():
        op.create_index(name, table, [sa.text(expression)], schema="matching")

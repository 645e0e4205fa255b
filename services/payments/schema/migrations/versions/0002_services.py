"""Packages keep the name of their service, by which a remittance has its subtotals."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Empty until care is said again (``resync care``): until then a remittance has one subtotal for all services."""
    op.add_column(
        "packages", sa.Column("service", sa.Text(), nullable=False, server_default=""), schema="payments"
    )

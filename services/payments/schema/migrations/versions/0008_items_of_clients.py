"""Payment items are found by their client."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """One index."""
    op.create_index("items_of_client", "items", ["client_reference", "monday"], schema="payments")

"""How tables of this schema say that something is unique."""

from sqlalchemy import UniqueConstraint


def unique_at_commit(*columns: str) -> UniqueConstraint:
    """Asked for when the transaction ends: two rows may swap what is unique."""
    return UniqueConstraint(*columns, deferrable=True, initially="DEFERRED")

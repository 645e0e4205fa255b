"""How PostgreSQL is to go about a statement whose tables were filled just now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session


@contextmanager
def joining_whole_tables(session: Session) -> Iterator[None]:
    """Until the block ends tables are joined whole: of what was just written there are no statistics, and a loop that
    seems short would go through a table for each row."""
    session.execute(text("SET LOCAL enable_nestloop = off"))
    yield
    session.execute(text("SET LOCAL enable_nestloop = on"))

"""COPY: the fastest way of many rows into a table, half of what an INSERT of them costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from sqlalchemy.orm import Session


def copy_rows(session: Session, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows to a table within the session's transaction; each holds the values of ``columns``, in order."""
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    copying = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(copying.encode()) as copy:
        for row in rows:
            copy.write_row(row)

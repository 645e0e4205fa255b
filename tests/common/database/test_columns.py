"""Array literals: PostgreSQL reads back what Python had."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from libs.common.sql.columns import array_text

TEXTS = [
    "",
    "plain",
    'a "quote"',
    "back\\slash",
    "comma, {brace}",
    "NULL",
    "null",
    "Siân 😀",
    " spaces ",
    "two\nlines",
    "'",
]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", TEXTS),
        ("text", [*TEXTS, None]),
        ("text", [""]),
        ("text", []),
        ("bigint", [1, -2, 3]),
        ("bigint", [1, None]),
        ("boolean", [True, False, None]),
        ("date", [dt.date(2022, 10, 3), None, dt.date.min]),
        ("numeric", [Decimal("0.00"), Decimal("-23.226"), Decimal("1E+3")]),
        ("jsonb", ['{"a": "b\\"c"}', "[1, 2]"]),
    ],
)
def test_values_come_back_as_they_were(database: Callable[[], str], kind: str, values: list[Any]) -> None:
    statement = f"SELECT v FROM unnest(CAST(%s AS {kind}[])) WITH ORDINALITY AS u (v, n) ORDER BY n"
    with psycopg.connect(database()) as connection:
        rows = connection.execute(statement.encode(), [array_text(values)]).fetchall()
    expected = [{"a": 'b"c'}, [1, 2]] if kind == "jsonb" else values
    assert [row[0] for row in rows] == expected

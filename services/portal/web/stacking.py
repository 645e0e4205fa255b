"""Cells of tables say which column they are of, so that a narrow screen can show each row as a stack of lines.

A table with money must keep it on the screen (web/templates/tables.html): below a tablet's width the style sheet sets
the cells of a row below each other, each behind the words of its column, which stand in ``data-label``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Final

from flask import Flask
from markupsafe import Markup

_TAG: Final = re.compile(r"<(/?)(table|thead|tr|th|td)\b([^>]*)>")
_UNSEEN: Final = re.compile(r'<span class="govuk-visually-hidden">.*?</span>', re.DOTALL)
_ANY_TAG: Final = re.compile(r"<[^>]*>")
_SPAN: Final = re.compile(r'\b(col|row)span="(\d+)"')
_EMPTY: Final = re.compile(r"\s*</t[hd]>")


def register(app: Flask) -> None:
    """Make the filter known to templates."""
    app.add_template_filter(label_cells)


@dataclass
class _Table:
    """What is known of a table that is open: the words over each column, and where its next cell stands."""

    words: dict[int, list[str]] = field(default_factory=dict)
    is_head: bool = False
    column: int = 0
    taken: dict[int, int] = field(default_factory=dict)
    """by column, in how many rows to come a cell of a row above still stands"""

    def begin_row(self) -> None:
        self.column = 0
        self.taken = {column: rows - 1 for column, rows in self.taken.items() if rows > 1}

    def place(self, attributes: str) -> range:
        """The columns of the next cell."""
        spans = {kind: int(number) for kind, number in _SPAN.findall(attributes)}
        while self.column in self.taken:
            self.column += 1
        columns = range(self.column, self.column + spans.get("col", 1))
        self.column = columns.stop
        if "row" in spans:
            # the row itself is counted down when the next one begins
            self.taken |= dict.fromkeys(columns, spans["row"])
        return columns

    def head(self, columns: range, inner: str) -> None:
        """Note the words over these columns; those that are only heard are not for the eye."""
        words = " ".join(unescape(_ANY_TAG.sub(" ", _UNSEEN.sub("", inner))).split())
        for column in columns:
            self.words.setdefault(column, []).append(words)

    def label(self, columns: range) -> str:
        """The words over a cell; none over one that spans columns."""
        return " ".join(filter(None, self.words.get(columns[0], ()))) if len(columns) == 1 else ""


def label_cells(html: Markup) -> Markup:
    """The same tables, with ``data-label`` in each cell below a heading that has something in it."""
    return Markup("").join(map(Markup, _pieces(str(html))))


def _pieces(html: str) -> Iterator[str]:
    tables: list[_Table] = []
    done = 0
    for tag in _TAG.finditer(html):
        is_end, name, attributes = tag.groups()
        if name == "table":
            tables.pop() if is_end else tables.append(_Table())
        elif not tables:
            continue
        elif name == "thead":
            tables[-1].is_head = not is_end
        elif name == "tr" and not is_end:
            tables[-1].begin_row()
        elif name in ("th", "td") and not is_end:
            table = tables[-1]
            columns = table.place(attributes)
            if table.is_head:
                table.head(columns, html[tag.end() : html.index(f"</{name}>", tag.end())])
            elif (label := table.label(columns)) and not _EMPTY.match(html, tag.end()):
                yield html[done : tag.end() - 1]
                yield Markup(' data-label="{}"').format(label)
                done = tag.end() - 1
    yield html[done:]

"""Tables in a PDF: cells that break, numbers to the right, a thin line under each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.lib import colors
from reportlab.platypus import Table, TableStyle

from services.portal.web.pdf.texts import CELL, REGULAR, paragraph, printable

GREY = colors.Color(0.88, 0.88, 0.87)
SHORT = 12
"""Characters that fit into a column; what is longer may have to break, which takes many times as long to set."""

Command = tuple[Any, ...]
"""What reportlab's TableStyle takes."""


def cell_of(text: str, share: float = 1.0, *, is_number: bool = False) -> Any:
    """A cell's text; what may be too long for its column breaks. share: the column's width, where 1 is usual."""
    return printable(text) if is_number or len(text) <= SHORT * share else paragraph(text, CELL)


def table(
    rows: list[list[Any]], widths: Sequence[float], numbers: Sequence[int] = (), more: Sequence[Command] = ()
) -> Table:
    """A table as wide as its columns; numbers: which of them stand to the right."""
    found = Table(rows, colWidths=list(widths))
    found.setStyle(
        TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), REGULAR),
                ("FONTSIZE", (0, 0), (-1, -1), CELL.fontSize),
                ("LEADING", (0, 0), (-1, -1), CELL.leading),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
                ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.grey),
                *(("ALIGN", (n, 0), (n, -1), "RIGHT") for n in numbers),
                *more,
            ]
        )
    )
    return found


def labelled(lines: Sequence[tuple[Any, Any]], widths: tuple[float, float]) -> Table:
    """Labels, and beside each what it labels."""
    found = Table([list(line) for line in lines], colWidths=widths, hAlign="LEFT")
    found.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, GREY),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    return found

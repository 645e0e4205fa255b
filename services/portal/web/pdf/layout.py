"""The pages of a PDF: margins, page numbers, and the headings of a table that stand on each page.

The same contents are the same PDF, byte by byte.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, NextPageTemplate, PageTemplate, Table

from services.portal.web.pdf.texts import REGULAR, printable

UPRIGHT = A4
ACROSS = landscape(A4)
MARGIN = 10 * mm
WIDE_MARGIN = 18 * mm
LANGUAGE = "en-GB"
_ONE_AT_A_TIME = threading.Lock()
"""A font's file is read from one place at a time: two documents at once would have letters of each other."""


class NumberedPages(Canvas):  # type: ignore[misc]
    """Says `Page 2 of 5` on each page, once it is known how many there are."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._done: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._done.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        width, _ = self._pagesize
        for number, page in enumerate(self._done, 1):
            self.__dict__.update(page)
            self.setFont(REGULAR, 8)
            self.drawRightString(width - MARGIN, 6 * mm, f"Page {number} of {len(self._done)}")
            super().showPage()
        super().save()


def make_pdf(
    story: Sequence[Any],
    *,
    title: str,
    author: str = "",
    page: tuple[float, float] = UPRIGHT,
    margin: float = MARGIN,
    head: Table | None = None,
) -> bytes:
    """The document of these parts; head: what the second page and all later ones begin with."""
    width, height = page
    top, height_of_head = height - margin, 0.0
    if head is not None:
        _, height_of_head = head.wrap(width - 2 * margin, height)

    def draw_head(canvas: Canvas, _: BaseDocTemplate) -> None:
        if head is not None:
            head.wrapOn(canvas, width - 2 * margin, height_of_head)
            head.drawOn(canvas, margin, top - height_of_head)

    def frame(name: str, room: float) -> Frame:
        padding = {f"{side}Padding": 0 for side in ("left", "right", "top", "bottom")}
        return Frame(margin, margin, width - 2 * margin, room, id=name, **padding)

    content = io.BytesIO()
    document = BaseDocTemplate(
        content,
        pagesize=page,
        title=printable(title),
        author=printable(author),
        lang=LANGUAGE,
        displayDocTitle=True,
        invariant=True,
    )
    document.addPageTemplates(
        [
            PageTemplate("first", [frame("first", top - margin)]),
            PageTemplate("later", [frame("later", top - margin - height_of_head)], onPage=draw_head),
        ]
    )
    with _ONE_AT_A_TIME:
        document.build([NextPageTemplate("later"), *story], canvasmaker=NumberedPages)
    return content.getvalue()

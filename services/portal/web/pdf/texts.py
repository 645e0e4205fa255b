"""Text in a PDF: a font that has the letters of people's names, and the few styles that all documents are set in.

The fonts that every PDF reader has know Western European letters alone. DejaVu Sans has Latin with all its marks,
Greek, Cyrillic, Armenian and Georgian; what of it a document uses goes into the document.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

REGULAR: Final = "DejaVuSansCondensed"
BOLD: Final = "DejaVuSansCondensed-Bold"
_FOLDER = Path(__file__).parent / "fonts"
for _name in (REGULAR, BOLD):
    pdfmetrics.registerFont(TTFont(_name, _FOLDER / f"{_name}.ttf"))
pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
_GLYPHS = frozenset(code for code in pdfmetrics.getFont(REGULAR).face.charToGlyph if code <= 0xFFFF)
"""Beyond these are pictures and old scripts, for which reportlab's table of letters has no form."""
NOTHING_LIKE_IT: Final = "?"

TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=18, leading=22, spaceAfter=6)
HEADING = ParagraphStyle("heading", fontName=BOLD, fontSize=14, leading=18, spaceBefore=12, spaceAfter=6)
BODY = ParagraphStyle("body", fontName=REGULAR, fontSize=10, leading=13, spaceBefore=6)
LABEL = ParagraphStyle("label", parent=BODY, fontName=BOLD)
CELL = ParagraphStyle("cell", fontName=REGULAR, fontSize=8, leading=9.5)
CELL_HEADING = ParagraphStyle("cell heading", parent=CELL, fontName=BOLD)
NUMBER_HEADING = ParagraphStyle("number heading", parent=CELL_HEADING, alignment=2)


def paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    """Text that breaks where it must; what looks like markup is text too."""
    return Paragraph(escape(printable(text)), style)


def printable(text: str) -> str:
    """The text in letters that the font has: composed, without a mark that it lacks, `?` where nothing is like it."""
    return "".join(map(_letter, unicodedata.normalize("NFC", text)))


def _letter(letter: str) -> str:
    if ord(letter) in _GLYPHS:
        return letter
    plain = unicodedata.normalize("NFKD", letter)[0]
    return plain if ord(plain) in _GLYPHS else NOTHING_LIKE_IT

"""A provider's page of KPIs to take along: as CSV, a row a figure, and as PDF (RULES 16)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from libs.common.seams.disputes.meetings import Meeting
from services.portal.monitoring.kpi.figures import Kpis, Section, shown
from services.portal.web.downloads.csv_out import csv_text
from services.portal.web.downloads.files import file_name
from services.portal.web.formats import day
from services.portal.web.pdf.layout import UPRIGHT, WIDE_MARGIN, make_pdf
from services.portal.web.pdf.tables import GREY, labelled, table
from services.portal.web.pdf.texts import (
    BODY,
    CELL,
    CELL_HEADING,
    HEADING,
    LABEL,
    NUMBER_HEADING,
    TITLE,
    paragraph,
)

HEADINGS: Final = (
    "OrganisationName",
    "First",
    "Last",
    "Section",
    "Figure",
    "Unit",
    "Value",
    "Before",
    "Area",
    "Definition",
)
WIDTH: Final = UPRIGHT[0] - 2 * WIDE_MARGIN
NO_MEETINGS: Final = "No notes of meetings in this time."


def name_of_file(found: Kpis, ending: str, as_at: dt.date) -> str:
    """kpis_Diamond-Home-Care-Ltd_2022-10-01-to-2022-12-31_as-at-2023-01-05.pdf"""
    days = (found.span.first, found.span.last)
    return file_name("kpis", ending, provider=found.name, days=days, as_at=as_at)


def kpis_csv(found: Kpis) -> str:
    """One row a figure; what there is not is empty."""
    whose = (found.name, found.span.first, found.span.last)
    rows: list[Sequence[Any]] = [
        (
            *whose,
            section.heading,
            one.name,
            one.unit,
            *("" if text is None else text for text in (one.value, one.before, one.area)),
            one.definition,
        )
        for section in found.sections
        for one in section.figures
    ]
    return csv_text(HEADINGS, rows)


def kpis_pdf(found: Kpis, *, letterhead: Sequence[str]) -> bytes:
    """The page as PDF: figures, meetings, then what each figure means."""
    facts = [
        ("Provider", found.name),
        ("Span", f"{found.span.words}: {day(found.span.first)} to {day(found.span.last)}"),
        ("Beside it", found.before.words),
    ]
    beside = [(paragraph(label, LABEL), paragraph(text, BODY)) for label, text in facts]
    story = [
        *(paragraph(line, CELL) for line in letterhead),
        paragraph("KPIs of a provider", TITLE),
        labelled(beside, (WIDTH * 0.25, WIDTH * 0.75)),
    ]
    for section in found.sections:
        story += [paragraph(section.heading, HEADING), figures_table(section, found)]
        if section.words:
            story.append(paragraph(section.words, CELL))
    story += [paragraph("Meetings", HEADING), *meetings_of(found.meetings)]
    story.append(paragraph("What the figures mean", HEADING))
    story += [
        paragraph(f"{one.name}: {one.definition}", CELL)
        for section in found.sections
        for one in section.figures
    ]
    return make_pdf(story, title=f"KPIs of {found.name}", author=found.name, margin=WIDE_MARGIN)


def figures_table(section: Section, found: Kpis) -> Any:
    """A section's figures, the numbers to the right."""
    headings = [
        "Figure",
        found.span.short_words,
        found.before.short_words,
        *(["Area"] if section.has_area else []),
    ]
    numbers = range(1, len(headings))
    rows: list[list[Any]] = [
        [paragraph(text, NUMBER_HEADING if at else CELL_HEADING) for at, text in enumerate(headings)]
    ]
    for one in section.figures:
        texts = (one.value, one.before, *([one.area] if section.has_area else []))
        rows.append([paragraph(one.name, CELL), *(shown(one.unit, text) for text in texts)])
    rest = 0.6 / len(numbers)
    widths = [WIDTH * 0.4, *(WIDTH * rest for _ in numbers)]
    return table(rows, widths, list(numbers), [("BACKGROUND", (0, 0), (-1, 0), GREY)])


def meetings_of(meetings: Sequence[Meeting]) -> list[Any]:
    """Each meeting with its notes."""
    if not meetings:
        return [paragraph(NO_MEETINGS, BODY)]
    parts: list[Any] = []
    for one in meetings:
        parts += [paragraph(f"{day(one['held_on'])}: {one['people']}", LABEL)]
        parts += [paragraph(line, BODY) for line in one["notes"].splitlines()]
        if one["agreed"]:
            parts += [paragraph(f"Agreed: {one['agreed']}", BODY)]
    return parts

"""A breach notice as PDF (RULES 16)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from libs.common.care.clock import london_day
from libs.common.files.values import parse_date
from libs.common.seams.disputes.concerns import BreachNotice, NoticeVisit
from services.portal.web.downloads.files import file_name
from services.portal.web.formats import day
from services.portal.web.pdf.layout import UPRIGHT, WIDE_MARGIN, make_pdf
from services.portal.web.pdf.tables import GREY, labelled, table
from services.portal.web.pdf.texts import BODY, CELL, CELL_HEADING, HEADING, LABEL, TITLE, paragraph

WIDTH: Final = UPRIGHT[0] - 2 * WIDE_MARGIN
HEADINGS: Final = ("Visit", "Planned", "Planned time", "Delivered", "Delivered time")
NOT_DELIVERED: Final = "Not delivered"


def name_of_pdf(found: BreachNotice, provider: str) -> str:
    """What its file is called."""
    return file_name(f"breach notice {found['number']}", "pdf", provider=provider, as_at=_sent_on(found))


def notice_pdf(found: BreachNotice, *, provider: str, client: str, letterhead: Sequence[str]) -> bytes:
    """The breach notice as it was sent. provider, client: names; letterhead: of the council."""
    about = " ".join(filter(None, (found["client_reference"], client)))
    facts = [("To", provider), ("Sent on", day(_sent_on(found))), ("Client", about)]
    facts += [("Answer by", f"the end of {day(found['due_on'])}")]
    beside = [(paragraph(label, LABEL), paragraph(text, BODY)) for label, text in facts if text]
    story: list[Any] = [
        *(paragraph(line, CELL) for line in letterhead),
        paragraph(f"Breach notice {found['number']}", TITLE),
        labelled(beside, (WIDTH * 0.3, WIDTH * 0.7)),
        paragraph("What is in breach, and what must be put right", HEADING),
        *(paragraph(line, BODY) for line in found["words"].splitlines() if line.strip()),
    ]
    if found["visits"]:
        story += [paragraph("Visits that it is about", HEADING), visits_table(found["visits"])]
    story += [
        paragraph("How to answer", HEADING),
        paragraph(
            "Answer in Caretally under Breach notices, with what supports your answer attached. An answer after the"
            " deadline is taken, and marked as late.",
            BODY,
        ),
    ]
    return make_pdf(
        story, title=f"Breach notice {found['number']}", author=" ".join(letterhead[:1]), margin=WIDE_MARGIN
    )


def visits_table(visits: Sequence[NoticeVisit]) -> Any:
    """The visits with their planned and their delivered times."""
    rows: list[list[Any]] = [[paragraph(text, CELL_HEADING) for text in HEADINGS]]
    rows += [[paragraph(text, CELL) for text in cells_of(visit)] for visit in visits]
    shares = (0.28, 0.17, 0.19, 0.17, 0.19)
    return table(rows, [share * WIDTH for share in shares], (), [("BACKGROUND", (0, 0), (-1, 0), GREY)])


def cells_of(visit: NoticeVisit) -> tuple[str, str, str, str, str]:
    """A visit's reference, day and times, planned and delivered."""
    delivered = visit["delivered_on"] or visit["delivered_entry"]
    return (
        visit["visit_ref"],
        written_day(visit["planned_on"]),
        span_of(visit["planned_entry"], visit["planned_exit"]),
        written_day(visit["delivered_on"]) if delivered else NOT_DELIVERED,
        span_of(visit["delivered_entry"], visit["delivered_exit"]),
    )


def span_of(entry: str, exit_: str) -> str:
    """09:00 to 09:30; nothing for nothing."""
    return " to ".join(filter(None, (entry, exit_)))


def written_day(text: str) -> str:
    """A day as pages write it; what can't be read as it was written."""
    found = parse_date(text)
    return day(found) if found else text


def _sent_on(found: BreachNotice) -> dt.date:
    return london_day(dt.datetime.fromisoformat(found["sent_at"]))

"""Files to take along. A name says what is in the file, whose it is, for which days, and of which day.

CSV for people begins with a byte-order mark, without which a spreadsheet takes its letters for others. The API's is
for programs and has none, but for the remittance advice, which is one file by every way to it; its names are the same.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain

from flask import Response

from libs.common.care.weeks import period_end_of
from services.portal.web.downloads.csv_out import MARK

CSV = "text/csv; charset=utf-8"
PDF = "application/pdf"
LONGEST_PART = 60

Days = tuple[dt.date, dt.date]
"""The first and the last day that a file is about."""


def file_name(
    what: str,
    ending: str,
    *,
    provider: str | None = None,
    days: Days | None = None,
    as_at: dt.date | None = None,
) -> str:
    """remittance-advice_Diamond-Home-Care-Ltd_2022-10-03-to-2022-10-30_as-at-2022-11-01.csv

    provider: None for all, and where it is no provider's. as_at: the day whose state the file shows.
    """
    parts = (
        _plain(what),
        _plain(provider or ""),
        f"{days[0].isoformat()}-to-{days[1].isoformat()}" if days else "",
        f"as-at-{as_at.isoformat()}" if as_at else "",
    )
    return f"{'_'.join(filter(None, parts))}.{ending}"


def name_of_period(
    what: str, ending: str, start: dt.date, provider: str | None, as_at: dt.date | None
) -> str:
    """The name of a file about a payment period."""
    return file_name(what, ending, provider=provider, days=(start, period_end_of(start)), as_at=as_at)


def csv_for_people(text: str | bytes, name: str) -> Response:
    """A CSV file of a page."""
    content = text.encode() if isinstance(text, str) else text
    mark = MARK.encode()
    return download(content if content.startswith(mark) else mark + content, name, CSV)


def csv_in_parts(parts: Iterable[str], name: str) -> Response:
    """The same, sent part by part."""
    return download(chain([MARK], parts), name, CSV)


def download(
    content: str | bytes | Iterator[str] | Iterator[bytes], name: str, content_type: str
) -> Response:
    """The content, whole or part by part, to be saved under a name."""
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(content, 200, headers, content_type=content_type)


def _plain(text: str) -> str:
    """What every system takes in a name: letters and digits of ASCII, hyphens for all else."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9.]+", "-", letters)[:LONGEST_PART].strip("-.")

"""Where the cells of reports lead."""

from __future__ import annotations

from collections.abc import Callable

from flask import url_for

from services.portal.reports.declared import Row


def to_visit(ref: str, organisation: str) -> Callable[[Row], str]:
    """To the page of the visit whose VisitRef and provider stand in these cells; to the council it says whose.

    A row says by ``is_council`` who reads it.
    """

    def link(row: Row) -> str:
        whose = row[organisation] if row["is_council"] else None
        return url_for("visits.one", visit_ref=row[ref], organisation=whose)

    return link

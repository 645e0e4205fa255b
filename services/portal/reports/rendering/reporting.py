"""How a page shows a report: on screen, as CSV, as PDF, the same way for all (RULES 15)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.portal.reports.declared import Asking, Report, Values
from services.portal.reports.rendering.as_csv import csv_of
from services.portal.reports.rendering.as_pdf import pdf_of
from services.portal.reports.rendering.filters import Asked, read
from services.portal.reports.rendering.lines import bands, cell, grouped, lines_for_pdf, part_of, parts_of
from services.portal.web import access
from services.portal.web.calls import caller, gateway
from services.portal.web.cursors import cursor_of, place_of

LINES_SHOWN = 100


@dataclass(frozen=True)
class Reporting:
    """A report and its three addresses.

    address: (ending, query) to a URL; the ending is nothing, `.csv` or `.pdf`.
    fixed: values that are no filters, such as whose statement it is.
    """

    report: Report
    address: Callable[..., str]
    fixed: Values = field(default_factory=dict)
    template: str = "reports/report.html"

    def on_screen(self, **more: Any) -> str:
        """A page of lines under what the report is limited to. more: what the template needs besides."""
        asking, place = _asking(), place_of(request.args.get("cursor"), *self.report.place)
        asked = self._read(asking)
        form = {"problem": bool(asked.problems), **more, "report": self.report, "asked": asked}
        if asked.problems:
            return render_template(self.template, **form)
        rows, after = part_of(self.report, asking, asked.values, place, LINES_SHOWN)
        columns, is_first = self.report.shown_columns(asked.values), place is None
        return render_template(
            self.template,
            **form,
            groups=grouped(rows, self.report.headings_of(asked.values)),
            columns=columns,
            bands=bands(columns),
            cell=cell,
            chart=self.report.chart(asking, asked.values) if self.report.chart and is_first else None,
            sums=self._sums(asking, asked),
            more=self.address("", **asked.query, cursor=cursor_of(*after)) if after else None,
            first=None if is_first else self.address("", **asked.query),
            csv=self.address(".csv", **asked.query),
            pdf=self.address(".pdf", **asked.query),
        )

    def as_csv(self) -> ResponseReturnValue:
        """All lines, sent part by part. The first is asked for before anything is sent, so that a refusal is a page."""
        asking = _asking()
        asked = self._read(asking)
        if asked.problems:
            return redirect(self.address("", **asked.query), 303)
        parts = parts_of(self.report, asking, asked.values)
        content = csv_of(self.report, asked.values, chain([next(parts)], parts))
        return self._download(content, "csv", "text/csv; charset=utf-8")

    def as_pdf(self) -> ResponseReturnValue:
        """All lines, as far as a PDF is good for them."""
        asking = _asking()
        asked = self._read(asking)
        if asked.problems:
            return redirect(self.address("", **asked.query), 303)
        rows = lines_for_pdf(self.report, asking, asked.values)
        return self._download(pdf_of(asked, rows, self._sums(asking, asked)), "pdf", "application/pdf")

    def _read(self, asking: Asking) -> Asked:
        return read(self.report, request.args, asking, self.fixed)

    def _sums(self, asking: Asking, asked: Asked) -> list[tuple[str, str]]:
        return self.report.sums(asking, asked.values) if self.report.sums else []

    def _download(self, content: Any, ending: str, content_type: str) -> Response:
        headers = {"Content-Disposition": f"attachment; filename={self.report.slug}.{ending}"}
        return Response(content, 200, headers, content_type=content_type)


def _asking() -> Asking:
    return Asking(gateway(), caller(), access.the_parts().clock().date())

"""How a page shows a report: on screen, as CSV, as PDF, the same way for all (RULES 15)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.portal.reports.declared import Asking, Report, Values
from services.portal.reports.rendering.as_csv import csv_file
from services.portal.reports.rendering.as_pdf import pdf_file
from services.portal.reports.rendering.filters import Asked, read
from services.portal.reports.rendering.lines import bands, cell, grouped, part_of, sums_of
from services.portal.web import access
from services.portal.web.access import caller
from services.portal.web.branding import the_branding
from services.portal.web.calls import gateway
from services.portal.web.cursors import cursor_of, place_of

LINES_SHOWN = 100


@dataclass(frozen=True)
class Reporting:
    """A report and its three addresses.

    address: (ending, query) to a URL; the ending is nothing, `.csv` or `.pdf`.
    fixed: values that nobody chooses, such as whose statement it is.
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
            about=self.report.about(asking, asked.values),
            groups=grouped(rows, self.report.headings_of(asked.values), self.report.subtotals),
            columns=columns,
            bands=bands(columns),
            cell=cell,
            chart=self.report.chart(asking, asked.values) if self.report.chart and is_first else None,
            sums=sums_of(self.report, asking, asked.values),
            more=self.address("", **asked.query, cursor=cursor_of(*after)) if after else None,
            outside=self._outside(asking, asked) if is_first else None,
            csv=self.address(".csv", **asked.query),
            pdf=self.address(".pdf", **asked.query),
        )

    def _outside(self, asking: Asking, asked: Asked) -> dict[str, Any] | None:
        """How many lines the days leave out, and the link to the newest of them."""
        found = self.report.outside(asking, asked.values)
        if found is None:
            return None
        days = {name: day.isoformat() for name, day in found.days.items()}
        return {"number": found.number, "link": self.address("", **{**asked.query, **days})}

    def as_csv(self) -> ResponseReturnValue:
        """All lines; the page says what is wrong with what was asked."""
        return self._file(csv_file)

    def as_pdf(self) -> ResponseReturnValue:
        """All lines, as far as a PDF is good for them."""
        return self._file(pdf_file)

    def _file(self, made: Callable[[Asking, Asked], Response]) -> ResponseReturnValue:
        asking = _asking()
        asked = self._read(asking)
        if asked.problems:
            return redirect(self.address("", **asked.query), 303)
        return made(asking, asked)

    def _read(self, asking: Asking) -> Asked:
        return read(self.report, request.args, asking, self.fixed)


def _asking() -> Asking:
    return Asking(gateway(), caller(), access.the_parts().clock().date(), the_branding().letterhead)

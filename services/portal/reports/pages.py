"""Reports: listed, and each on screen, as CSV and as PDF (RULES 15)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from libs.common.rights import names as rights
from services.portal.reports.declared import Report
from services.portal.reports.every import REPORTS, UNLISTED
from services.portal.reports.rendering.reporting import Reporting
from services.portal.web.access import signed_in
from services.portal.web.names.picking import picks_client

pages = Blueprint("reports", __name__, url_prefix="/reports")


@pages.get("")
@signed_in(rights.READ_REPORTS)
def reports() -> ResponseReturnValue:
    return render_template("reports/reports.html", reports=REPORTS)


def _add(report: Report) -> None:
    """The three addresses of a report."""

    def address(ending: str, **query: Any) -> str:
        return url_for("reports." + report.endpoint + ending.replace(".", "_"), **query)

    one = Reporting(report, address)
    for ending, view in (("", one.on_screen), (".csv", one.as_csv), (".pdf", one.as_pdf)):
        pages.add_url_rule(
            f"/{report.slug}{ending}",
            report.endpoint + ending.replace(".", "_"),
            signed_in(rights.READ_REPORTS)(picks_client(view)),
        )


for one in (*REPORTS, *UNLISTED):
    _add(one)

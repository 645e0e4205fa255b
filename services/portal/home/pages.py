"""The first page, and the state of the services."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from libs.common.care.clock import london_day
from libs.common.rights import names as rights
from services.portal.clients.gateway import Gateway
from services.portal.home import waiting
from services.portal.home.deadlines import find_deadlines
from services.portal.home.period import PeriodToClose, find_period_to_close
from services.portal.home.tasks import tasks_of
from services.portal.money.periods.checklist_rows import rows_of_checklist
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.names.people import names_of


def pages(gateway: Gateway) -> Blueprint:
    """`/`: the tasks of who is signed in, or the way in. `/state`: which services answer."""
    found = Blueprint("home", __name__)

    @found.get("/")
    def home() -> ResponseReturnValue:
        return tasks() if g.account is not None else render_template("start.html")

    @signed_in(rights.OWN_ACCOUNT)
    def tasks() -> ResponseReturnValue:
        parts, account = access.the_parts(), access.account()
        today = london_day(parts.clock())
        found = find_period_to_close(gateway, g.caller, account, today)
        shown = found if isinstance(found, PeriodToClose) else None
        prepared_by = [run["prepared_by"] for run in shown.runs] if shown else []
        return render_template(
            "home.html",
            tasks=tasks_of(account, waiting.numbers(parts, gateway, g.caller, account)),
            period=found,
            to_do=find_deadlines(gateway, g.caller, account, today, parts.submission_days),
            checks=rows_of_checklist(shown.checklist) if shown else [],
            people=names_of(parts, account, prepared_by) if prepared_by else {},
            may_finalise=access.may(rights.FINALISE_PERIODS),
        )

    @found.get("/state")
    @signed_in(rights.KNOW_NAMES)
    def state() -> str:
        return render_template("state.html", presences=gateway.presences())

    return found

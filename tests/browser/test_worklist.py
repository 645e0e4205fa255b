"""The worklist with a browser: a week's doubts raised and dismissed many at once, and samples (RULES 9)."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from playwright.sync_api import expect
from sqlalchemy import text

from services.matching.circumstances import steps as circumstances_steps
from tests.browser.conftest import Visitors
from tests.browser.council_site import CouncilSite, council_site, emptied
from tests.journeys.api_council import DIAMOND
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row, an_undelivered_row
from tests.support.portal.browsing import Visitor

__all__ = ["council_site", "emptied"]

CARE = a_care_file(
    a_care_row(1, SSRef="L1", Forename="Ada", Surname="Hart", Quantity="2.00"),
    a_care_row(2, SSRef="L2", Forename="Ben", Surname="Lowe", Quantity="1.00"),
)
WORKLIST = "/worklist?week=2022-10-05"


def a_visit(ref: str, client: str, day: int, **cells: str) -> tuple[str, ...]:
    on = f"{day:02}/10/2022"
    times = {f"{kind}EntryTime": "09:00" for kind in ("Planned", "Delivered")}
    times |= {f"{kind}ExitTime": "10:00" for kind in ("Planned", "Delivered")}
    named = {"VisitRef": ref, "SSRef": client, "PlannedVisitDate": on, "DeliveredVisitDate": on}
    return a_row(**(named | times | cells))


def a_week(site: CouncilSite) -> None:
    """Two clients' visits: one cancelled without a comment, two in hospital, one at noon instead of nine."""
    council = site.council.council
    council.import_care(CARE)
    council.books()
    silent = {"VisitRef": "SILENT", "SSRef": "L1", "VisitType": "C", "Comments": ""}
    planned = {
        "PlannedVisitDate": "03/10/2022",
        "PlannedEntryTime": "09:00",
        "PlannedExitTime": "10:00",
    }
    council.import_visits(
        DIAMOND,
        a_file(
            an_undelivered_row(**(silent | planned)),
            a_visit("STAY-1", "L1", 4),
            a_visit("STAY-2", "L1", 5),
            a_visit("NOON", "L2", 6, DeliveredEntryTime="12:00", DeliveredExitTime="13:00"),
        ),
    )
    officer = {"who": "officer", "role": "council", "organisation": None, "staff": "finance"}
    with council.sessions["matching"].begin() as session:
        client_id = session.scalar(text("SELECT client_id FROM clients WHERE ssref = 'L1'"))
        days = {"from_on": dt.date(2022, 10, 4), "to_on": dt.date(2022, 10, 5)}
        circumstances_steps.enter(session, officer, client_id=client_id, kind="hospital", note="", **days)  # type: ignore[arg-type]
    council.books()


def ticks(visitor: Visitor, words: str) -> None:
    visitor.page.get_by_label(re.compile(words)).check()


def dismisses(site: CouncilSite, kind: str) -> None:
    """Somebody else dismisses the doubts of a kind."""
    gateway: Any = site.council.app.extensions["gateway"]
    colleague = {"who": "colleague", "role": "council", "organisation": None, "staff": "finance"}
    found = gateway.ask("disputes", "doubts", colleague, week="2022-10-03", kind=kind, states=["proposed"])
    ids = [one["doubt_id"] for one in found]
    gateway.ask("disputes", "dismiss_doubts", colleague, doubt_ids=ids, why="He was early")


def looks_at_nothing(site: CouncilSite, weeks: int) -> None:
    """As many later weeks were looked at, and nothing was found in them."""
    with site.council.council.sessions["disputes"].begin() as session:
        session.execute(
            text(
                "INSERT INTO doubt_looks (finder, monday, organisation_id, version, looked_at)"
                " SELECT 'ingest', DATE '2022-10-03' + 7 * week, gen_random_uuid(), week, now()"
                " FROM generate_series(1, :weeks) AS week"
            ),
            {"weeks": weeks},
        )


def test_a_week_is_looked_at_doubts_are_raised_and_dismissed_and_do_not_come_back(
    emptied: CouncilSite, visitors: Visitors
) -> None:
    a_week(emptied)
    officer = visitors(emptied.url)
    emptied.signs_in(officer, "finance")
    officer.follows("Worklist")
    officer.is_at("Worklist")
    officer.sees("This week is not looked at yet.")
    officer.opens(WORKLIST)
    officer.sees(
        "This week is not looked at yet. That is done by itself, some minutes after its visits came."
    )
    officer.presses("Look at this week")
    officer.sees("Proposed: 5 doubts")
    officer.sees("In hospital: 4 Oct 2022 to 5 Oct 2022")
    officer.sees("Planned 3 h, commissioned 2 h")
    looks_at_nothing(emptied, weeks=30)
    officer.opens("/worklist")
    officer.sees("Proposed: 5 doubts")
    officer.narrows()
    officer.has_in_sight(officer.page.get_by_text("Planned 3 h, commissioned 2 h"))
    officer.finds_no_fault()

    officer.presses("Raise disputes")
    officer.sees("Tick one or more in the list first")
    officer.follows("2 doubts on 2 days of client L1: delivered while in hospital")
    officer.sees("Delivered while in hospital, client L1 of Diamond Home Care Ltd: 2 doubts on 2 days")
    officer.sees("STAY-2")
    officer.finds_no_fault()
    officer.follows("All doubts of this week")
    ticks(officer, "client L1, 2 doubts on 2 days")
    for ref in ("SILENT", "NOON"):
        ticks(officer, ref)
    officer.presses("Raise disputes")
    officer.is_at("Raise disputes")
    officer.sees("4 doubts")
    officer.sees("Delivered while in hospital, client L1 of Diamond Home Care Ltd: 2 doubts on 2 days")
    officer.page.get_by_text("Look at each").click()
    officer.sees("STAY-2")
    officer.fills("Missing Comment", "")
    officer.presses("Raise disputes")
    officer.is_told("Enter what you ask: Missing Comment", "Missing Comment")
    officer.fills("Missing Comment", "What happened on Monday?")
    dismisses(emptied, "far_from_plan")
    officer.presses("Raise disputes")
    officer.is_at("Not all were raised")
    officer.sees("2 disputes are raised.")
    officer.sees("1 doubt not raised")
    officer.sees("It was dismissed meanwhile.")

    officer.follows("Back to the list")
    ticks(officer, "Planned week unequal")
    officer.presses("Dismiss")
    officer.is_at("Dismiss doubts")
    officer.presses("Dismiss")
    officer.is_told("Enter a reason", "Reason")
    officer.fills("Reason", "Agreed by telephone")
    officer.presses("Dismiss")
    officer.sees("1 is dismissed.")
    officer.sees("Nothing in this week is doubtful, or all of it is settled.")
    officer.presses("Look at this week again")
    expect(officer.page.get_by_text("The week is being looked at.")).to_be_hidden(timeout=30_000)
    officer.sees("Proposed: 0 doubts")
    officer.page.get_by_label("Status").select_option("Dismissed (2)")
    officer.presses("View")
    officer.sees("Agreed by telephone")
    officer.finds_no_fault()

    manager = visitors(emptied.url)
    emptied.signs_in(manager, "home_manager", DIAMOND)
    expect(manager.page.get_by_role("link", name="Worklist", exact=True)).to_have_count(0)
    manager.follows("Disputes")
    manager.sees("What happened on Monday?")
    manager.sees("Client In Hospital")
    manager.sees("Delivered while in hospital (2)")
    manager.page.get_by_role("row", name=re.compile("Client In Hospital")).get_by_role("link").click()
    manager.sees("What the data shows")
    manager.sees("STAY-2, 5 Oct 2022")
    manager.sees("In hospital: 4 Oct 2022 to 5 Oct 2022")
    manager.finds_no_fault()


def test_a_sample_is_picked_raised_and_noted_as_looked_at(emptied: CouncilSite, visitors: Visitors) -> None:
    a_week(emptied)
    officer = visitors(emptied.url)
    emptied.signs_in(officer, "commissioning")
    officer.opens("/worklist/samples?week=2022-10-05")
    officer.is_at("Mon 3 to Sun 9 Oct 2022 Samples")
    officer.presses("Pick the sample")
    officer.is_told("Choose what to pick")
    officer.page.get_by_label("Some at random").check()
    officer.fills("How many", "100")
    officer.fills("Seed", "autumn")
    officer.presses("Pick the sample")
    officer.is_at("Mon 3 to Sun 9 Oct 2022 Some at random")
    officer.sees("2 of 2 care packages were picked.")
    officer.sees("100% by the seed autumn")
    officer.sees("Planned 3 h, £60.00")
    ticks(officer, "client L1")
    officer.presses("Note as looked at")
    officer.is_at("Looked at")
    officer.fills("Reason", "In hospital, in dispute already")
    officer.presses("Note as looked at")
    officer.sees("1 is noted as looked at.")
    ticks(officer, "client L2")
    officer.presses("Raise disputes")
    officer.is_at("Raise disputes")
    officer.presses("Raise disputes")
    officer.sees("1 dispute is raised.")
    officer.sees("0 left to look at")
    officer.finds_no_fault()

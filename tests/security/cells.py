"""Files that people open in a spreadsheet: no cell of any is run as a formula (RULES 15)."""

from __future__ import annotations

import csv
import io
import random
import re

from libs.common.files import rejected_rows
from services.portal.web.downloads import csv_out
from tests.journeys.api_council import COUNCIL, DIAMOND
from tests.journeys.route_map import routes
from tests.journeys.test_import_in_two_steps import a_visit
from tests.security.promises import Outcome, Site, promise
from tests.support.builders.visit_files import a_file

FORMULAS = ("=HYPERLINK(1)", "+cmd|x", "-2+3+cmd", "@SUM(1)", "\t=1", "\r=1", "=1+1", "-cmd")
RUN = re.compile(r"[=+\-@\t\r\n]")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def dangerous(cell: str) -> bool:
    """Whether a spreadsheet may run it."""
    return bool(RUN.match(cell)) and NUMBER.fullmatch(cell) is None


@promise("No cell of any file that is downloaded is run as a formula", 100)
def formula_cells(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome, council = Outcome(), site.council
    planted, objects = 0, site.objects
    for _ in range(times):
        text = chance.choice([formula for formula in FORMULAS if "\r" not in formula and "\t" not in formula])
        rows = [
            a_visit(f"={chance.randrange(10**6)}", Comments=text),
            a_visit("@A", VisitType=text, Comments=text),
        ]
        objects = objects | {"file_id": council.api(DIAMOND).file(a_file(*rows), confirm="true")["id"]}
    for who in (("finance", None), ("home_manager", DIAMOND)):
        browser = council.browser(*who)
        for route in routes(council.app, objects):
            if route.method == "GET" and not route.is_api and "csv" in route.path:
                answer = browser.client.get(route.path, query_string={"organisation": DIAMOND})
                planted += _look_at(outcome, str(route), answer)
    for of in (DIAMOND, COUNCIL):
        for route in routes(council.app, objects):
            if route.is_api and route.method == "GET" and route.path.endswith(".csv"):
                planted += _look_at(
                    outcome, str(route), council.api(of).get(route.path.removeprefix("/api/v1"))
                )
    outcome.expect(planted > 0, "no formula that was planted is in any file")
    return outcome


def _look_at(outcome: Outcome, about: str, answer: object) -> int:
    """How many defused cells the file has, when it is CSV."""
    headers = answer.headers  # type: ignore[attr-defined]
    if "csv" not in headers.get("Content-Type", "") or answer.status_code != 200:  # type: ignore[attr-defined]
        answer.close()  # type: ignore[attr-defined]
        return 0
    text = answer.get_data().decode("utf-8-sig")  # type: ignore[attr-defined]
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    for cell in cells:
        outcome.expect(not dangerous(cell), f"{about}: {cell!r}")
    return sum(cell.startswith("'") and dangerous(cell[1:]) for cell in cells)


@promise(
    "Whatever a cell begins with, both writers of CSV leave nothing to run, and nothing that ends a cell", 400
)
def written_cells(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome = Outcome()
    letters = "=+-@\t\r\n'\"|,;0179.aé\u200b\uff1d "
    for _ in range(200 * times):
        cell = "".join(chance.choices(letters, k=chance.randint(1, 6)))
        for defused in (csv_out.defused, rejected_rows.defused):
            outcome.expect(
                not dangerous(defused(cell)), f"{defused.__module__}: {cell!r} -> {defused(cell)!r}"
            )
    return outcome

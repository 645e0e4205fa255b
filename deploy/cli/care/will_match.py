"""How a checked visits file will match, for a program or a person (RULES 4)."""

from __future__ import annotations

from typing import Any

from deploy.cli.output import say
from deploy.cli.system import System

SHOWN_ROWS = 20
ROWS_ASKED = 5_000


def rows_that_matter(system: System, file_id: str) -> dict[str, Any]:
    """The rows of a file that will have no match, and those that may be duplicates."""
    return {
        "unmatched_rows": rows_of(system, file_id, "visits_file_unmatched"),
        "duplicates": rows_of(system, file_id, "visits_file_duplicates"),
    }


def rows_of(system: System, file_id: str, method: str) -> list[dict[str, Any]]:
    """All rows of a file that this method of ingest lists, page by page."""
    found: list[dict[str, Any]] = []
    while page := system.ask(
        "ingest", method, file_id=file_id, after=found[-1]["row"] if found else 0, limit=ROWS_ASKED
    ):
        found += page
    return found


def show_matching(system: System, found: dict[str, Any]) -> None:
    """How the visits that the file stores match as care stands, the first rows that don't, and possible duplicates."""
    will_match = found["will_match"]
    if will_match is None or not (will_match["unmatched"] or will_match["duplicates"]):
        return
    facts = {"file_id": found["id"], "after": 0, "limit": SHOWN_ROWS}
    if reasons := will_match["unmatched"]:
        number = sum(one["visits"] for one in reasons)
        by_reason = ", ".join(f"{one['reason']} {one['visits']:,}" for one in reasons)
        say(f"The check: {will_match['matched']:,} match, {number:,} don’t ({by_reason}):")
        say(f"about £{will_match['amount']} is missing.")
        for row in system.ask("ingest", "visits_file_unmatched", **facts):
            say(
                f"Row {row['row']} ({row['ref']}), client {row['client']}, {row['planned_on']}: {row['reason']}"
            )
        if number > SHOWN_ROWS:
            say(f"… and {number - SHOWN_ROWS:,} more rows without a match; --json prints all.")
    for row in system.ask("ingest", "visits_file_duplicates", **facts):
        other = f"row {row['other_row']}" if row["other_row"] else "stored before"
        say(f"Row {row['row']} ({row['ref']}) may be a duplicate of {row['other_ref']} ({other}).")
    if (more := will_match["duplicates"] - SHOWN_ROWS) > 0:
        say(f"… and {more:,} more possible duplicates; --json prints all.")

"""``actuals`` (DESIGN 4.1): weeks that providers enter, generated, exported and imported."""

import csv
import io
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from deploy.cli.care.imports import (
    File,
    Organisation,
    counted,
    fail_refused,
    followed,
    show_errors,
    shown_error,
)
from deploy.cli.money.holds import a_monday
from deploy.cli.output import Json, answer, say
from deploy.cli.recording import recorded
from deploy.cli.rights import needs
from deploy.cli.system import System, running_system, store_upload
from libs.common.files.actual_files import HEADINGS, rows_of_week
from libs.common.rights import names as rights
from libs.common.seams.ingest.actuals import ACTUALS_AT_ONCE

actuals_app = typer.Typer(help="Weeks of care that providers enter.", no_args_is_help=True)

Week = Annotated[str, typer.Argument(help="The Monday of the week, e.g. 2022-10-03.")]
SHOWN = ("cpli_id", "state", "planned_seconds", "delivered_seconds", "frustrated_seconds", "cost")
COUNTED = ("week", "generated", "kept", "total_cost")
ERRORS_A_CALL = 5000
METHOD = "actuals_file"
"""By which ingest says how a file of actuals stands."""


@actuals_app.command("generate")
@needs(rights.ENTER_ACTUALS)
def generate(week: Week, organisation: Organisation, json: Json = False) -> None:
    """Make a week's actuals as planned; those that are there are kept."""
    monday = a_monday(week)
    system = running_system()
    system.wait_for_care()
    with recorded("actuals.generate", ("week", monday), organisation=organisation) as doing:
        found = system.ask("ingest", "generate_actuals", monday=monday, organisation=organisation)
        doing.outcome = f"generated {found['generated']}, kept {found['kept']}"
    if json:
        actuals = [{name: actual[name] for name in SHOWN} for actual in found["actuals"]]
        answer({name: found[name] for name in COUNTED} | {"actuals": actuals})
        return
    if not found["actuals"]:
        say("There are no actuals for this week.")
        return
    say(f"Generated {found['generated']:,}, kept {found['kept']:,}. Total cost £{found['total_cost']}.")


@actuals_app.command("export")
@needs(rights.READ_ACTUALS)
def export(week: Week, organisation: Organisation) -> None:
    """A week's actuals as CSV on standard output, in the columns in which they are imported."""
    monday = a_monday(week)
    system = running_system()
    system.wait_for_care()
    cpli_ids = system.ask("ingest", "actuals_cplis", monday=monday, organisation=organisation)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for first in range(0, len(cpli_ids), ACTUALS_AT_ONCE):
        some = cpli_ids[first : first + ACTUALS_AT_ONCE]
        actuals = system.ask("ingest", "actuals_of_cplis", monday=monday, cpli_ids=some)
        names = names_of_clients(system, {actual["client_reference"] for actual in actuals})
        writer.writerows(rows_of_week(actuals, names))
    typer.echo(text.getvalue(), nl=False)


def names_of_clients(system: System, references: Iterable[str]) -> dict[str, str]:
    """The names of clients by their references; only matching has them."""
    found: dict[str, str] = system.ask(
        "matching", "client_names", identifiers=sorted(filter(None, references))
    )
    return found


@actuals_app.command("import")
@needs(rights.ENTER_ACTUALS)
def import_actuals(
    file: File,
    organisation: Organisation,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Update the system with the accepted actuals.")
    ] = False,
    json: Json = False,
) -> None:
    """Check a file of actuals: counts, errors and what it would pay; with --confirm, update the system with it."""
    system = running_system()
    file_id, key = store_upload("actuals-files", file)
    system.wait_for_care()
    action = "actuals_files.confirm" if confirm else "actuals_files.send"
    with recorded(action, ("actuals_file_id", file_id), organisation=organisation) as doing:
        facts = {"organisation": organisation, "file_name": file.name[-255:], "object_key": key}
        system.ask("ingest", "send_actuals_file", file_id=file_id, **facts)
        found = followed(system, file_id, "Checking", while_in="checking", method=METHOD)
        if found["state"] == "refused":
            fail_refused(file, found["refusal"]["message"])
        doing.amount = found["forecast"]["payable"]
        if confirm:
            system.ask("ingest", "confirm_actuals_file", file_id=file_id, accepts_changes=True)
            found = followed(system, file_id, "Updating", while_in="applying", method=METHOD)
        doing.outcome = found["state"]
    show_file(system, found, json=json)


def show_file(system: System, found: dict[str, Any], *, json: bool) -> None:
    """A file of actuals, for a program or a person."""
    errors: list[dict[str, Any]] = []
    while page := system.ask(
        "ingest",
        "actuals_file_errors",
        file_id=found["id"],
        after=errors[-1]["position"] if errors else -1,
        limit=ERRORS_A_CALL,
    ):
        errors += page
    if json:
        answer(
            {name: found[name] for name in ("id", "state", "counts", "forecast")}
            | {"errors": list(map(shown_error, errors)), "file_warnings": found["file_warnings"]}
        )
        return
    for warning in found["file_warnings"]:
        say(f"Note: {warning['message']}")
    say(f"{found['state'].capitalize()}: {counted(found['counts'])} actuals")
    pays = "pays" if found["state"] == "applied" else "would pay"
    say(f"It {pays} £{found['forecast']['payable']} more than is payable already.")
    show_errors(errors)
    if found["state"] == "checked":
        say("Nothing has changed yet: run it again with --confirm to update the system.")

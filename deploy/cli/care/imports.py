"""``care import``, ``carers import`` and ``visits import`` (DESIGN 4.1)."""

import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from deploy.cli.care.checks import checked_care, say_forecast
from deploy.cli.care.will_match import rows_that_matter, show_matching
from deploy.cli.output import Json, answer, fail, note, say
from deploy.cli.recording import recorded
from deploy.cli.rights import needs
from deploy.cli.system import System, running_system, store_upload
from libs.common.rights import names as rights

care_app = typer.Typer(help="Commissioned care.", no_args_is_help=True)
carers_app = typer.Typer(help="A provider's carers.", no_args_is_help=True)
visits_app = typer.Typer(help="Visits files.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="A CSV file.")]
Organisation = Annotated[str, typer.Option("--organisation", help="The provider, by its name.")]

JOB_SECONDS = 600.0
FORECAST_SECONDS = 60.0
SHOWN_ERRORS = 20


@care_app.command("import")
@needs(rights.CHANGE_CARE)
def import_care(
    file: File,
    check: Annotated[
        bool, typer.Option("--check", help="Only show what it would change, in money too; import nothing.")
    ] = False,
    json: Json = False,
) -> None:
    """Import commissioned care: new, changed, unchanged and rejected rows."""
    system = running_system()
    if check:
        show_check(checked_care(system, file), json=json)
        return
    import_id, key = store_upload("care-files", file)
    with recorded("care_imports.confirm", ("import_id", import_id)) as doing:
        found = imported_care(system, file, import_id, key)
        doing.outcome = counted(found["counts"])
    document = {
        "id": import_id,
        "counts": found["counts"],
        "errors": found["errors"],
        "renamed": found["renamed"],
        "reference_version": found["reference_version"],
    }
    if json:
        answer(document | ({"notes": found["notes"]} if found["notes"] else {}))
        return
    say(counted(found["counts"]))
    for said in found["notes"]:
        more = f" So in {said['rows']:,} rows." if said["rows"] > 1 else ""
        say(f"Note on row {said['row']}: {said['message']}{more}")
    for name in (*found["renamed"]["organisations"], *found["renamed"]["services"]):
        say(f"Renamed: “{name['before']}” is called “{name['after']}” now.")
    show_errors(found["errors"])


def imported_care(system: System, file: Path, import_id: str, key: str) -> dict[str, Any]:
    """The document of an import, once its rows are taken. Fails when none are, or that takes too long."""
    system.ask("matching", "import_care", import_id=import_id, object_key=key, file_name=file.name)
    found: dict[str, Any] = waited(
        system,
        "Importing care",
        lambda: system.ask("matching", "care_import", import_id=import_id),
        lambda document: document["state"] != "importing",
    )
    if found["state"] == "importing":
        fail(
            "The care file is still being imported; its rows will be taken as soon as matching gets to them."
        )
    if found["state"] == "failed":
        fail(f"{file.name} failed: {found['refusal']}")
    if found["state"] == "refused":
        fail_refused(file, found["refusal"])
    return found


def show_check(checked: dict[str, Any], *, json: bool) -> None:
    """A care file's check, for a program or a person."""
    if json:
        answer(checked)
        return
    say(f"Checked: {counted(checked['counts'])}")
    say_forecast(checked["forecast"])
    show_errors(checked["errors"])
    say("Nothing has changed: run it again without --check to import it.")


@carers_app.command("import")
@needs(rights.SEND_CARERS)
def import_carers(
    file: File,
    organisation: Organisation,
    preview: Annotated[
        bool, typer.Option("--preview", help="Show what it would do, and do nothing.")
    ] = False,
    json: Json = False,
) -> None:
    """Import a provider's carers; visits may name only carers that were imported before.

    Carers to whom the file gives another name are shown before they are renamed.
    """
    system = running_system()
    _, key = store_upload("carers-files", file)
    system.wait_for_lists()
    facts = {"organisation": organisation, "object_key": key}
    found = system.ask("ingest", "check_carers_file", **facts)
    for change in found["changes"]:
        note(f"Carer {change['ref']} is renamed: “{change['before']}” becomes “{change['after']}”.")
    if not preview:
        with recorded("carers.confirm", organisation=organisation) as doing:
            found = system.ask("ingest", "import_carers", **facts)
            doing.outcome = counted(found["counts"])
        note_unknown(organisation, found)
    if json:
        answer({name: found[name] for name in ("counts", "changes", "errors")})
        return
    say(counted(found["counts"]))
    show_errors(found["errors"])


@visits_app.command("import")
@needs(rights.SEND_VISITS)
def import_visits(
    file: File,
    organisation: Organisation,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Update the system with the accepted rows.")
    ] = False,
    json: Json = False,
) -> None:
    """Check a visits file: counts, errors and what it would pay; with --confirm, update the system with it."""
    system = running_system()
    file_id, key = store_upload("visits-files", file)
    system.wait_for_lists()
    action = "visits_files.confirm" if confirm else "visits_files.send"
    with recorded(action, ("file_id", file_id), organisation=organisation) as doing:
        facts = {"organisation": organisation, "file_name": file.name, "object_key": key}
        received = system.ask("ingest", "receive_visits_file", file_id=file_id, **facts)
        found = followed(system, file_id, "Checking", while_in="checking")
        if found["state"] == "refused":
            fail_refused(file, found["refusal"]["message"])
        note_unknown(organisation, received)
        found = forecast_awaited(system, file_id)
        doing.amount = found["forecast"] and found["forecast"]["payable"]
        if confirm:
            system.ask("ingest", "confirm_visits_file", file_id=file_id, accepts_changes=True)
            applied = followed(system, file_id, "Updating", while_in="applying")
            found = applied | {name: found[name] for name in ("forecast", "will_match")}
        doing.outcome = found["state"]
    show_file(system, found, json=json)


def fail_refused(file: Path, reason: str) -> NoReturn:
    """A whole file that was refused: nothing of it was taken."""
    fail(f"{file.name} is refused: {reason}")


def note_unknown(organisation: str, found: dict[str, Any]) -> None:
    """An organisation that no care names yet may be right, or a slip of the pen."""
    if not found.get("organisation_known", True):
        note(
            f"Note: no commissioned care names “{organisation}” yet; its visits will match when care for it arrives."
        )


def followed(
    system: System, file_id: str, doing: str, *, while_in: str, method: str = "visits_file"
) -> dict[str, Any]:
    """The file when it has left a state, as this method of ingest says it; fails when that takes too long, or it failed."""
    found: dict[str, Any] = waited(
        system,
        doing,
        lambda: system.ask("ingest", method, file_id=file_id),
        lambda document: document["state"] != while_in,
    )
    if found["state"] == while_in:
        fail(f"The file is still {while_in}: ask again later for {file_id}.")
    if found["state"] == "failed":
        fail(f"The file failed: {found['refusal']['message']}")
    return found


def forecast_awaited(system: System, file_id: str) -> dict[str, Any]:
    """The checked file with its forecast; without one when that failed, or matching or payments are away for long."""
    found: dict[str, Any] = system.wait_for(
        lambda: system.ask("ingest", "visits_file", file_id=file_id),
        lambda document: document["forecast"] is not None or document.get("forecast_failure") is not None,
        FORECAST_SECONDS,
    )
    return found


def waited(system: System, doing: str, asked: Any, is_done: Any) -> Any:
    """Wait for a job, with a sign of life on a terminal."""
    if not sys.stderr.isatty():
        return system.wait_for(asked, is_done, JOB_SECONDS)
    from rich.console import Console  # here: it takes a while to load, and programs see nothing of it

    with Console(stderr=True).status(f"{doing} …"):
        return system.wait_for(asked, is_done, JOB_SECONDS)


def errors_of(system: System, file_id: str, *, is_rejection: bool) -> list[dict[str, Any]]:
    """All errors (or warnings) of a file, page by page."""
    found: list[dict[str, Any]] = []
    while page := system.ask(
        "ingest",
        "visits_file_errors",
        file_id=file_id,
        is_rejection=is_rejection,
        after=found[-1]["position"] if found else -1,
    ):
        found += page
    return found


def show_file(system: System, found: dict[str, Any], *, json: bool) -> None:
    """A visits file's document, for a program or a person."""
    errors = errors_of(system, found["id"], is_rejection=True)
    if json:
        if failure := found.get("forecast_failure"):
            note(failure)
        warnings = errors_of(system, found["id"], is_rejection=False)
        answer(
            {name: found[name] for name in ("id", "state", "counts", "forecast")}
            | {"errors": list(map(shown_error, errors)), "warnings": list(map(shown_error, warnings))}
            | {"file_warnings": found["file_warnings"], "will_match": found["will_match"]}
            | rows_that_matter(system, found["id"])
        )
        return
    for warning in found["file_warnings"]:
        say(f"Note: {warning['message']}")
    say(f"{found['state'].capitalize()}: {counted(found['counts'])}")
    payable = found["forecast"] and found["forecast"]["payable"]
    say(
        f"It {'pays' if found['state'] == 'applied' else 'would pay'} £{payable}."
        if payable
        else found.get("forecast_failure") or "Its forecast is not known yet."
    )
    show_errors(errors)
    show_matching(system, found)
    if found["state"] == "checked":
        say("Nothing has changed yet: run it again with --confirm to update the system.")


def shown_error(error: dict[str, Any]) -> dict[str, Any]:
    """An error as DESIGN 4.1 shows it."""
    return {name: error[name] for name in ("row", "ref", "column", "code", "message")}


def counted(counts: dict[str, int]) -> str:
    """``read 21, new 21, …``"""
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def show_errors(errors: list[dict[str, Any]]) -> None:
    """The first errors, each with its row and column, and how many more there are."""
    for error in errors[:SHOWN_ERRORS]:
        say(f"Row {error['row']} ({error['ref'] or 'no reference'}), {error['column']}: {error['message']}")
    if len(errors) > SHOWN_ERRORS:
        say(f"… and {len(errors) - SHOWN_ERRORS:,} more errors; --json prints all.")

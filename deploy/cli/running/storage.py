"""``storage``: what files hold in the object store, what an organisation's may hold, and whether count and folder agree."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Annotated, Any

import typer

from deploy.cli.output import Json, answer, say
from deploy.cli.rights import needs
from deploy.cli.running.users import (
    MADE_BY,
    parts_of_portal,
    present_names,
    provider_named,
    recorded_in_portal,
)
from deploy.cli.system import home, noted
from libs.common.files.objects import OBJECTS_VARIABLE
from libs.common.rights import names as rights

storage_app = typer.Typer(help="What files hold in the object store, and may.", no_args_is_help=True)

Whose = Annotated[
    str | None, typer.Option("--organisation", help="The provider's name; the council's own when left out.")
]


@storage_app.command("list")
@needs(rights.READ_STORAGE)
def list_storage(json: Json = False) -> None:
    """What every organisation's files hold, and what they may hold."""
    with parts_of_portal() as parts:
        from services.portal.storage.rules import megabytes
        from services.portal.storage.views import list_held

        every = list_held(parts)
        names = present_names([row.organisation_id for row in every])
    if json:
        answer([asdict(row) | {"organisation": names.get(row.organisation_id or "")} for row in every])
        return
    for row in every:
        whose = names.get(row.organisation_id or "", row.organisation_id or "the council")
        own = "" if row.is_own else " (as all)"
        say(
            f"{whose}: {megabytes(row.held_bytes)} in {row.held_files:,} files, of {megabytes(row.most_bytes)}{own};"
            f" {row.files_today:,} files within 24 hours"
        )
    if not every:
        say("No files were sent yet.")


@storage_app.command("set")
@needs(rights.OPERATE)
def set_storage(
    megabytes: Annotated[
        int | None, typer.Argument(min=0, help="What its files may hold, in MB; as for all when left out.")
    ] = None,
    organisation: Whose = None,
    json: Json = False,
) -> None:
    """Have an organisation's files hold at most so much; it holds for the next file that is sent."""
    with parts_of_portal() as parts:
        from services.portal.storage.rules import COUNCIL
        from services.portal.storage.steps import set_quota

        with recorded_in_portal(parts, "command.set_quota") as doing:
            whose = provider_named(organisation)
            owner = str(whose.organisation_id) if whose else COUNCIL
            doing.about = [("organisation_id", owner)] if whose else []
            doing.outcome = "as all" if megabytes is None else f"{megabytes:,} MB"
            set_quota(parts, owner, None if megabytes is None else megabytes * 1_000_000, MADE_BY)
    name = whose.name if whose else "the council"
    if json:
        answer({"organisation": whose and whose.name, "megabytes": megabytes})
        return
    say(f"The files of {name} may hold {doing.outcome}.")


@storage_app.command("check")
@needs(rights.OPERATE)
def check_storage(json: Json = False) -> None:
    """Compare what is counted with what lies in the object store; exit 1 if it differs."""
    found = differences_of_storage()
    if json:
        answer(found)
    for one in found if not json else ():
        say(" ".join(f"{name}={value}" for name, value in one.items()))
    if found:
        raise typer.Exit(1)


def differences_of_storage() -> list[dict[str, Any]]:
    """Where counts, counted files and the object store differ, as ``reconcile`` says differences."""
    if not os.environ.get(OBJECTS_VARIABLE):
        os.environ[OBJECTS_VARIABLE] = noted().get("objects_url") or f"file://{home()}/objects"
    with parts_of_portal() as parts:
        from services.portal.storage.views import list_differences

        return [asdict(one) for one in list_differences(parts)]

"""`up`, `down` and `status` (DESIGN 4.1)."""

from __future__ import annotations

from typing import Annotated

import typer

from deploy.cli.output import Json, answer, fail, say
from deploy.cli.rights import needs
from deploy.local import control
from deploy.local.home import StackFailed, stack_home
from libs.common.rights import names as rights


@needs(rights.OPERATE)
def up(
    detach: Annotated[bool, typer.Option("--detach", help="Return when all is ready; it runs on.")] = False,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", min=1, max=65535, help="The portal's port; 8000, or a free one if that is taken."
        ),
    ] = None,
) -> None:
    """Start everything on this machine and keep it running."""
    notes = control.running_notes(stack_home())
    if notes is not None and not detach:
        say(f"Caretally is already up: {notes.portal_url}")
        return
    if not detach:
        from deploy.local.stack import supervise  # here: the other commands need none of what it loads

        raise typer.Exit(supervise(port or 0, say))
    try:
        started = control.up_detached(port or 0)
    except StackFailed as failed:
        fail(str(failed))
    say(f"Caretally is {'already ' if notes else ''}up: {started.portal_url}")


@needs(rights.OPERATE)
def down() -> None:
    """End everything that `up` started."""
    try:
        was_up = control.down()
    except StackFailed as failed:
        fail(str(failed))
    say("Caretally is down." if was_up else "Caretally was not up.")


@needs(rights.KNOW_NAMES)
def status(json: Json = False) -> None:
    """Every process, its number and whether it is ready, and the addresses."""
    found = control.status()
    if json:
        answer(found)
        return
    if not found["processes"]:
        say("Caretally is not up here: start it with `caretally up --detach`.")
        return
    for process in found["processes"]:
        state = "ready" if process["ready"] else f"not ready: {process['reason']}"
        say(f"{process['name']:<18}{process['pid'] or '-':>8}  {state}")
    say(f"portal: {found['urls']['portal']}")

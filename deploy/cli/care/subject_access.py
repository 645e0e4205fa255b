"""``subject-access`` (DESIGN 4.1, RULES 20)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from deploy.cli.output import Json, answer, fail, say
from deploy.cli.recording import operator
from deploy.cli.rights import needs
from deploy.cli.running.users import parts_of_portal, recorded_in_portal
from deploy.cli.system import home, noted, running_system
from libs.common.files.objects import OBJECTS_VARIABLE
from libs.common.rights import names as rights


@needs(rights.EXPORT_PERSON)
def subject_access(
    client: Annotated[str, typer.Argument(metavar="CLIENT", help="An id, SSRef, ClientRef or NHSNumber.")],
    to: Annotated[
        Path | None, typer.Option("--to", help="The ZIP file to write; it must not be there yet.")
    ] = None,
    json: Json = False,
) -> None:
    """Write all that is held about a client into a ZIP file of readable files, for whoever asks for their own data."""
    from libs.common.errors import Refused, ServiceUnavailable  # here: few commands need what these load
    from services.portal.clients.gateway import Gateway
    from services.portal.protection.subject_access.making import make_folder, tell_made
    from services.portal.protection.subject_access.rules import name_of_folder

    system = running_system()
    subject = system.ask("matching", "data_subject", identifier=client)
    if OBJECTS_VARIABLE not in os.environ:
        os.environ[OBJECTS_VARIABLE] = str(noted().get("objects_url") or f"file://{home()}/objects")
    gateway = Gateway(system.amqp_url, SECONDS, system.signer)
    with parts_of_portal() as parts:
        path = to or Path(f"{name_of_folder(subject['reference'], parts.clock().date())}.zip")
        with recorded_in_portal(parts, "command.subject_access", ("client", subject["reference"])) as doing:
            sink = _opened(path)
            try:
                with sink:
                    made = make_folder(
                        parts.sessions, gateway, subject, sink, now=parts.clock(), council=parts.council_name
                    )
                tell_made(parts.sessions, subject, made, operator(), "system")
            except (Refused, ServiceUnavailable, OSError) as error:
                path.unlink(missing_ok=True)
                fail(str(error), status=503)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
            finally:
                gateway.close()
            doing.outcome = f"{made.files:,} files, {made.rows:,} rows"
    if json:
        shown = {"client": subject["reference"], "file": str(path), "files": made.files, "rows": made.rows}
        answer(shown)
        return
    say(f"{path}: {made.files:,} files, {made.rows:,} rows. Begin with overview.html.")
    say("Read what lies in read-before-handing-over, and make unreadable what is about somebody else.")


SECONDS = 30.0
"""For one question: services are asked for a page at a time."""


def _opened(path: Path) -> BinaryIO:
    """A new file that its owner alone can read. Fails where there is one."""
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except OSError as error:
        fail(f"{path} can't be written: {error.strerror}.")

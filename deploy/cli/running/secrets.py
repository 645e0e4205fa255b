"""`secrets`: the secrets of a stack, made once and made anew. None of them is ever printed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli.output import Json, answer, fail, say
from deploy.cli.recording import recorded
from deploy.cli.rights import needs
from deploy.cli.system import home
from libs.common.rights import names as rights

secrets_app = typer.Typer(help="Secrets of a stack, a file each.", no_args_is_help=True)


@secrets_app.command("make")
@needs(rights.OPERATE)
def make(
    folder: Annotated[Path, typer.Argument(help="The folder; each process has one of its own in it.")],
    owner: Annotated[
        int | None,
        typer.Option(
            "--owner", min=0, help="The number of the user whom the files belong to: 10001 for containers."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Make every secret that is missing in a folder, for its owner alone. What is there stays as it is."""
    from deploy.ops.broker import BrokerNotPrepared, consumer_names
    from deploy.secrets.folder import give_to
    from deploy.secrets.folder import make as make_all

    try:
        made = make_all(folder, consumer_names())
        if owner is not None:
            give_to(folder, owner)
    except BrokerNotPrepared as error:
        fail(str(error))
    except PermissionError as error:
        fail(f"{error.filename} can't be written, or given to that user: {error.strerror}.")
    if json:
        answer({"folder": str(folder), "made": [str(file.relative_to(folder)) for file in made]})
        return
    say(f"{len(made)} secrets were made in {folder}." if made else f"All secrets were in {folder} already.")


@secrets_app.command("rotate")
@needs(rights.OPERATE)
def rotate(
    which: Annotated[
        str,
        typer.Argument(
            help="database, broker, portal-secret, code-keys, signing-keys, administrators, or all of them: all."
        ),
    ],
    json: Json = False,
) -> None:
    """Make secrets of the running stack anew. Nobody is signed out, and no process has to be started again."""
    from deploy.secrets.rotating import ALL, KINDS, RotationFailed
    from deploy.secrets.rotating import rotate as rotate_all

    if which not in (*KINDS, ALL):
        fail(f"Say which secrets: {', '.join(KINDS)} or {ALL}.")
    stack = _stack()
    done: list[str] = []
    tell = done.append if json else say
    with recorded("command.rotate_secrets", keep=_keeper(stack)) as doing:
        doing.outcome = which
        try:
            rotate_all(stack, which, tell)
        except RotationFailed as error:
            fail(str(error))
        finally:
            _note_again()
    if json:
        answer({"rotated": done})


def _stack() -> Any:
    """The stack that runs here, or the one of the environment as it is for `migrate` and `broker`."""
    from deploy.local.home import read_notes, secrets_of
    from deploy.local.servers.rabbitmq import noted_rabbitmq
    from deploy.secrets.rotating import Stack, given_stack
    from libs.common.errors import ConfigError

    notes = read_notes(home())
    if notes is None:
        try:
            return given_stack()
        except ConfigError as error:
            fail(str(error))
    broker = noted_rabbitmq(home() / "rabbitmq") if "broker" not in notes.given else None
    return Stack(
        secrets_of(home()),
        notes.admin_url,
        broker.management if broker else None,
        [] if "database" in notes.given else [home() / "postgres" / "password"],
        [home() / "rabbitmq" / "password"] if broker else [],
    )


def _keeper(stack: Any) -> Any:
    """Writes into the audit trail by the portal's own role, whose password is read each time."""
    from deploy.ops.roles import role_url
    from deploy.secrets.folder import passwords_in
    from libs.common.process import database
    from services.portal.audit.commands import keep_command

    admin_url, password = stack.admin_url, passwords_in(stack.folder)

    def keep(said: Any) -> None:
        engine = database.engine(role_url(admin_url, "portal_rpc", password), "portal", 1)
        try:
            keep_command(database.sessions(engine), None, said)
        finally:
            engine.dispose()

    return keep


def _note_again() -> None:
    """Have the notes of the stack that runs here name the passwords of now."""
    from deploy.local.home import read_notes, secrets_of
    from deploy.local.plan import urls_of_roles
    from deploy.local.servers import backing
    from deploy.local.servers.postgres import running_postgres
    from deploy.local.servers.rabbitmq import running_rabbitmq
    from deploy.ops.broker import FINANCE, user_urls
    from deploy.secrets.folder import passwords_in

    notes = read_notes(home())
    if notes is None:
        return
    passwords = passwords_in(secrets_of(home()))
    server, broker = running_postgres(home() / "postgres"), running_rabbitmq(home() / "rabbitmq")
    if server is not None:
        notes.admin_url = backing.database_url(server)
    if broker is not None:
        notes.amqp_url = broker.amqp_url
        notes.amqp_urls = user_urls(broker.amqp_url, passwords)
        notes.consumer_amqp_url = notes.amqp_urls.get(FINANCE, "")
    notes.role_urls = urls_of_roles(notes.admin_url, passwords)
    notes.reader_url = notes.role_urls["caretally_reader"]
    notes.write(home())

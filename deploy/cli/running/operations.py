"""``dead-letters``, ``set-apart``, ``resync`` and ``events tail`` (DESIGN 4.1)."""

import json as json_text
import uuid
from collections.abc import Callable
from functools import partial
from typing import Annotated, TypeVar

import typer
from pika.exceptions import AMQPError

from deploy.cli.output import Json, answer, fail, say
from deploy.cli.recording import recorded
from deploy.cli.rights import needs
from deploy.cli.system import amqp_url, hearer_of, running_system
from libs.common.messaging.amqp import COMMAND_SECONDS, a_channel
from libs.common.messaging.topology import PUBLIC
from libs.common.operations import dead_letters
from libs.common.rights import names as rights

T = TypeVar("T")
MOST_BODY = 4_000_000
"""Of a longer one the beginning is kept, in characters."""

dead_letters_app = typer.Typer(help="Messages that could not be handled.", no_args_is_help=True)
events_app = typer.Typer(help="Public events.", no_args_is_help=True)

set_apart_app = typer.Typer(help="What could not be priced, matched or stored.", no_args_is_help=True)

NOT_APART = "Nothing with this id can be tried again: `caretally set-apart list` shows the ids; a row of a file is sent again."
LetterId = Annotated[str, typer.Argument(help="The id that `dead-letters list` shows.")]


@dead_letters_app.command("list")
@needs(rights.OPERATE)
def list_letters(json: Json = False) -> None:
    """The dead letters: id, event, queue and why."""
    letters = _asked(lambda: dead_letters.list_dead_letters(amqp_url(), running_system().is_discarded))
    if json:
        answer([letter.summary() for letter in letters])
        return
    for letter in letters:
        say(f"{letter.id}  {letter.event}  {letter.queue}  after {letter.attempts} attempts: {letter.reason}")
    if not letters:
        say("There are no dead letters.")


@dead_letters_app.command("show")
@needs(rights.OPERATE)
def show_letter(letter_id: LetterId) -> None:
    """A dead letter with its body, as JSON."""
    letters = _asked(lambda: dead_letters.show(amqp_url(), letter_id, running_system().is_discarded))
    answer([letter.summary() | {"body": letter.body.decode(errors="replace")} for letter in letters])


@dead_letters_app.command("replay")
@needs(rights.OPERATE)
def replay_letters(
    letter_id: Annotated[str | None, typer.Argument(help="One dead letter; all when left out.")] = None,
) -> None:
    """Send dead letters back to where they failed."""
    with recorded("command.replay_letters", *_named("letter", letter_id)) as doing:
        is_gone = running_system().is_discarded
        count = _asked(lambda: dead_letters.replay(amqp_url(), letter_id, _tell_sent_back, is_gone))
        doing.outcome = f"{count:,} sent back"
    say(f"{count:,} sent back.")


@dead_letters_app.command("discard")
@needs(rights.OPERATE)
def discard_letter(
    letter_id: LetterId,
    reason: Annotated[
        str, typer.Option("--reason", help="Why it need never be handled; kept with who said so.")
    ],
) -> None:
    """Take a dead letter away for good, with a reason."""
    why = reason.strip()[:500]
    if not why:
        raise typer.BadParameter("Say why: --reason TEXT.")
    with recorded("command.discard_letter", ("letter", letter_id)) as doing:
        is_gone, keep = running_system().is_discarded, partial(_keep, why=why)
        count = _asked(lambda: dead_letters.discard(amqp_url(), letter_id, keep, is_gone))
        doing.outcome = f"{count:,} discarded"
    say(f"{count:,} discarded.")


def _keep(letter: dead_letters.DeadLetter, why: str) -> None:
    """The service that should have heard it keeps who discarded it, and why."""
    facts = {name: getattr(letter, name) for name in ("queue", "event", "cause_id", "reason", "died_at")}
    system = running_system()
    facts["body"] = letter.body.decode(errors="replace")[:MOST_BODY]
    system.ask(hearer_of(letter), "dead_letter_discarded", message_id=letter.id, why=why, **facts)
    system.close()


def _tell_sent_back(letter: dead_letters.DeadLetter) -> None:
    """Its work is under way again: whoever waits for all work waits for it too."""
    system = running_system()
    system.ask(hearer_of(letter), "dead_letter_sent_back", message_id=letter.id)
    system.close()


@set_apart_app.command("list")
@needs(rights.READ_SET_APART)
def list_set_apart(json: Json = False) -> None:
    """What could not be priced, matched or stored, with its reason; all else was done."""
    found = running_system().set_apart()
    if json:
        answer(found)
        return
    for one in found:
        say(f"{one['id']}  {one['kind']} {one['key']}  since {one['since']}: {one['reason']}")
    if not found:
        say("Nothing is set apart.")


@set_apart_app.command("retry")
@needs(rights.MEND_SET_APART)
def retry_set_apart(
    apart_id: Annotated[
        str | None, typer.Argument(help="The id that `set-apart list` shows; all when left out.")
    ] = None,
) -> None:
    """Try again what is set apart; what succeeds is set apart no longer."""
    try:
        wanted = None if apart_id is None else str(uuid.UUID(apart_id))
    except ValueError:
        fail(NOT_APART)
    with recorded("set_apart.retry", *_named("apart_id", wanted)) as doing:
        count = sum(running_system().of_services("retry_set_apart", apart_id=wanted).values())
        if wanted is not None and not count:
            fail(NOT_APART)
        doing.outcome = f"{count:,} tried again"
    say(f"{count:,} tried again; `caretally books --wait 60` waits for it.")


def _named(kind: str, value: str | None) -> list[tuple[str, str]]:
    """What is named, if one is."""
    return [] if value is None else [(kind, value)]


def _asked(ask: Callable[[], T]) -> T:
    """The broker's answer; one sentence and exit 1 when it can't be asked or has no such letter."""
    try:
        return ask()
    except dead_letters.NoSuchDeadLetter:
        fail("There is no dead letter with this id: `caretally dead-letters list` shows them.")
    except dead_letters.CannotReplay as error:
        fail(f"It can't be sent back: {error}.")
    except (AMQPError, OSError):
        fail("The broker can't be reached: see `caretally status`.", status=503)


@needs(rights.OPERATE)
def resync(
    what: Annotated[str, typer.Argument(help="visits or care")],
) -> None:
    """Say the current state again: all visits, or all commissioned care."""
    services = {"visits": "ingest", "care": "matching"}
    if what not in services:
        raise typer.BadParameter("Say `visits` or `care`.")
    with recorded("command.resync", ("state", what)):
        running_system().ask(services[what], "resync", cause_id=str(uuid.uuid4()))
    say(f"The current state of all {what} is being said again; `caretally books --wait 60` waits for it.")


@events_app.command("tail")
@needs(rights.OPERATE)
def tail_events(
    seconds: Annotated[
        float | None, typer.Option("--seconds", help="End after so many quiet seconds.")
    ] = None,
) -> None:
    """Print public events as they are sent, one JSON document a line, until interrupted."""
    try:
        with a_channel(amqp_url(), "events tail", COMMAND_SECONDS) as channel:
            queue = channel.queue_declare("", exclusive=True).method.queue
            channel.queue_bind(queue, PUBLIC, "#")
            for method, _, body in channel.consume(queue, auto_ack=True, inactivity_timeout=seconds):
                if method is None:
                    return
                say(json_text.dumps(json_text.loads(body), ensure_ascii=False))
    except KeyboardInterrupt:
        return
    except (AMQPError, OSError):
        fail("The broker can't be reached: see `caretally status`.")

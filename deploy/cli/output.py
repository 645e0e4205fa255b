"""How commands answer: people get plain lines, programs (``--json``) one JSON document on standard output."""

import json
import sys
from typing import Annotated, Any, NoReturn

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def say(line: str) -> None:
    """A plain line for a person."""
    typer.echo(line)


def note(line: str) -> None:
    """A line that is not part of the answer: on standard error."""
    print(line, file=sys.stderr)


def answer(document: Any) -> None:
    """The answer of a command with ``--json``."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1))


def fail(sentence: str) -> NoReturn:
    """Refused or failed: one plain sentence on standard error, exit status 1."""
    note(sentence)
    raise typer.Exit(1)

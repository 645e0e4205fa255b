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


class Failed(typer.Exit):
    """A command that ends with a sentence and exit status 1; ``status`` is the HTTP one that it would have."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(1)
        self.sentence, self.status = sentence, status


def fail(sentence: str, *, status: int = 409) -> NoReturn:
    """Refused or failed: one plain sentence on standard error, exit status 1."""
    note(sentence)
    raise Failed(sentence, status)

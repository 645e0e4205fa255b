"""All commands, under their names. Each module of this package has the functions of one subject.

Only the subject that is asked for is loaded: each needs other libraries, and commands start often.
"""

from __future__ import annotations

from importlib import import_module

import typer

SUBJECTS = {
    "up": "stack",
    "down": "stack",
    "status": "stack",
    "care": "imports",
    "carers": "imports",
    "clients": "clients",
    "visits": "imports",
    "actuals": "actuals",
    "books": "money",
    "reconcile": "money",
    "periods": "money",
    "holds": "holds",
    "invoices": "invoices",
    "contracts": "contracts",
    "measures": "monitoring",
    "under-delivery": "monitoring",
    "runs": "approving",
    "debts": "approving",
    "proposals": "approving",
    "dead-letters": "operations",
    "set-apart": "operations",
    "resync": "operations",
    "events": "operations",
    "user": "users",
    "token": "users",
}
"""Command to module, where it is a function of that name, or as `<name>_app` a group of commands."""


def app_for(asked: str | None = None) -> typer.Typer:
    """The program with the command that is asked for; with all, when there is none of that name."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback(help="Caretally turns homecare visits into payments.")(_nothing)
    for name in [asked] if asked in SUBJECTS else SUBJECTS:
        _add(app, str(name))
    return app


def _nothing() -> None:
    """The callback that makes a program of one command still ask for the command's name."""


def _add(app: typer.Typer, name: str) -> None:
    subject = import_module(f"deploy.cli.{SUBJECTS[name]}")
    word = name.replace("-", "_")
    group = getattr(subject, f"{word}_app", None)
    if group is not None:
        app.add_typer(group, name=name)
    else:
        app.command(name)(getattr(subject, word))

"""All commands, under their names. Each module of this package has the functions of one subject.

Only the subject that is asked for is loaded: each needs other libraries, and commands start often.
"""

from __future__ import annotations

from importlib import import_module

import typer

SUBJECTS = {
    "up": "running.stack",
    "down": "running.stack",
    "status": "running.stack",
    "care": "care.imports",
    "carers": "care.imports",
    "clients": "care.clients",
    "subject-access": "care.subject_access",
    "visits": "care.imports",
    "actuals": "care.actuals",
    "books": "money.books",
    "reconcile": "money.books",
    "periods": "money.books",
    "holds": "money.holds",
    "invoices": "money.invoices",
    "contracts": "money.contracts",
    "measures": "monitoring",
    "under-delivery": "monitoring",
    "thresholds": "monitoring",
    "ranking": "ranking",
    "runs": "money.approving",
    "debts": "money.approving",
    "proposals": "money.approving",
    "dead-letters": "running.operations",
    "set-apart": "running.operations",
    "resync": "running.operations",
    "events": "running.operations",
    "audit": "running.audit",
    "storage": "running.storage",
    "user": "running.users",
    "token": "running.users",
    "secrets": "running.secrets",
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

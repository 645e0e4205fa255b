"""All commands, under their names. Each module of this package has the functions of one subject."""

from __future__ import annotations

import typer

from deploy.cli import imports, money, operations, stack, users

app = typer.Typer(
    help="Caretally turns homecare visits into payments.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command("up")(stack.up)
app.command("down")(stack.down)
app.command("status")(stack.status)
app.add_typer(imports.care_app, name="care")
app.add_typer(imports.carers_app, name="carers")
app.add_typer(imports.visits_app, name="visits")
app.command("books")(money.books)
app.command("reconcile")(money.reconcile)
app.add_typer(money.periods_app, name="periods")
app.add_typer(operations.dead_letters_app, name="dead-letters")
app.command("resync")(operations.resync)
app.add_typer(operations.events_app, name="events")
app.add_typer(users.user_app, name="user")
app.add_typer(users.token_app, name="token")

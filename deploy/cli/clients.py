"""``clients merge`` (DESIGN 4.1)."""

from typing import Annotated, Any

import typer

from deploy.cli.output import Json, answer, say
from deploy.cli.system import running_system
from services.portal.care import merging

clients_app = typer.Typer(help="Clients, by SSRef, ClientRef or NHSNumber.", no_args_is_help=True)

REASON = "On the command line."


@clients_app.command("merge")
def merge_clients(
    client: Annotated[str, typer.Argument(metavar="FROM", help="The client who is merged.")],
    into: Annotated[str, typer.Argument(metavar="INTO", help="The client who stays.")],
    preview: Annotated[bool, typer.Option("--preview", help="Only show what it would move.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="How it is known that they are one.")] = REASON,
    json: Json = False,
) -> None:
    """Merge a client into another that is the same person: their weeks are charged anew as one's."""
    system = running_system()
    shown = merging.preview(system.ask, client, into)
    if not json:
        say_money(shown)
    if not preview:
        shown = merging.merge(system.ask, client, into, reason=reason)
    if json:
        answer(shown)
    elif shown["state"] == "merged":
        say(f"{called(shown['client'])} is one with {called(shown['into'])}.")


def say_money(shown: dict[str, Any]) -> None:
    """What merging moves, line by line; nothing once it was done."""
    money = shown["money"]
    if money is None:
        return
    charges = money["charges"]
    say(f"Charged to both now: £{charges['now']}; as one: £{charges['then']} (£{charges['difference']}).")
    for week in money["weeks"]:
        period = f"in the period from {week['period_start']}"
        say(f"  Week from {week['monday']}: £{week['now']} becomes £{week['then']}, {period}.")
    for one in money["organisations"]:
        cost, deductions = one["cost"], one["deductions"]
        say(f"  {one['organisation']}: cost £{cost['difference']}, deductions £{deductions['difference']}.")


def called(client: dict[str, Any]) -> str:
    """A client by name and reference."""
    reference = client["ssref"] or client["client_ref"] or client["nhs_number"]
    return f"{client['name']} ({reference})" if client["name"] else str(reference)

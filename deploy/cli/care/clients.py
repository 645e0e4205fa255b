"""``clients merge`` (DESIGN 4.1)."""

from typing import Annotated, NamedTuple

import typer

from deploy.cli.output import Json, answer, say
from deploy.cli.recording import recorded
from deploy.cli.rights import needs
from deploy.cli.system import System, running_system
from libs.common.rights import names as rights
from libs.common.seams.events import WeekVisits
from libs.common.seams.matching.merging import ClientMerge, ClientMergePreview, Person
from libs.common.seams.payments.merging import MoneyOfMerge
from services.portal.care.merging import Merging, ShownMerge, moved_charges

clients_app = typer.Typer(help="Clients, by SSRef, ClientRef or NHSNumber.", no_args_is_help=True)

REASON = "On the command line."


@clients_app.command("merge")
@needs(rights.CHANGE_CARE)
def merge_clients(
    client: Annotated[str, typer.Argument(metavar="FROM", help="The client who is merged.")],
    into: Annotated[str, typer.Argument(metavar="INTO", help="The client who stays.")],
    preview: Annotated[bool, typer.Option("--preview", help="Only show what it would move.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="How it is known that they are one.")] = REASON,
    json: Json = False,
) -> None:
    """Merge a client into another that is the same person: their weeks are charged anew as one's."""
    services = _Services(running_system())
    merging = Merging(services, services)
    shown = merging.preview(client, into)
    if not json:
        say_money(shown)
    if not preview:
        with recorded("clients_merging.merge", ("client", client), ("client", into)) as doing:
            shown = merging.merge(client, into, reason=reason)
            doing.amount, doing.outcome = moved_charges(shown), shown["state"]
    if json:
        answer(shown)
    elif shown["state"] == "merged":
        say(f"{called(shown['client'])} is one with {called(shown['into'])}.")


class _Services(NamedTuple):
    """Matching and payments, as the commands reach them."""

    system: System

    def preview_client_merge(self, *, client: str, into: str) -> ClientMergePreview:
        found: ClientMergePreview = self.system.ask(
            "matching", "preview_client_merge", client=client, into=into
        )
        return found

    def merge_clients(self, *, client: str, into: str, reason: str) -> ClientMerge:
        done: ClientMerge = self.system.ask(
            "matching", "merge_clients", client=client, into=into, reason=reason
        )
        return done

    def money_of_merge(self, *, client_id: str, into_client_id: str, weeks: list[WeekVisits]) -> MoneyOfMerge:
        ids = {"client_id": client_id, "into_client_id": into_client_id}
        found: MoneyOfMerge = self.system.ask("payments", "money_of_merge", **ids, weeks=weeks)
        return found


def say_money(shown: ShownMerge) -> None:
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


def called(client: Person) -> str:
    """A client by name and reference."""
    reference = client["ssref"] or client["client_ref"] or client["nhs_number"]
    return f"{client['name']} ({reference})" if client["name"] else str(reference)

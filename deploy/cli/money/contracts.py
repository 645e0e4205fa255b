"""``contracts`` (DESIGN 4.1, RULES 13): whether what is owed is payable as it is posted, or by an accepted invoice."""

from typing import Annotated

import typer

from deploy.cli.money.books import a_day
from deploy.cli.money.holds import one_of
from deploy.cli.output import Json, answer, say
from deploy.cli.recording import recorded
from deploy.cli.rights import needs
from deploy.cli.system import running_system
from libs.common.rights import names as rights

contracts_app = typer.Typer(help="What contracts say about payment.", no_args_is_help=True)

TERMS = ("schedule", "invoice")


@contracts_app.command("set")
@needs(rights.SET_INVOICE_TERMS)
def set_terms(
    name: Annotated[str, typer.Argument(help="The contract, e.g. DAPL.")],
    terms: Annotated[str, typer.Option("--terms", help="schedule or invoice.")],
    start: Annotated[str, typer.Option("--from", help="The first day of the period from which they hold.")],
    json: Json = False,
) -> None:
    """Have other terms hold for a contract from a period on; its actuals from then on are worked out again."""
    facts = {"contract": name, "start": a_day(start).isoformat(), "terms": one_of("--terms", terms, TERMS)}
    system = running_system()
    with recorded("invoices_settings.set_terms", ("contract", name), ("start", facts["start"])) as doing:
        doing.contract = name
        found = system.ask("payments", "set_contract_terms", **facts)
        doing.outcome = terms
    if json:
        answer([row for row in found if row["contract"].casefold() == name.casefold()])
        return
    say(f"Contract {name} has terms {terms.capitalize()} from {facts['start']}.")


@contracts_app.command("list")
@needs(rights.READ_INVOICES)
def list_terms(json: Json = False) -> None:
    """The terms of every contract that ever had other ones than Schedule."""
    found = running_system().ask("payments", "contract_terms")
    if json:
        answer(found)
        return
    for row in found:
        say(f"{row['contract']}  {row['terms'].capitalize():<8}  from {row['from_period']}")

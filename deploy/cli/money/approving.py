"""``runs``, ``debts`` and ``proposals`` (DESIGN 4.1, RULES 8): to be looked at. People decide, in the portal."""

from typing import Annotated

import typer

from deploy.cli.output import Json, answer, say
from deploy.cli.rights import needs
from deploy.cli.system import running_system
from libs.common.rights import names as rights

runs_app = typer.Typer(help="Payment runs.", no_args_is_help=True)
debts_app = typer.Typer(help="Debts of providers.", no_args_is_help=True)
proposals_app = typer.Typer(help="What needs two people.", no_args_is_help=True)

MOST = 100
Organisation = Annotated[str | None, typer.Option("--organisation", help="Only this provider.")]


@runs_app.command("list")
@needs(rights.READ_RUNS)
def list_runs(json: Json = False) -> None:
    """The newest payment runs: what each pays, and how it stands."""
    found = running_system().ask("payments", "runs", limit=MOST)
    if json:
        answer(found)
        return
    for run in found:
        say(
            f"{run['period_start']}  {run['contract'] or 'all contracts':<14}  {run['state']:<10}"
            f"  £{run['payable']}  last period £{run['last_payable']}  {run['run_id']}"
        )


@debts_app.command("list")
@needs(rights.READ_PAYMENTS)
def list_debts(organisation: Organisation = None, json: Json = False) -> None:
    """The newest debts: what was below nothing, what came off, what is still owed."""
    found = running_system().ask("payments", "debts", organisation=organisation)
    if json:
        answer(found)
        return
    for debt in found:
        invoice = "  for an invoice" if debt["is_for_an_invoice"] else ""
        say(
            f"{debt['arose_in']}  {debt['organisation']}  {debt['contract']}  £{debt['amount']}"
            f"  came off £{debt['came_off']}  written off £{debt['written_off']}  owed £{debt['owed']}{invoice}"
        )


@proposals_app.command("list")
@needs(rights.READ_PROPOSALS)
def list_proposals(json: Json = False) -> None:
    """What was proposed, what waits for a second person first."""
    system = running_system()
    found = [
        row for service in ("payments", "matching") for row in system.ask(service, "proposals", limit=MOST)
    ]
    found.sort(key=lambda row: (row["state"] != "waiting", row["proposed_at"]))
    if json:
        answer(found)
        return
    for row in found:
        say(f"{row['proposed_at']}  {row['kind']:<14}  {row['state']:<8}  {row['proposal_id']}")

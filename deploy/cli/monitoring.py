"""``measures``, ``under-delivery`` and ``thresholds`` (DESIGN 4.1, RULES 16)."""

from typing import Annotated, Any

import typer

from deploy.cli.money.books import a_day
from deploy.cli.output import Json, answer, say
from deploy.cli.recording import recorded
from deploy.cli.rights import needs
from deploy.cli.system import running_system
from libs.common.rights import names as rights
from libs.common.seams.matching.monitoring.measures import shown_measures

SHOWN_OF_DELIVERY = ("cpli_id", "direction", "commissioned_hours", "median_hours", "saving_a_year")
WORDS = {
    "delivered": "delivered",
    "frustrated": "frustrated",
    "cancelled": "cancelled",
    "hospital": "in hospital",
    "missed": "missed",
    "late": "late",
    "early": "early",
    "very_late": "very late",
    "short": "short",
    "logged_share": "% logged",
    "under_30_share": "% under 30 minutes",
    "continuity": "carers a client",
    "hours_delivered": "hours delivered",
    "hours_commissioned": "hours commissioned",
    "time_critical_share": "% of time-critical slots kept",
}
"""What each measure is called, in the order of DESIGN 4.1."""

thresholds_app = typer.Typer(help="From what on something counts in measures.", no_args_is_help=True)

ThisOrganisation = Annotated[
    str | None, typer.Option("--organisation", help="Only this provider, by its name.")
]


@needs(rights.READ_MEASURES)
def measures(
    first: Annotated[str, typer.Option("--from", help="The first planned day, e.g. 2022-10-03.")],
    last: Annotated[str, typer.Option("--to", help="The last planned day; days after today are left out.")],
    organisation: ThisOrganisation = None,
    json: Json = False,
) -> None:
    """How providers did over planned days: what was delivered, late, missed, and by how many carers."""
    first_on, last_on = a_day(first), a_day(last)
    if last_on < first_on:
        raise typer.BadParameter("--to must not be before --from.")
    facts = {"first": first_on.isoformat(), "last": last_on.isoformat(), "organisation": organisation}
    found: dict[str, Any] = {}
    for page in pages("measures", **facts):
        found |= {name: shown_measures(of) for name, of in page["organisations"].items()}
    if json:
        answer({"organisations": dict(sorted(found.items()))})
        return
    for name, figures in sorted(found.items()):
        said = (f"{figures[key]} {words}" for key, words in WORDS.items() if figures[key] is not None)
        say(f"{name}: {', '.join(said)}.")


@needs(rights.READ_MEASURES)
def under_delivery(organisation: ThisOrganisation = None, json: Json = False) -> None:
    """Care package line items of which less or more is delivered than commissioned, week after week."""
    found = [one for page in pages("under_delivery", organisation=organisation) for one in page["items"]]
    found.sort(key=lambda one: (one["organisation"], one["cpli_id"]))
    if json:
        answer([{name: one[name] for name in SHOWN_OF_DELIVERY} for one in found])
        return
    for one in found:
        say(
            f"{one['organisation']}  {one['cpli_id']}  {one['direction']}  {one['median_hours']} of"
            f" {one['commissioned_hours']} hours a week  £{one['saving_a_year']} a year"
        )


@thresholds_app.command("list")
@needs(rights.READ_MEASURES)
def list_thresholds(json: Json = False) -> None:
    """Every threshold: what holds today, since when, and all that was set."""
    found = running_system().ask("matching", "measure_thresholds")
    if json:
        answer(found)
        return
    for one in found:
        since = f"from {one['since']}" if one["since"] else "by default"
        say(f"{one['name']}  {one['value']}  {since}")


@thresholds_app.command("set")
@needs(rights.SET_MEASURES)
def set_threshold(
    name: Annotated[str, typer.Argument(help="Its name, as `thresholds list` says it.")],
    value: Annotated[int, typer.Argument(help="Minutes, per cent or weeks; 0 or 1 for very_late_is_missed.")],
    start: Annotated[str, typer.Option("--from", help="The first planned day for which it holds.")],
) -> None:
    """Have a threshold hold for what is planned from a day on."""
    system, since = running_system(), a_day(start).isoformat()
    known = {one["name"]: one for one in system.ask("matching", "measure_thresholds")}
    if name not in known:
        raise typer.BadParameter(f"Use {', '.join(known)}.", param_hint="NAME")
    lowest, highest = known[name]["lowest"], known[name]["highest"]
    if not lowest <= value <= highest:
        raise typer.BadParameter(f"Use a whole number from {lowest} to {highest}.", param_hint="VALUE")
    with recorded("measure_thresholds.set_threshold") as doing:
        system.ask("matching", "set_measure_threshold", name=name, effective_from=since, value=value)
        doing.outcome = f"{name}: {value} from {since}"
    say(f"{name} is {value} for visits planned from {since}.")


def pages(method: str, **facts: Any) -> list[dict[str, Any]]:
    """All that matching answers, some organisations at a time."""
    system = running_system()
    found: list[dict[str, Any]] = [system.ask("matching", method, **facts)]
    while found[-1]["after"] is not None:
        found.append(system.ask("matching", method, **facts, after=found[-1]["after"]))
    return found

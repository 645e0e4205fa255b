"""``ranking`` (DESIGN 4.1, RULES 16)."""

from typing import Annotated, Final

import typer

from deploy.cli.output import Json, answer, say
from deploy.cli.rights import needs
from deploy.cli.system import running_system
from libs.common.care.quarters import parse_quarter
from libs.common.rights import names as rights

SHOWN: Final = ("organisation", "quality", "price", "total", "measures")
"""Of a provider, in the order of DESIGN 4.1; ``price`` are its points."""


@needs(rights.READ_RANKINGS)
def ranking(
    name: Annotated[str, typer.Argument(metavar="LIST", help="The list by its name.")],
    quarter: Annotated[str, typer.Argument(help="The quarter, e.g. 2026-Q3.")],
    now: Annotated[
        bool, typer.Option("--now", help="As it would be now, whatever was frozen of that quarter.")
    ] = False,
    json: Json = False,
) -> None:
    """The providers of a list, the best first, with what led to it: frozen, else as it would be now."""
    span = parse_quarter(quarter)
    if span is None:
        raise typer.BadParameter("Write a quarter such as 2026-Q3.", param_hint="QUARTER")
    found = running_system().ask("matching", "ranking", list_name=name, quarter=str(span), is_now=now)
    organisations = found["ranking"]["organisations"]
    if json:
        answer([{key: one[key] for key in SHOWN} for one in organisations])
        return
    for one in organisations:
        say(
            f"{one['place']}  {one['organisation']}  {one['total']} (quality {one['quality']}, price {one['price']})"
        )

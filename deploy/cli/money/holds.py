"""``holds`` (DESIGN 4.1): weeks of care that are held back, placed and released."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Annotated, Any

import typer

from deploy.cli.money.books import a_day
from deploy.cli.output import Json, answer, fail, note, say
from deploy.cli.recording import Doing, recorded
from deploy.cli.rights import needs
from deploy.cli.system import System, running_system
from libs.common.care.money import pounds_text
from libs.common.care.weeks import monday_of
from libs.common.rights import names as rights

holds_app = typer.Typer(help="Weeks of care whose payment is held.", no_args_is_help=True)

HOLDS_A_CALL = 1000
MOST_WEEKS = 1_000
WEEKS_A_CALL = 100
SHOWN = ("cpli_id", "week", "kind", "charge", "reason", "owner", "held")
KINDS = ("cancel", "suspend", "carry-forward")
CHARGES = ("keep", "nothing")

Cpli = Annotated[int, typer.Argument(help="The care package line item.", min=1)]
Week = Annotated[str, typer.Argument(help="The Monday of the week, e.g. 2022-10-03.")]
HeldWeek = tuple[int, str]
"""CPLI and Monday."""
Weeks = Annotated[
    list[str],
    typer.Argument(help="Weeks of care as CPLI/MONDAY, e.g. 156024/2022-10-03; a thousand at most."),
]
Charge = Annotated[
    str | None, typer.Option("--charge", help="keep, or nothing: whether the client is charged for it.")
]


@holds_app.command("place")
@needs(rights.HOLD_PAYMENTS)
def place(
    cpli: Cpli,
    week: Week,
    kind: Annotated[str, typer.Option("--kind", help="cancel, suspend or carry-forward.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it is held.")],
    owner: Annotated[str, typer.Option("--owner", help="Whom to ask, by e-mail.")],
    charge: Charge = None,
) -> None:
    """Hold what of a week is not paid yet, and what is posted for it later. It replaces an older hold."""
    facts = {
        "kind": one_of("--kind", kind, KINDS),
        "charge": a_charge(charge),
        "reason": reason,
        "owner": owner,
    }
    with recorded_on(cpli, a_monday(week), "payments_holds.place") as (system, doing, before):
        doing.amount = before["unpaid"]
        system.ask("payments", "place_hold", cpli_id=cpli, monday=a_monday(week), **facts)
        doing.outcome = kind.replace("-", " ")
    say(f"Care package line item {cpli} is held for the week of {week}.")


@holds_app.command("release")
@needs(rights.HOLD_PAYMENTS)
def release(
    cpli: Cpli,
    week: Week,
    reason: Annotated[str, typer.Option("--reason", help="Why it is released.")] = "Released",
    owner: Annotated[str | None, typer.Option("--owner", help="Whom to ask; else the hold's owner.")] = None,
    charge: Charge = None,
) -> None:
    """Pay what of a week is held, in the earliest open period."""
    facts = {"reason": reason, "owner": owner, "charge": a_charge(charge)}
    with recorded_on(cpli, a_monday(week), "payments_holds.release") as (system, doing, before):
        doing.amount = before["held"]
        system.ask("payments", "release_hold", cpli_id=cpli, monday=a_monday(week), **facts)
        doing.outcome = "released"
    say(f"Care package line item {cpli} is released for the week of {week}.")


@holds_app.command("charge")
@needs(rights.HOLD_PAYMENTS)
def charge(
    cpli: Cpli,
    week: Week,
    decision: Annotated[str, typer.Argument(help="keep or nothing.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it is decided so.")],
) -> None:
    """Decide anew whether the client is charged for what of a week is held, or was."""
    facts = {"charge": one_of("DECISION", decision, CHARGES), "reason": reason}
    with recorded_on(cpli, a_monday(week), "payments_holds.charge") as (system, doing, before):
        doing.amount = before["held"]
        system.ask("payments", "decide_charge", cpli_id=cpli, monday=a_monday(week), **facts)
        doing.outcome = f"charge {decision}"
    say(f"Decided for care package line item {cpli} and the week of {week}: {decision}.")


@holds_app.command("place-many")
@needs(rights.HOLD_PAYMENTS)
def place_many(
    weeks: Weeks,
    kind: Annotated[str, typer.Option("--kind", help="cancel, suspend or carry-forward.")],
    reason: Annotated[str, typer.Option("--reason", help="Why they are held.")],
    owner: Annotated[str, typer.Option("--owner", help="Whom to ask, by e-mail.")],
    charge: Charge = None,
    json: Json = False,
) -> None:
    """Hold what of many weeks is not paid yet. What can't be held is named, and stops no other."""
    facts = {
        "kind": one_of("--kind", kind, KINDS),
        "charge": a_charge(charge),
        "reason": reason,
        "owner": owner,
    }
    _do_all("command.hold_weeks", "place_holds", "unpaid", "held", _weeks_in(weeks), facts, json=json)


@holds_app.command("release-many")
@needs(rights.HOLD_PAYMENTS)
def release_many(
    weeks: Weeks,
    reason: Annotated[str, typer.Option("--reason", help="Why they are released.")] = "Released",
    charge: Charge = None,
    json: Json = False,
) -> None:
    """Pay what of many weeks is held, in the earliest open period. What can't be released is named."""
    facts = {"charge": a_charge(charge), "reason": reason}
    _do_all("command.release_weeks", "release_holds", "held", "released", _weeks_in(weeks), facts, json=json)


@holds_app.command("list")
@needs(rights.READ_HOLDS)
def list_holds(json: Json = False) -> None:
    """Every week that is held, with the money that waits."""
    system = running_system()
    found: list[dict[str, Any]] = []
    facts: dict[str, Any] = {"limit": HOLDS_A_CALL}
    while page := system.ask("payments", "holds", **facts):
        found += [{name: row[name] for name in SHOWN} for row in page]
        facts["after"] = [page[-1]["cpli_id"], page[-1]["week"]]
    if json:
        answer(found)
        return
    for row in found:
        say(
            f"{row['week']}  {row['cpli_id']}  {row['kind']:<13}  £{row['held']}  charge {row['charge']}"
            f"  {row['reason']} ({row['owner']})"
        )


def _do_all(
    action: str,
    method: str,
    money: str,
    done_in_words: str,
    weeks: list[HeldWeek],
    facts: dict[str, Any],
    *,
    json: bool,
) -> None:
    """Have all of these done, portion by portion; fails in the end where any was left."""
    system = running_system()
    done, left, pounds = 0, list[dict[str, Any]](), Decimal(0)
    with recorded(action) as doing:
        for first in range(0, len(weeks), WEEKS_A_CALL):
            some = weeks[first : first + WEEKS_A_CALL]
            before = _before(system, some)
            seen = [(*week, len(before[week]["decisions"]) if week in before else 0) for week in some]
            found = system.ask("payments", method, weeks=seen, **facts)
            of_left = {(one["cpli_id"], one["week"]) for one in found["left"]}
            pounds += sum(
                (Decimal(one[money]) for week, one in before.items() if week not in of_left), Decimal(0)
            )
            done, left = done + found["done"], [*left, *found["left"]]
        doing.amount, doing.outcome = pounds_text(pounds), f"{done} {done_in_words}, {len(left)} left"
    if json:
        answer({"done": done, "amount": pounds_text(pounds), "left": left})
    else:
        say(f"{done:,} {'week is' if done == 1 else 'weeks are'} {done_in_words}, £{pounds:,.2f} in all.")
    for one in left:
        note(f"Left: {one['cpli_id']}/{one['week']}: {one['message']}")
    if left:
        fail(f"{len(left):,} of {len(weeks):,} could not be {done_in_words}.")


def _before(system: System, weeks: list[HeldWeek]) -> dict[HeldWeek, dict[str, Any]]:
    """These weeks as they are, as far as they are there."""
    found = system.ask("payments", "week_holds", weeks=weeks)
    return {(one["cpli_id"], one["week"]): one for one in found}


def _weeks_in(written: list[str]) -> list[HeldWeek]:
    """Weeks as they are written, each once; anything else is a usage error."""
    if len(written) > MOST_WEEKS:
        raise typer.BadParameter(f"At most {MOST_WEEKS:,} weeks are done at once.")
    weeks: dict[HeldWeek, None] = {}
    for one in written:
        cpli, _, monday = one.partition("/")
        if not cpli.isdecimal() or not 0 < int(cpli) < 2**63:
            raise typer.BadParameter(f"Write a week as CPLI/MONDAY, such as 156024/2022-10-03, not “{one}”.")
        weeks[int(cpli), a_monday(monday)] = None
    return [*weeks]


@contextmanager
def recorded_on(cpli: int, monday: str, action: str) -> Iterator[tuple[System, Doing, dict[str, Any]]]:
    """Record what is done with a week, with its provider and contract; the week as it is before."""
    system = running_system()
    with recorded(action, ("cpli_id", str(cpli)), ("week", monday)) as doing:
        before: dict[str, Any] = system.ask("payments", "week_hold", cpli_id=cpli, monday=monday)
        doing.organisation, doing.contract = before["organisation"], before["contract"]
        yield system, doing, before


def a_monday(text: str) -> str:
    """A week by its Monday; anything else is a usage error."""
    day: dt.date = a_day(text)
    if day != monday_of(day):
        raise typer.BadParameter(f"{day} is no Monday: its week begins on {monday_of(day)}.")
    return day.isoformat()


def a_charge(text: str | None) -> str | None:
    """What is decided about the charge; None for what the kind has by default."""
    return None if text is None else one_of("--charge", text, CHARGES)


def one_of(name: str, text: str, allowed: tuple[str, ...]) -> str:
    """One of a few words; anything else is a usage error."""
    if text not in allowed:
        raise typer.BadParameter(f"{name} is {', '.join(allowed[:-1])} or {allowed[-1]}, not “{text}”.")
    return text

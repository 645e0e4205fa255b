"""``books``, ``reconcile`` and ``periods`` (DESIGN 4.1)."""

import datetime as dt
from typing import Annotated, Any

import typer

from deploy.cli.output import Json, answer, fail, note, say
from deploy.cli.recording import recorded
from deploy.cli.rights import needs
from deploy.cli.system import CALLER, System, noted, reader_url, running_system
from libs.common.care.days import DayAround
from libs.common.errors import Refused, ServiceUnavailable
from libs.common.files.values import parse_date
from libs.common.rights import names as rights
from libs.common.seams.commands import ALL_CONTRACTS

periods_app = typer.Typer(help="Payment periods.", no_args_is_help=True)

Start = Annotated[str, typer.Argument(help="The first day of the period, e.g. 2022-10-03.")]
ITEMS_A_CALL = 1000


@needs(rights.READ_PAYMENTS)
def books(
    wait: Annotated[
        float | None, typer.Option("--wait", help="First wait up to SECONDS until all is processed.")
    ] = None,
    json: Json = False,
) -> None:
    """What the books say: matched and unmatched visits, payable by organisation, charges, weeks."""
    system = running_system()
    if wait is not None:
        await_settled(system, wait)
        note_apart(system)
        note_discarded(system)
    found = read_books(system)
    if json:
        answer(found)
        return
    say(f"Matched {found['matched']:,} visits; unmatched {sum(found['unmatched'].values()):,}.")
    for reason, count in found["unmatched"].items():
        say(f"  {reason}: {count:,}")
    for organisation, payable in found["payable"].items():
        say(f"{organisation}: £{payable}")
    say(f"Payable in all: £{found['total_payable']}; charged to clients: £{found['total_charges']}.")


def await_settled(system: System, seconds: float) -> None:
    """Wait until all that was said was heard; fails and says what is still under way, or what lies dead."""
    if not system.wait_for(system.is_settled, bool, seconds):
        under_way = ", ".join(f"{m.missing} {m.event} for {m.hearer}" for m in system.missing())
        fail(
            f"After {seconds:g} seconds there is still work under way ({under_way or 'just ended'}): see `caretally dead-letters list`."
        )
    dead = ", ".join(f"{number} of {queue}" for queue, number in system.dead().items())
    if dead:
        fail(
            f"All else is processed, but some messages could not be handled and lie in the dead letters ({dead}):"
            " see `caretally dead-letters list`, then replay or discard them."
        )


def note_apart(system: System) -> None:
    """Say on standard error that some of it is set apart, and so neither paid nor charged."""
    if count := len(system.set_apart()):
        things = "thing is" if count == 1 else "things are"
        note(f"{count:,} {things} set apart, and not in the books: see `caretally set-apart list`.")


def note_discarded(system: System) -> None:
    """Say on standard error that somebody decided to leave something out, and why."""
    reasons = [why for counts in system.of_services("progress").values() for why in counts["discarded"]]
    if reasons:
        messages = "message was" if len(reasons) == 1 else "messages were"
        note(f"{len(reasons):,} {messages} discarded, and not handled: {'; '.join(reasons[:3])}")


def read_books(system: System) -> dict[str, Any]:
    """The books in the form of the expected files."""
    counts = system.ask("matching", "match_counts")
    weeks: dict[str, list[Any]] = {}
    after: dict[str, Any] = {}
    while page := system.ask("payments", "weeks", **after):
        weeks |= {f"{cpli_id}/{monday}": amounts for cpli_id, monday, *amounts in page}
        after = {"cpli_id": page[-1][0], "monday": page[-1][1]}
    return {**counts, **system.ask("payments", "totals"), "weeks": weeks}


@needs(rights.OPERATE)
def reconcile(json: Json = False) -> None:
    """Work everything out again from the visits and print each difference; exit 1 if there is any."""
    from sqlalchemy.exc import SQLAlchemyError  # here: few commands need what these load

    from deploy.ops.reconcile.books import find_discarded
    from deploy.ops.reconcile.books import reconcile as work_out
    from libs.common.process.troubles import trouble_of

    try:
        found, discarded = work_out(reader_url()), find_discarded(reader_url())
        if noted():  # a local stack: the portal's own database is at hand, and the object store
            from deploy.cli.running.storage import differences_of_storage

            found["differences"] += differences_of_storage()
    except SQLAlchemyError as error:
        trouble = trouble_of(error)
        if trouble is None:
            raise
        fail(f"The books can't be proved now: {trouble.words}. Try again in a moment.", status=503)
    if json:
        answer(found)
    else:
        for difference in found["differences"]:
            say(" ".join(f"{name}={value}" for name, value in difference.items()))
        for one in found["in_flight"]:
            what = f"Dead: {one['dead']}" if "dead" in one else f"In flight: {one['missing']}"
            note(f"{what} {one['event']} for {one['hearer']}")
    for one in discarded:
        note(f"Discarded for {one['hearer']}: {one['why']}")
    if found["differences"]:
        raise typer.Exit(1)


@periods_app.command("list")
@needs(rights.READ_PAYMENTS)
def list_periods(json: Json = False) -> None:
    """Every payment period that holds something; * while it is only partially finalised."""
    found = running_system().ask("payments", "periods")
    if json:
        answer(found)
        return
    for period in found:
        star = "* " if period["state"] == "partially finalised" else ""
        say(
            f"{star}{period['start']} to {period['end']}  {period['state']:<11}  cost £{period['payable']}"
            f"  deductions £{period['deductions']}  payable £{period['total']}"
            f"  non-payable £{period['non_payable']}  charges £{period['charges']}"
        )
        if star:
            finalised, still_open = (
                ", ".join(period[name]) for name in ("finalised_contracts", "open_contracts")
            )
            say(f"  finalised: {finalised}  open: {still_open}")


@periods_app.command("finalise")
@needs(rights.FINALISE_PERIODS)
def finalise_period(
    start: Start,
    contract: Annotated[str | None, typer.Option("--contract", help="Only this contract.")] = None,
    json: Json = False,
) -> None:
    """Say what there is to look at, then freeze a period for good; later changes are adjustments in the earliest open one."""
    system = running_system()
    day = a_day(start)
    in_flight = system.missing()
    with recorded("payments_posting.finalise", ("start", day.isoformat())) as doing:
        doing.contract = contract or ALL_CONTRACTS
        checklist = read_checklist(system, day, contract)
        if not json and checklist["refusal"] is None:
            say_checklist(checklist)
        found = system.ask("payments", "finalise_period", start=day.isoformat(), contract=contract)
        doing.amount, doing.outcome = found["payable"], found["state"]
    found["in_flight"] = [missing._asdict() for missing in in_flight]
    found["checklist"] = checklist
    if json:
        answer(found)
        return
    say(
        f"{found['start']} to {found['end']} is {found['state']}: {found['items']:,} items, £{found['payable']}."
        f" Frozen: {', '.join(found['frozen_contracts'])}."
    )
    if in_flight:
        say("Work was still under way; what it changes goes into the next open period.")


@periods_app.command("checklist")
@needs(rights.READ_CHECKLIST)
def period_checklist(
    start: Start,
    contract: Annotated[str | None, typer.Option("--contract", help="Only this contract.")] = None,
    json: Json = False,
) -> None:
    """What there is to look at before a period is finalised, and what finalising freezes."""
    found = read_checklist(running_system(), a_day(start), contract)
    if json:
        answer(found)
        return
    say_checklist(found)
    if found["refusal"]:
        say(found["refusal"])


def read_checklist(system: System, start: dt.date, contract: str | None) -> dict[str, Any]:
    """The checklist as the API says it; fails with a sentence where payments refuses or is away."""
    # here: few commands need what it loads
    from services.portal.clients.gateway import Gateway
    from services.portal.money.periods.checklist import Checklists

    gateway = Gateway(system.amqp_url, signer=system.signer)
    try:
        return dict(Checklists(gateway, CALLER).describe(start.isoformat(), contract))
    except Refused as refused:
        fail(refused.message)
    except ServiceUnavailable as error:
        fail(str(error), status=503)
    finally:
        gateway.close()


def say_checklist(checklist: Any) -> None:
    """A line for each check."""
    from services.portal.money.periods import checklist_words as words

    for check in checklist["checks"]:
        found = "  ".join(filter(None, (words.number_of(check), words.money_of(check))))
        say(f"{words.title_of(check, checklist)}: {found}")
        for line in check["lines"]:
            figures = (words.number_of_line(check, line), words.money_of_line(check, line))
            say("  " + "  ".join(filter(None, (words.line_of(line), *figures))))
    if frozen := words.frozen_in_words(checklist):
        say(frozen)


@periods_app.command("items")
@needs(rights.READ_PAYMENTS)
def period_items(
    start: Start,
    organisation: Annotated[str | None, typer.Option("--organisation", help="Only this provider.")] = None,
    json: Json = False,
) -> None:
    """A period's payment items, each explaining itself."""
    system = running_system()
    facts = {"start": a_day(start).isoformat(), "organisation": organisation, "limit": ITEMS_A_CALL}
    found: list[dict[str, Any]] = []
    while page := system.ask("payments", "payment_items", **facts):
        found += page
        facts["after"] = page[-1]["item_id"]
    if json:
        answer(found)
        return
    for item in found:
        about = "  ".join(str(item[name]) for name in ("week", "cpli_id", "client") if item[name])
        status = "" if item["payable"] else "  not payable"
        say(f"{about}  {item['kind']}  £{item['amount']}  {item['reason']}{status}")


def a_day(text: str) -> dt.date:
    """A date as 2022-10-03; anything else is a usage error."""
    day = parse_date(text, DayAround.first, DayAround.last)
    if day is None:
        raise typer.BadParameter(f"“{text}” is not a date of these times: write it as 2022-10-03.")
    return day

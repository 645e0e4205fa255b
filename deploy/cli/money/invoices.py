"""``invoices`` (DESIGN 4.1, RULES 13): made from what is owed, submitted, accepted or rejected, credited."""

import uuid
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from deploy.cli.care.imports import Organisation
from deploy.cli.money.books import Start, a_day
from deploy.cli.money.holds import a_monday
from deploy.cli.output import Json, answer, fail, say
from deploy.cli.recording import recorded
from deploy.cli.rights import needs
from deploy.cli.system import System, running_system
from libs.common.rights import names as rights

invoices_app = typer.Typer(help="Invoices and credit notes of providers.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="The invoice's or the credit note's number.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; the provider and the council read it.")]
INVOICES_A_CALL = 200
SHOWN = ("number", "kind", "state", "period", "net", "vat", "gross")
SHOWN_OF_LINES = ("cpli_id", "week", "kind", "amount")


@invoices_app.command("create")
@needs(rights.MAKE_INVOICES_FOR_PROVIDERS)
def create(
    start: Start,
    organisation: Organisation,
    contract: Annotated[str, typer.Option("--contract", help="The contract that it is for.")],
    number: Annotated[str, typer.Option("--number", help="The provider's own number.")],
    json: Json = False,
) -> None:
    """Make an invoice of what is owed for a contract's period; it is not sent yet."""
    day, invoice_id = a_day(start).isoformat(), str(uuid.uuid4())
    system = running_system()
    system.wait_for_money()
    with recorded("invoices_making.new", ("start", day), organisation=organisation) as doing:
        doing.contract = contract
        about = {"invoice_id": invoice_id, "start": day, "contract": contract, "number": number}
        found = system.ask("payments", "create_invoice", organisation=organisation, **about)
        doing.amount, doing.outcome = found["gross"], outcome_of(found)
    show_invoice(found, json=json)


@invoices_app.command("list")
@needs(rights.READ_INVOICES)
def list_invoices(
    organisation: Annotated[str | None, typer.Option("--organisation", help="Only this provider.")] = None,
    json: Json = False,
) -> None:
    """Every invoice and credit note, the newest first."""
    system = running_system()
    found: list[dict[str, Any]] = []
    facts: dict[str, Any] = {"organisation": organisation, "limit": INVOICES_A_CALL}
    while page := system.ask("payments", "invoices", **facts):
        found += page
        facts["after"] = page[-1]["id"]
    if json:
        answer([shown_invoice(read_invoice(system, one["number"], one["organisation"])) for one in found])
        return
    for one in found:
        say(
            f"{one['number']}  {one['organisation']}  {one['contract']}  {one['period']}  {one['state']:<11}"
            f"  £{one['gross']}"
        )


@invoices_app.command("show")
@needs(rights.READ_INVOICES)
def show(number: Number, organisation: Organisation, json: Json = False) -> None:
    """An invoice or credit note as it is now."""
    show_invoice(read_invoice(running_system(), number, organisation), json=json)


@invoices_app.command("submit")
@needs(rights.MAKE_INVOICES_FOR_PROVIDERS)
def submit(number: Number, organisation: Organisation, json: Json = False) -> None:
    """Send an invoice or credit note to the council."""
    system = running_system()
    system.wait_for_money()
    found = move(system, "submit_invoice", "invoices_making.submit", number, organisation, **a_move())
    show_invoice(found, json=json)


@invoices_app.command("accept")
@needs(rights.DECIDE_INVOICES)
def accept(
    number: Number,
    organisation: Organisation,
    seen: Annotated[
        str | None, typer.Option("--seen", help="The gross sum that was seen; else what it comes to now.")
    ] = None,
    json: Json = False,
) -> None:
    """Accept an invoice or credit note: its lines become payment items."""
    system = running_system()
    system.wait_for_money()
    gross = read_invoice(system, number, organisation)["gross"] if seen is None else str(a_sum(seen))
    facts = a_move() | {"seen": gross}
    found = move(system, "accept_invoice", "invoices_deciding.accept", number, organisation, **facts)
    show_invoice(found, json=json)


@invoices_app.command("reject")
@needs(rights.DECIDE_INVOICES)
def reject(number: Number, organisation: Organisation, reason: Reason, json: Json = False) -> None:
    """Reject an invoice or credit note: it holds nothing any more."""
    facts = a_move() | {"reason": reason}
    found = move(
        running_system(), "reject_invoice", "invoices_deciding.reject", number, organisation, **facts
    )
    show_invoice(found, json=json)


@invoices_app.command("credit")
@needs(rights.MAKE_INVOICES_FOR_PROVIDERS)
def credit(
    number: Number,
    organisation: Organisation,
    cpli: Annotated[int, typer.Option("--cpli", help="The care package line item.", min=1)],
    week: Annotated[str, typer.Option("--week", help="The Monday of the week, e.g. 2022-10-03.")],
    amount: Annotated[str, typer.Option("--amount", help="Pounds that are taken back, e.g. 116.13.")],
    reason: Reason,
    json: Json = False,
) -> None:
    """Make a credit note of a cost line of an accepted invoice; it is not sent yet."""
    facts: dict[str, Any] = {"credit_id": str(uuid.uuid4()), "cpli_id": cpli, "monday": a_monday(week)}
    facts |= {"amount": str(a_sum(amount)), "reason": reason}
    found = move(running_system(), "credit_invoice", "invoices_making.credit", number, organisation, **facts)
    show_invoice(found, json=json)


def move(
    system: System, method: str, action: str, number: str, organisation: str, **facts: Any
) -> dict[str, Any]:
    """Do something with an invoice, and record it; the document of what came of it."""
    before = read_invoice(system, number, organisation)
    with recorded(action, ("invoice_id", before["id"]), organisation=organisation) as doing:
        doing.contract, doing.amount = before["contract"], before["gross"]
        about = {"number": number, "organisation": organisation}
        found: dict[str, Any] = system.ask("payments", method, **about, **facts)
        if method == "accept_invoice" and found["state"] not in ("Accepted", "Paid"):
            fail(
                f"{found['number']} is {found['state']} and comes to £{found['gross']} now: look at it again."
            )
        doing.amount, doing.outcome = found["gross"], outcome_of(found)
    return found


def a_move() -> dict[str, str]:
    """The id under which it is done once, also where the answer is lost and it is asked again."""
    return {"move_id": str(uuid.uuid4())}


def read_invoice(system: System, number: str, organisation: str) -> dict[str, Any]:
    """The invoice or credit note of a number."""
    found: dict[str, Any] = system.ask("payments", "invoice", number=number, organisation=organisation)
    return found


def outcome_of(found: dict[str, Any]) -> str:
    """How it stands, as the audit trail says it."""
    return f"{found['number']}: {found['state']}"


def shown_invoice(found: dict[str, Any]) -> dict[str, Any]:
    """The document of DESIGN 4.1."""
    lines = [{name: line[name] for name in SHOWN_OF_LINES} for line in found["lines"]]
    return {name: found[name] for name in SHOWN} | {"lines": lines}


def show_invoice(found: dict[str, Any], *, json: bool) -> None:
    """An invoice, for a program or a person."""
    if json:
        answer(shown_invoice(found))
        return
    kind = "Credit note" if found["kind"] == "credit_note" else "Invoice"
    say(f"{kind} {found['number']}: {found['state']}. {found['organisation']}, {found['contract']}.")
    for line in found["lines"]:
        say(f"  {line['cpli_id']}  {line['week']}  {line['kind']:<6}  £{line['amount']}")
    for week in found["unsubmitted"]:
        say(f"  {week['cpli_id']}  {week['week']}  no actual is submitted yet")
    say(f"Net £{found['net']}, VAT £{found['vat']}, gross £{found['gross']}.")


def a_sum(text: str) -> Decimal:
    """Pounds; anything else is a usage error."""
    try:
        amount = Decimal(text.strip().removeprefix("£").replace(",", ""))
    except InvalidOperation:
        raise typer.BadParameter(f"“{text}” is no sum of money: write it as 116.13.") from None
    if not amount.is_finite():
        raise typer.BadParameter(f"“{text}” is no sum of money: write it as 116.13.")
    return amount

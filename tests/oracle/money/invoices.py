"""Invoices and credit notes worked out a second time (RULES 13): what is owed is compared with what was accepted.

Amounts are above nothing for deductions too, as everywhere in this calculation.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.oracle.facts.care import Care
from tests.oracle.facts.packages import Package
from tests.oracle.facts.values import penny, period_of
from tests.oracle.money.actuals import Actuals
from tests.oracle.money.charges import Targets, charges_of
from tests.oracle.money.holding import Holding
from tests.oracle.money.vat import Rates, vat_of
from tests.oracle.money.weeks import Weeks

A_WEEK = dt.timedelta(days=7)
COUNTED = ("Accepted", "Paid")
HOLDING = ("Pending", *COUNTED)
OPEN = ("Unsubmitted", "Pending")
Line = tuple[str, int, dt.date, int, int]
"""payable or deduction, CPLI, Monday, organisation, client: as what is posted is named."""


@dataclass
class Invoice:
    """An invoice, or (of another) a credit note."""

    organisation: int
    contract: str
    start: dt.date
    state: str = "Unsubmitted"
    lines: dict[Line, Decimal] = field(default_factory=dict)
    of: "Invoice | None" = None
    services: dict[Line, str] = field(default_factory=dict)
    """folded names, by which rates go"""
    rates: dict[Line, Decimal] = field(default_factory=dict)
    has_attached: bool = False
    """a VAT registration number that may be one, and the provider's VAT invoice"""
    credited_vat: Decimal = Decimal()
    """of a credit note, as it was when it was made"""
    posted_in: dt.date | None = None

    @property
    def has_vat(self) -> bool:
        """Whether a rate above nought is on it."""
        return any(rate > 0 for rate in self.rates.values())

    def sums(self) -> tuple[Decimal, Decimal, Decimal]:
        """Net, VAT and gross."""
        net = sum(
            (amount if line[0] == "payable" else -amount for line, amount in self.lines.items()), Decimal()
        )
        costs = ((self.rates[line], amount) for line, amount in self.lines.items() if line[0] == "payable")
        vat = vat_of(costs) if self.of is None else self.credited_vat
        return net, vat, net + vat

    def amounts(self) -> tuple[Any, ...]:
        """All that it says in pounds, whosever the lines are."""
        return {line[:3]: amount for line, amount in self.lines.items()}, self.sums()


class Invoices:
    """Terms of contracts, and all invoices by their numbers."""

    def __init__(self, care: Care, actuals: Actuals, holding: Holding) -> None:
        self.care, self.actuals, self.holding = care, actuals, holding
        self.terms: dict[str, dict[dt.date, str]] = defaultdict(dict)
        self.rates = Rates(care)
        self.known: dict[str, Invoice] = {}

    def needs_invoice(self, package: Package, monday: dt.date) -> bool:
        """Whether a week is payable by an accepted invoice alone."""
        begun = {
            day: t
            for day, t in self.terms[self.care.contract_of(package)].items()
            if day <= period_of(monday)
        }
        is_on_terms = bool(begun) and begun[max(begun)] == "invoice"
        return package.method == "Invoice" or (package.method == "Actuals" and is_on_terms)

    def accepted(self) -> dict[Line, Decimal]:
        """What was accepted of each line, less what was credited."""
        sums: dict[Line, Decimal] = defaultdict(Decimal)
        for invoice in self.known.values():
            for line, amount in invoice.lines.items():
                if invoice.state in COUNTED:
                    sums[line] += amount
        return sums

    def held_weeks(self) -> set[tuple[int, dt.date]]:
        """The weeks that a Pending, Accepted or Paid invoice holds."""
        held = (one for one in self.known.values() if one.of is None and one.state in HOLDING)
        return {line[1:3] for invoice in held for line in invoice.lines}

    def follow(self, weeks: Weeks) -> None:
        """Open invoices hold what is owed now."""
        for invoice in self.known.values():
            if invoice.of is None and invoice.state in OPEN:
                self.fill(invoice, weeks)

    def fill(self, invoice: Invoice, weeks: Weeks) -> None:
        """Have an open invoice hold what is owed now, at the rates of now."""
        invoice.lines = self.lines_now(invoice, weeks)
        invoice.services = {line: self.service_of_line(line) for line in invoice.lines}
        invoice.rates = {line: self.rates.of(line[3], name) for line, name in invoice.services.items()}

    def pending(self) -> dict[str, tuple[bool, tuple[Any, ...]]]:
        """Of each Pending invoice whether VAT is on it, and its amounts."""
        return {
            number: (one.has_vat, one.amounts())
            for number, one in self.known.items()
            if one.of is None and one.state == "Pending"
        }

    def send_back(self, before: dict[str, tuple[bool, tuple[Any, ...]]]) -> bool:
        """Have VAT invoices whose amounts have changed be Unsubmitted; whether there are any."""
        now = self.pending()
        changed = [
            number
            for number, (had_vat, amounts) in before.items()
            if number in now and (had_vat or now[number][0]) and amounts != now[number][1]
        ]
        for number in changed:
            self.known[number].state = "Unsubmitted"
        return bool(changed)

    def why_not_submit(self, number: str) -> str | None:
        """Why an invoice or credit note can't be submitted, if it can't."""
        invoice = self.known[number]
        if invoice.state != "Unsubmitted":
            return "wrong_state"
        if not invoice.lines:
            return "nothing_to_invoice"
        is_lacking = invoice.of is None and invoice.has_vat and not invoice.has_attached
        return "vat_number_missing" if is_lacking else None

    def pay(self, start: dt.date, contract: str | None) -> None:
        """The run of a period is approved, for a contract or for all: what was accepted into it is Paid."""
        for invoice in self.known.values():
            is_of_run = invoice.posted_in == start and contract in (None, invoice.contract)
            if invoice.state == "Accepted" and is_of_run:
                invoice.state = "Paid"

    def charged(self, weeks: Weeks) -> Weeks:
        """All weeks that clients are charged for: those of PaymentMethod Invoice while an invoice holds them."""
        held = {week for week in self.held_weeks() if self.care.packages[week[0]].method == "Invoice"}
        return weeks | {week: self.commissioned(*week) for week in held}

    def commissioned(self, cpli_id: int, monday: dt.date) -> tuple[int, int, Decimal, Decimal]:
        """Planned seconds and what they cost, each line at its own rate."""
        package = self.care.packages[cpli_id]
        planned = self.actuals.commissioned(package, monday)
        cost = sum(
            (
                seconds * Fraction(package.term_on(first).unit_cost) / 3600
                for (first, _), seconds in planned.items()
            ),
            Fraction(),
        )
        return sum(planned.values()), 0, penny(cost), Decimal()

    def owed(self, start: dt.date, weeks: Weeks) -> dict[Line, Decimal]:
        """What is owed by invoice for a period, to whoever has the CPLI: as if all of it were charged already."""
        mondays = [start + n * A_WEEK for n in range(4)]
        packages = self.care.packages
        could_be = {(i, monday) for i, p in packages.items() for monday in mondays if p.method == "Invoice"}
        every = {week: cost for week, cost in weeks.items() if week[1] in mondays}
        every |= {week: self.commissioned(*week) for week in could_be}
        deductions: Targets = charges_of(self.care, self.holding, every)
        found: dict[Line, Decimal] = {}
        for week, (_, _, actual, frustrated) in every.items():
            if self.needs_invoice(packages[week[0]], week[1]):
                holder = self.care.holder_of(week[0])
                found["payable", *week, *holder] = actual + frustrated
                found["deduction", *week, *holder] = deductions.get(("deduction", *week, *holder), Decimal())
        return found

    def due(self, start: dt.date, weeks: Weeks) -> dict[Line, Decimal]:
        """*To invoice or to credit* of a period."""
        owed = self.owed(start, weeks)
        accepted = {line: amount for line, amount in self.accepted().items() if period_of(line[2]) == start}
        found = {
            line: owed.get(line, Decimal()) - accepted.get(line, Decimal())
            for line in owed.keys() | accepted.keys()
        }
        return {line: amount for line, amount in found.items() if amount}

    def lines_now(self, invoice: Invoice, weeks: Weeks) -> dict[Line, Decimal]:
        """What an open invoice holds: costs above nothing, and deductions both ways."""
        return {
            line: amount
            for line, amount in self.due(invoice.start, weeks).items()
            if (line[3], self.contract_of_line(line)) == (invoice.organisation, invoice.contract)
            and (amount > 0 or line[0] == "deduction")
        }

    def contract_of_line(self, line: Line) -> str:
        """The contract of today's holder; of one from before, that of the invoice."""
        if line[3:] == self.care.holder_of(line[1]):
            return self.care.contract_of(self.care.packages[line[1]])
        return next(one.contract for one in self.known.values() if one.state in COUNTED and line in one.lines)

    def service_of_line(self, line: Line) -> str:
        """The folded name of the service of today's holder; of one from before, as it was accepted."""
        if line[3:] == self.care.holder_of(line[1]):
            return self.rates.service_of(self.care.packages[line[1]])
        of_line = (one for one in self.known.values() if one.state in COUNTED and line in one.lines)
        return next(of_line).services[line]

    def credit(self, number: str, line: Line, amount: Decimal) -> Invoice:
        """A credit note of a cost line: its VAT is that of what was left less that of what is left."""
        invoice = self.known[number]
        left = {one: Decimal() for one in invoice.lines if one[0] == "payable"} | self.left_of(number)
        after = left | {line: left[line] - amount}
        before_vat, after_vat = (
            vat_of((invoice.rates[one], pounds) for one, pounds in of.items()) for of in (left, after)
        )
        return Invoice(
            invoice.organisation,
            invoice.contract,
            invoice.start,
            lines={line: -amount},
            of=invoice,
            services={line: invoice.services[line]},
            rates={line: invoice.rates[line]},
            credited_vat=after_vat - before_vat,
        )

    def left_of(self, number: str) -> dict[Line, Decimal]:
        """What credit notes may still take of each cost line."""
        invoice = self.known[number]
        left = {line: amount for line, amount in invoice.lines.items() if line[0] == "payable"}
        for credit in self.known.values():
            for line, amount in credit.lines.items():
                if credit.of is invoice and credit.state != "Rejected":
                    left[line] += amount
        return {line: amount for line, amount in left.items() if amount}

    def merge_clients(self, client: int, into: int) -> None:
        """What was invoiced for one client is the other's."""
        for invoice in self.known.values():
            for of_lines in (invoice.lines, invoice.services, invoice.rates):
                moved = {
                    (*line[:4], into if line[4] == client else line[4]): value
                    for line, value in of_lines.items()
                }
                of_lines.clear()
                of_lines.update(moved)  # type: ignore[arg-type]

"""Invoices and credit notes worked out a second time (RULES 13): what is owed is compared with what was accepted.

Amounts are above nothing for deductions too, as everywhere in this calculation.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from tests.oracle.facts.care import Care
from tests.oracle.facts.packages import Package
from tests.oracle.facts.values import penny, period_of
from tests.oracle.money.actuals import Actuals
from tests.oracle.money.charges import Targets, charges_of
from tests.oracle.money.holding import Holding
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


class Invoices:
    """Terms of contracts, and all invoices by their numbers."""

    def __init__(self, care: Care, actuals: Actuals, holding: Holding) -> None:
        self.care, self.actuals, self.holding = care, actuals, holding
        self.terms: dict[str, dict[dt.date, str]] = defaultdict(dict)
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
                invoice.lines = self.lines_now(invoice, weeks)

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
            invoice.lines = {
                (*line[:4], into if line[4] == client else line[4]): amount
                for line, amount in invoice.lines.items()
            }

"""What is owed by invoice, worked out from the care, against what was accepted before (RULES 13). Never commits."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.actuals import planned_lines
from libs.common.care.clock import london_today
from libs.common.care.money import NOTHING
from libs.common.care.names import fold
from libs.common.care.weeks import mondays_between, period_end_of
from libs.common.rpc import Caller
from libs.common.sql.columns import array_text
from services.payments.charges.rules import charge_targets
from services.payments.holds.held_weeks import HeldWeeks
from services.payments.invoice_terms import store as terms_store
from services.payments.invoiced import store as invoiced_store
from services.payments.invoiced.rules import COST, INCOME, LineKey, Whose, is_over
from services.payments.invoiced.weeks import InvoicedWeeks, commissioned_week
from services.payments.invoices.rules import Line, Lines, may_be_invoiced
from services.payments.items.rules import Holder
from services.payments.packages import store as packages_store
from services.payments.packages.rules import StoredPackage
from services.payments.periods import store as periods_store
from services.payments.pricing import store as pricing_store
from services.payments.pricing.rules import CpliWeek


@dataclass(frozen=True, slots=True)
class Due:
    """A line on which what is owed to a holder is not what was accepted; pounds."""

    organisation_id: str
    contract: str
    whose: Whose
    key: LineKey
    owed: Decimal
    accepted: Decimal
    vat_rate: Decimal = NOTHING

    @property
    def amount(self) -> Decimal:
        """What is to be invoiced or, of a cost below nought, credited."""
        return self.owed - self.accepted


@contextmanager
def as_system(session: Session, caller: Caller) -> Iterator[None]:
    """Read rows of all organisations in the block: a deduction depends on the client's care with all of them.

    Whatever is raised in it ends the transaction, and with it the setting.
    """
    setting = text("SELECT set_config('app.role', :role, true)")
    session.execute(setting, {"role": "system"})
    yield
    session.execute(setting, {"role": caller["role"]})


def clients_of(
    session: Session, organisation_id: str | None, contract: str | None, start: dt.date
) -> set[str]:
    """The clients of whom something may be owed or was accepted by invoice, for a period."""
    rows = session.scalars(
        text(
            "SELECT DISTINCT p.client_id::text FROM packages p WHERE (p.payment_method IN ('Invoice', 'Actuals')"
            "  AND (CAST(:organisation AS uuid) IS NULL OR p.organisation_id = CAST(:organisation AS uuid))"
            "  AND (CAST(:contract AS text) IS NULL OR p.contract = :contract) AND p.start_on <= :last"
            "  AND (p.end_on IS NULL OR p.end_on >= :first))"
            " OR p.cpli_id IN (SELECT l.cpli_id FROM invoice_lines l JOIN invoices i USING (invoice_id)"
            "  WHERE (CAST(:organisation AS uuid) IS NULL OR i.organisation_id = CAST(:organisation AS uuid))"
            "  AND (CAST(:contract AS text) IS NULL OR i.contract = :contract) AND i.period_start = :first)"
        ),
        {"organisation": organisation_id, "contract": contract, "first": start, "last": period_end_of(start)},
    )
    return set(rows)


def dues_of(session: Session, packages: Mapping[int, StoredPackage], start: dt.date) -> list[Due]:
    """Each line of a period on which something is to be invoiced or credited; ``packages`` are all of some clients."""
    mondays = mondays_between(start, period_end_of(start))
    lines = invoiced_store.lines_of_weeks(session, packages, mondays)
    invoiced = InvoicedWeeks(invoiced_store.read_terms(session), lines)
    owed = owed_by_holder(session, packages, mondays, invoiced)
    accepted = {
        (key, holder): amount
        for key, of_line in invoiced.of_lines().items()
        for holder, amount in of_line.items()
    }
    kept = {(line.key, (line.organisation_id, line.whose.client_id)): line for line in lines}
    rates = terms_store.read_vat_rates(session)
    dues = []
    for key, holder in sorted({*owed, *accepted}):
        amounts = owed.get((key, holder), NOTHING), accepted.get((key, holder), NOTHING)
        if amounts[0] == amounts[1]:
            continue
        package = packages[key.cpli_id]
        if holder == (package.organisation_id, package.client_id):
            contract, whose = package.contract, whose_of(package)
        else:
            contract, whose = kept[key, holder].contract, kept[key, holder].whose
        rate = rates.get((holder[0], fold(whose.service)), NOTHING)
        dues.append(Due(holder[0], contract, whose, key, *amounts, rate))
    return dues


def whose_of(package: StoredPackage) -> Whose:
    """For whom a line of a CPLI is today."""
    return Whose(package.client_id, package.client_reference, package.service)


def owed_by_holder(
    session: Session,
    packages: Mapping[int, StoredPackage],
    mondays: Collection[dt.date],
    invoiced: InvoicedWeeks,
) -> dict[tuple[LineKey, Holder], Decimal]:
    """What is owed by invoice for these weeks, to whoever has the CPLI today.

    A deduction is worked out as if all weeks that could be invoiced were charged already.
    """
    clients = {package.client_id for package in packages.values()}
    weeks = pricing_store.priced_weeks(
        session, {(client, monday) for client in clients for monday in mondays}
    )
    today = london_today()
    for package in packages.values():
        if package.payment_method == "Invoice":
            over = (monday for monday in mondays if is_over(monday, today))
            weeks |= {(package.cpli_id, monday): commissioned_week(package, monday) for monday in over}
    holds = HeldWeeks.of(session, weeks).of_charges(packages, periods_store.read_periods(session))
    deductions = {
        (cpli_id, monday): amount
        for (_, monday), (_, of_week, _) in charge_targets(weeks, packages, holds).items()
        for cpli_id, amount in of_week.items()
    }
    owed = {}
    for (cpli_id, monday), week in weeks.items():
        package = packages[cpli_id]
        if invoiced.needs_invoice(package, monday):
            holder = (package.organisation_id, package.client_id)
            owed[LineKey(cpli_id, monday, COST), holder] = week.price.payable
            owed[LineKey(cpli_id, monday, INCOME), holder] = deductions.get((cpli_id, monday), NOTHING)
    return owed


def lines_now(session: Session, invoice: Mapping[str, Any], packages: Mapping[int, StoredPackage]) -> Lines:
    """The lines that an open invoice has today, of these packages (all of some clients)."""
    return {
        due.key: Line(due.amount, due.whose, due.vat_rate)
        for due in dues_of(session, packages, invoice["period_start"])
        if (due.organisation_id, due.contract) == (invoice["organisation_id"], invoice["contract"])
        and may_be_invoiced(due.key, due.amount)
    }


def packages_of(session: Session, clients: Collection[str]) -> dict[int, StoredPackage]:
    """All packages of these clients."""
    return packages_store.packages_of_clients(session, clients) if clients else {}


def weeks_without_actuals(
    session: Session, invoice: Mapping[str, Any], packages: Mapping[int, StoredPackage]
) -> list[CpliWeek]:
    """RULES 13: the weeks of an invoice's period that are paid by actuals and not submitted yet."""
    invoiced = InvoicedWeeks(invoiced_store.read_terms(session), ())
    planned = {
        (package.cpli_id, monday)
        for package in packages.values()
        for monday in mondays_between(invoice["period_start"], period_end_of(invoice["period_start"]))
        if (package.organisation_id, package.contract) == (invoice["organisation_id"], invoice["contract"])
        and package.pays_actuals
        and invoiced.needs_invoice(package, monday)
        and planned_lines(package.plan, monday)
    }
    rows = session.execute(
        text(
            "SELECT cpli_id, monday FROM weeks WHERE lines IS NOT NULL AND cpli_id = ANY(CAST(:cplis AS bigint[]))"
        ),
        {"cplis": array_text({cpli_id for cpli_id, _ in planned})},
    )
    return sorted(planned - {(cpli_id, monday) for cpli_id, monday in rows})

"""What posting knows of invoices: which weeks are payable by invoice alone, what was accepted of them, what is charged."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING
from services.payments.invoiced import store as invoiced_store
from services.payments.invoiced.rules import LineKey, needs_invoice, price_commissioned, terms_of_week
from services.payments.invoiced.store import TermsByContract
from services.payments.items.rules import Holder
from services.payments.packages.rules import Package, StoredPackage
from services.payments.pricing.rules import ClientWeek, CpliWeek, PricedWeek


class InvoicedWeeks:
    """Terms of contracts, and what accepted invoices and credit notes come to for some CPLIs' weeks."""

    def __init__(self, terms: TermsByContract, lines: Collection[invoiced_store.WeekLines]) -> None:
        self._terms = terms
        self._accepted: dict[LineKey, dict[Holder, Decimal]] = defaultdict(dict)
        self._held = {(line.key.cpli_id, line.key.monday) for line in lines if line.is_held}
        for line in lines:
            of_line = self._accepted[line.key]
            holder = (line.organisation_id, line.whose.client_id)
            of_line[holder] = of_line.get(holder, NOTHING) + line.accepted

    @classmethod
    def of(
        cls, session: Session, cpli_ids: Collection[int] | None, mondays: Collection[dt.date] | None
    ) -> "InvoicedWeeks":
        """As the tables have them; None is for all."""
        terms = invoiced_store.read_terms(session)
        return cls(terms, invoiced_store.lines_of_weeks(session, cpli_ids, mondays))

    def needs_invoice(self, package: Package, monday: dt.date) -> bool:
        """RULES 13: whether a week is payable through an accepted invoice alone."""
        terms = terms_of_week(self._terms.get(package.contract, ()), monday)
        return needs_invoice(package.payment_method, terms)

    def accepted(self, series: str, week: CpliWeek) -> Mapping[Holder, Decimal]:
        """Pounds that were accepted of a week's cost or income, less credits, by holder."""
        return self._accepted.get(LineKey(*week, series), {})

    def of_lines(self) -> Mapping[LineKey, Mapping[Holder, Decimal]]:
        """The same for all lines."""
        return self._accepted

    def held_cplis(self) -> set[int]:
        """The CPLIs of which an invoice has a week charged."""
        return {cpli_id for cpli_id, _ in self._held}

    def charged_weeks(
        self, packages: Mapping[int, StoredPackage], client_weeks: Collection[ClientWeek] | None
    ) -> dict[CpliWeek, PricedWeek]:
        """RULES 13: the weeks of PaymentMethod `Invoice` that an invoice holds, at what is commissioned today."""
        weeks = {}
        for cpli_id, monday in self._held:
            package = packages.get(cpli_id)
            if package is None or package.payment_method != "Invoice":
                continue
            if client_weeks is None or (package.client_id, monday) in client_weeks:
                weeks[cpli_id, monday] = commissioned_week(package, monday)
        return weeks


def commissioned_week(package: StoredPackage, monday: dt.date) -> PricedWeek:
    """A week of PaymentMethod `Invoice` as charges count it."""
    price = price_commissioned(package, monday)
    return PricedWeek(package.cpli_id, monday, 0, package.client_id, price)

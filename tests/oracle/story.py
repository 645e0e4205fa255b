"""A story that is told to a council and to the second calculation of its books."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from libs.common.care.actuals import ActualLine
from libs.common.errors import Refused
from libs.common.proposals.steps import decide
from libs.common.rpc import SYSTEM, Caller
from libs.common.seams.ingest.actuals import ActualLineDocument
from services.ingest.actuals import steps as actuals_steps
from services.ingest.actuals import views as actuals_views
from services.matching.circumstances import steps as circumstances_steps
from services.matching.identifiers import store as identifiers_store
from services.matching.lists import steps as lists_steps
from services.matching.merging import steps as merging
from services.payments.holds import views as holds_views
from services.payments.holds import week_steps
from services.payments.pay_rules.steps import set_pay_rules
from services.payments.reports import views as reports_views
from tests.oracle.books import Oracle
from tests.oracle.facts.values import fold
from tests.oracle.invoicing import Invoicing
from tests.oracle.money.actuals import Entered
from tests.oracle.money.invoices import Line
from tests.oracle.monitoring import Monitoring
from tests.oracle.plans import commissioned_weeks
from tests.oracle.rows import DAPL, DIAMOND, a_visits_file
from tests.oracle.under_delivery import Delivery
from tests.support.builders.care_files import a_care_file
from tests.support.council.claims import claimants
from tests.support.council.council import Council
from tests.support.run.waiting import wait_until

FIRST_PERIOD = dt.date(2022, 9, 5)
SECOND_PERIOD = dt.date(2022, 10, 3)
THIRD_PERIOD = dt.date(2022, 10, 31)
OFFICER: Caller = {"who": "an officer", "role": "council", "organisation": None}
SECOND: Caller = {"who": "a second officer", "role": "council", "organisation": None}


class Story:
    """Tells a council and the oracle the same things, and compares what they make of them."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self.oracle = Oracle()
        self.invoicing = Invoicing(council, self.oracle)
        self.monitoring = Monitoring(council, self.oracle)

    def import_care(self, *rows: dict[str, str]) -> int:
        return self.import_care_text(a_care_file(*rows))

    def import_care_text(self, content: str) -> int:
        """Import care on both sides: how many rows are accepted.

        What a visits file is checked against has arrived afterwards.
        """
        document = self.council.import_care(content)
        assert document["state"] == "imported", document
        accepted = self.oracle.import_care(content)
        counts = document["counts"]
        assert counts["new"] + counts["changed"] + counts["unchanged"] == accepted, document["errors"]
        self.settle()
        return accepted

    def import_carers(self, organisation: str, content: str) -> None:
        self.council.import_carers(organisation, content)
        self.oracle.import_carers(organisation, content)

    def import_visits(self, organisation: str, *rows: dict[str, str]) -> dict[str, int]:
        return self.import_visits_text(organisation, a_visits_file(rows))

    def import_visits_text(self, organisation: str, content: str) -> dict[str, int]:
        """Import and confirm visits on both sides: the counts, which are equal."""
        file = self.council.import_visits(organisation, content)
        assert file["state"] == "applied", file
        counts = self.oracle.import_visits(organisation, content)
        assert file["counts"] == counts | {k: v for k, v in file["counts"].items() if k not in counts}
        return counts

    def save_actual(self, cpli_id: int, monday: dt.date, entered: Entered) -> str:
        """Save what was delivered in a week on both sides, in a plan that both see alike: ``saved``, or the refusal."""
        self.settle()
        with self.council.sessions["ingest"].begin() as s:
            seen = actuals_views.find_actual(s, cpli_id=cpli_id, monday=monday)
        planned = {_days_of(line): line["planned_seconds"] for line in seen["lines"]}
        assert {days: seconds for days, seconds in planned.items() if seconds} == {
            days: seconds for days, seconds in self.oracle.actuals.planned(cpli_id, monday).items() if seconds
        }
        lines = [ActualLine(*days, *seconds) for days, seconds in entered.items()]
        facts = {"cpli_id": cpli_id, "monday": monday, "version": seen["version"], "lines": lines}
        try:
            with self.council.sessions["ingest"].begin() as s:
                actuals_steps.save_week(s, OFFICER, dt.datetime.now(dt.UTC), **facts)
        except Refused as refused:
            refusal, details = refused.code, refused.details or {}
        else:
            refusal, details = "saved", {}
        if refusal in ("saved", "rejected"):
            assert self.oracle.save_actual(cpli_id, monday, entered) == (refusal == "saved")
        assert [one["code"] for one in details.get("errors", [])] in ([], ["more_than_planned"])
        return refusal

    def delete_actual(self, cpli_id: int, monday: dt.date) -> None:
        """Save on both sides that nothing was delivered in a week."""
        self.settle()
        with self.council.sessions["ingest"].begin() as s:
            version = actuals_views.find_actual(s, cpli_id=cpli_id, monday=monday)["version"]
            facts = {"cpli_id": cpli_id, "monday": monday, "version": version, "reason": "Not delivered"}
            actuals_steps.delete_week(s, OFFICER, dt.datetime.now(dt.UTC), **facts)
        self.oracle.delete_actual(cpli_id, monday)

    def enter_stay(
        self, identifier: tuple[str, str], kind: str, first: dt.date, last: dt.date | None
    ) -> str | None:
        """Enter a circumstance of a client on both sides; its id, None where it overlaps with another."""
        by = {"SSRef": "S", "ClientRef": "C", "NHSNumber": "N"}[identifier[0]] + f":{identifier[1]}"
        try:
            with self.council.sessions["matching"].begin() as s:
                facts = {"kind": kind, "from_on": first, "to_on": last, "note": ""}
                client_id = uuid.UUID(identifiers_store.holdings_of(s, [by])[by][-1].client_id)
                stay_id = circumstances_steps.enter(s, SYSTEM, client_id=client_id, **facts)
        except Refused as refused:
            if refused.code != "overlaps":
                raise
            return None
        self.oracle.enter_stay(stay_id, identifier, kind, first, last or dt.date.max)
        return stay_id

    def withdraw_stay(self, stay_id: str) -> None:
        """Withdraw a circumstance on both sides."""
        with self.council.sessions["matching"].begin() as s:
            circumstances_steps.withdraw(s, SYSTEM, circumstance_id=uuid.UUID(stay_id), note="an error")
        self.oracle.withdraw_stay(stay_id)

    def merge_clients(self, identifier: tuple[str, str], into: tuple[str, str]) -> bool:
        """Merge two clients on both sides; whether they were two."""
        self.settle()
        try:
            with self.council.sessions["matching"].begin() as s:
                merging.merge(s, SYSTEM, client=identifier[1], into=into[1], reason="one person")
        except Refused as refused:
            if refused.code != "same_client":
                raise
        is_new = self.oracle.care.people.newest(identifier) != self.oracle.care.people.newest(into)
        if is_new:
            self.oracle.merge_clients(identifier, into)
        self.settle()
        return is_new

    def claim(
        self,
        identifier: tuple[str, str],
        admitted: dt.date,
        resumed: dt.date,
        service: str = DAPL,
        provider: str = DIAMOND,
    ) -> None:
        """Diamond claims for a client's stay in hospital under DAPL, and the council accepts; on both sides."""
        self.settle()
        with claimants(self.council) as they:
            claim_id = they.drafts(service, contract="DAPL")
            days = {"admitted_on": admitted.isoformat(), "resumed_on": resumed.isoformat()}
            they.adds(claim_id, identifier[1], "11.89", **days)
            they.submits(claim_id)
            assert they.decides(claim_id)["state"] == "Accepted"
        self.oracle.accept_claim(provider, identifier, (admitted, resumed), ("DAPL", Decimal("11.89")))
        self.settle()

    def finalise(self, start: dt.date, contract: str | None = None) -> None:
        self.settle()
        self.council.finalise(start, contract)
        self.oracle.finalise(start, contract)
        self.settle()

    def hold(self, cpli_id: int, monday: dt.date, kind: str, charge: str | None = None) -> None:
        """Hold a week on both sides."""
        self.settle()
        with self.council.payments() as s:
            said = {"reason": "Looked into", "owner": "finance@council.example", "seen": None}
            week_steps.place(s, SYSTEM, cpli_id=cpli_id, monday=monday, kind=kind, charge=charge, **said)
        self.oracle.hold(cpli_id, monday, kind, charge)
        self.settle()

    def release(self, cpli_id: int, monday: dt.date, charge: str | None = None) -> None:
        """Release a week on both sides."""
        self.settle()
        with self.council.payments() as s:
            said = {"reason": "Settled", "owner": None, "seen": None}
            week_steps.release(s, SYSTEM, cpli_id=cpli_id, monday=monday, charge=charge, **said)
        self.oracle.release(cpli_id, monday, charge)
        self.settle()

    def decide_charge(self, cpli_id: int, monday: dt.date, charge: str) -> None:
        """Decide anew about the charge of a week on both sides."""
        self.settle()
        with self.council.payments() as s:
            said = {"reason": "Agreed", "seen": None}
            week_steps.decide_charge(s, SYSTEM, cpli_id=cpli_id, monday=monday, charge=charge, **said)
        self.oracle.decide_charge(cpli_id, monday, charge)
        self.settle()

    def set_pay_rules(self, contract: str, start: dt.date, rules: dict[str, Any]) -> None:
        """Set pay rules on both sides."""
        self.settle()
        with self.council.payments() as s:
            set_pay_rules(s, contract=contract, effective_from=start, rules=rules, who="a tester")
        self.oracle.set_pay_rules(contract, start, rules)
        self.settle()

    def change_visit_type(self, ref: str, start: dt.date, kind: str) -> None:
        """Have a visit type paid and charged on another time (or not at all) on both sides, by two people."""
        self.settle()
        with self.council.sessions["matching"].begin() as s:
            is_paid = bool(kind)
            facts = {"paid": is_paid, "charged": is_paid, "basis": kind}
            found = lists_steps.propose_visit_type(s, OFFICER, ref=ref, effective_from=start, **facts)
        if found["state"] == "proposed":
            with self.council.sessions["matching"].begin() as s:
                decision = {"approves": True, "reason": "", "steps": lists_steps.STEPS}
                decide(s, SECOND, proposal_id=uuid.UUID(found["proposal_id"]), **decision)
        self.oracle.change_visit_type(ref, start, kind)
        self.settle()

    def set_threshold(self, name: str, start: dt.date, value: int) -> None:
        """Have a threshold of monitoring hold for what is planned from a day on, on both sides."""
        self.settle()
        self.monitoring.set_threshold(name, start, value)

    def set_one_diary(self, about: int | str, *, is_one_diary: bool) -> None:
        """Have a CPLI, or a contract, be monitored by total hours or not, on both sides."""
        self.settle()
        self.monitoring.set_one_diary(about, is_one_diary=is_one_diary)

    def set_terms(self, contract: str, start: dt.date, terms: str) -> None:
        """Set a contract's terms on both sides, from an open period on."""
        self.settle()
        self.invoicing.set_terms(contract, start, terms)
        self.settle()

    def set_vat_rate(self, organisation: int, service: str, rate: Decimal) -> bool:
        """Set a service's VAT rate on both sides; whether its contract's terms allow it."""
        self.settle()
        is_set = self.invoicing.set_vat_rate(organisation, service, rate)
        self.settle()
        return is_set

    def attach_vat_invoice(self, number: str, vat_number: str) -> bool:
        """Attach a VAT invoice to one on both sides; whether the VAT registration number may be one."""
        return self.invoicing.attach(number, vat_number)

    def approve_run(self, start: dt.date, contract: str | None = None) -> str:
        """Prepare and approve the run of a period on both sides: ``approved``, or the refusal."""
        self.settle()
        return self.invoicing.approve_run(start, contract)

    def create_invoice(self, number: str, organisation: int, contract: str, start: dt.date) -> str:
        """Make an invoice on both sides: ``made``, or the refusal."""
        self.settle()
        return self.invoicing.create(number, organisation, contract, start)

    def submit_invoice(self, number: str) -> str:
        """Submit an invoice or credit note on both sides: its state, or the refusal."""
        return self._move_invoice("submit_invoice", number)

    def accept_invoice(self, number: str) -> str:
        """Accept it on both sides, of the sum that it comes to."""
        return self._move_invoice("accept_invoice", number)

    def reject_invoice(self, number: str) -> str:
        """Reject it on both sides."""
        return self._move_invoice("reject_invoice", number, reason="Not agreed")

    def _move_invoice(self, step: str, number: str, **facts: str) -> str:
        self.settle()
        state = self.invoicing.move(step, number, **facts)
        self.settle()
        return state

    def credit_invoice(self, number: str, line: Line, amount: Decimal) -> str:
        """Make a credit note of a cost line on both sides: its number."""
        self.settle()
        return self.invoicing.credit(number, line, amount)

    def settle(self) -> None:
        wait_until(self.council.is_settled, seconds=60)

    def compare(self) -> None:
        """Books, sums by period and organisation as posted and as they stand, holds, and the council's own proof."""
        assert self.council.books() == self.oracle.books()
        assert posted_sums(self.council) == self.oracle.sums()
        assert standing_sums(self.council) == self.oracle.sums_by_status()
        assert holds_listed(self.council) == self.oracle.weeks_held()
        assert debts_of(self.council) == self.oracle.debts_by_name()
        self.compare_measures(FIRST_PERIOD, THIRD_PERIOD)
        self.invoicing.compare(FIRST_PERIOD, SECOND_PERIOD, THIRD_PERIOD)
        said = commissioned_of(self.council, self.oracle).items()
        differing = said ^ commissioned_weeks(self.oracle, FIRST_PERIOD, THIRD_PERIOD).items()
        assert not differing, sorted(differing)
        assert self.council.differences() == []

    def compare_measures(self, first: dt.date, last: dt.date) -> None:
        """Every organisation's measures over a span (RULES 16), as they stand and with no week stale."""
        self.settle()
        self.monitoring.compare_measures(first, last)

    def compare_under_delivery(self) -> dict[int, Delivery]:
        """Every CPLI of which too little or too much is delivered (RULES 16): all that is listed."""
        self.settle()
        return self.monitoring.compare_under_delivery()


def _days_of(line: ActualLineDocument) -> tuple[dt.date, dt.date]:
    return dt.date.fromisoformat(line["first_on"]), dt.date.fromisoformat(line["last_on"])


def commissioned_of(council: Council, oracle: Oracle) -> dict[tuple[int, dt.date], tuple[str, str]]:
    """Hours and pounds commissioned by CPLI and week, as Commissioned v Actuals says them."""
    with council.payments() as s:
        span = {"first": FIRST_PERIOD, "last": THIRD_PERIOD, "with_empty": True, "differences_only": False}
        rows = reports_views.list_commissioned_actuals(
            s, cpli_ids=[p.cpli_id for p in oracle.care.packages.values() if p.unit == "Hr"], **span
        )
    return {
        (row["cpli_id"], dt.date.fromisoformat(row["monday"])): (
            row["quantity"]["commissioned"],
            row["cost"]["commissioned"],
        )
        for row in rows
    }


def posted_sums(council: Council) -> dict[tuple[str, ...], Decimal]:
    """What was posted by (series, period, organisation), as the oracle says it."""
    with council.payments() as s:
        items = s.execute(
            text(
                "SELECT CASE series WHEN 'cost' THEN 'payable' WHEN 'income' THEN 'deduction' ELSE series END,"
                " period_start::text, o.name, sum(CASE series WHEN 'income' THEN -amount ELSE amount END)"
                " FROM items JOIN organisations o USING (organisation_id) WHERE series NOT IN ('claims', 'debt')"
                " GROUP BY 1, 2, 3"
            )
        ).all()
        charges = s.execute(text("SELECT period_start::text, sum(amount) FROM charges GROUP BY 1")).all()
    sums = {(series, period, fold(name)): amount for series, period, name, amount in items}
    sums |= {("charge", period): amount for period, amount in charges}
    return {key: amount for key, amount in sums.items() if amount}


def standing_sums(council: Council) -> dict[tuple[str, ...], Decimal]:
    """What stands by (series, period, status, organisation), each pound where it came, as the oracle says it."""
    with council.payments() as s:
        rows = s.execute(
            text(
                "SELECT CASE series WHEN 'cost' THEN 'payable' ELSE 'deduction' END, l.period_start::text, status, o.name,"
                " sum(CASE series WHEN 'cost' THEN l.amount ELSE -l.amount END)"
                " FROM item_lines l JOIN organisations o USING (organisation_id)"
                " WHERE series IN ('cost', 'income') AND status IN ('payable', 'cancelled', 'suspended') GROUP BY 1, 2, 3, 4"
            )
        ).all()
    return {(*place, fold(name)): amount for *place, name, amount in rows if amount}


def holds_listed(council: Council) -> dict[tuple[int, dt.date], tuple[str, str, Decimal]]:
    """The list of holds, as the oracle says it."""
    with council.payments() as s:
        found = holds_views.list_holds(s, SYSTEM, organisation=None, after=None, limit=1000)
    return {
        (one["cpli_id"], dt.date.fromisoformat(one["week"])): (
            one["kind"],
            one["charge"],
            Decimal(one["held"]),
        )
        for one in found
    }


def debts_of(council: Council) -> dict[tuple[str, str, dt.date], Decimal]:
    """What debts add to or take from payments, by organisation, contract and period, as the oracle says it."""
    with council.payments() as s:
        rows = s.execute(
            text(
                "SELECT o.name, contract, period_start, sum(amount) FROM items JOIN organisations o"
                " USING (organisation_id) WHERE series = 'debt' GROUP BY 1, 2, 3 HAVING sum(amount) <> 0"
            )
        ).all()
    return {(fold(name), contract, start): amount for name, contract, start, amount in rows}


def items_of(council: Council, period: dt.date) -> list[tuple[str, str, str, int, str, str]]:
    """A period's items: series, kind, reason, CPLI, Monday and pounds."""
    with council.payments() as s:
        rows = s.execute(
            text(
                "SELECT series, kind, reason, cpli_id, monday::text, amount::text FROM items"
                " WHERE period_start = :period ORDER BY cpli_id, monday, series, ordinal"
            ),
            {"period": period},
        )
        return [tuple(row) for row in rows]

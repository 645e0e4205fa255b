"""A story that is told to a council and to the second calculation of its books, and the rows that it is told with."""

import csv
import datetime as dt
import io
import random
import uuid
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from libs.common.errors import Refused
from libs.common.proposals.steps import decide
from libs.common.rpc import SYSTEM, Caller
from services.matching.circumstances import steps as circumstances_steps
from services.matching.clients import merging
from services.matching.lists import steps as lists_steps
from services.matching.matches import store as matches_store
from services.payments.holds import views as holds_views
from services.payments.holds import week_steps
from services.payments.pay_rules.steps import set_pay_rules
from services.payments.reports import views as reports_views
from tests.oracle.books import HEADINGS, Oracle, fold
from tests.oracle.plans import commissioned_weeks
from tests.support.care_files import a_care_file
from tests.support.claims import claimants
from tests.support.council import Council
from tests.support.waiting import wait_until

DIAMOND, PEARL = "Diamond Home Care Ltd", "Pearl Care Ltd"
DAPL, ZONE = "Diamond Home Care - DAPL Oxford", "Diamond Home Care - Zone 6 - Oxford"
PEARL_DAPL, PEARL_SPOT, PEARL_HTLAH = "Pearl Care - DAPL Vale", "Pearl Care - Spot", "Pearl Care - HTLAH"
CONTRACTS = {DAPL: "DAPL", ZONE: "LWAH", PEARL_DAPL: "DAPL", PEARL_SPOT: "Spot", PEARL_HTLAH: "HTLAH"}
SERVICES = {DIAMOND: (DAPL, ZONE), PEARL: (PEARL_DAPL, PEARL_SPOT, PEARL_HTLAH)}
GUIDS = uuid.UUID("6c1f4f0a-53d5-4a52-8f2a-94b7a1b7a001")
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

    def care(self, *rows: dict[str, str]) -> int:
        return self.care_text(a_care_file(*rows))

    def care_text(self, content: str) -> int:
        """Import care on both sides: how many rows are accepted.

        What a visits file is checked against has arrived afterwards.
        """
        document = self.council.import_care(content)
        assert document["state"] == "imported", document
        accepted = self.oracle.care(content)
        counts = document["counts"]
        assert counts["new"] + counts["changed"] + counts["unchanged"] == accepted, document["errors"]
        self.settle()
        return accepted

    def carers(self, organisation: str, content: str) -> None:
        self.council.import_carers(organisation, content)
        self.oracle.carers(organisation, content)

    def visits(self, organisation: str, *rows: dict[str, str]) -> dict[str, int]:
        return self.visits_text(organisation, a_visits_file(rows))

    def visits_text(self, organisation: str, content: str) -> dict[str, int]:
        """Import and confirm visits on both sides: the counts, which are equal."""
        file = self.council.import_visits(organisation, content)
        assert file["state"] == "applied", file
        counts = self.oracle.visits(organisation, content)
        assert file["counts"] == counts | {k: v for k, v in file["counts"].items() if k not in counts}
        return counts

    def stay(
        self, identifier: tuple[str, str], kind: str, first: dt.date, last: dt.date | None
    ) -> str | None:
        """Enter a circumstance of a client on both sides; its id, None where it overlaps with another."""
        by = {"SSRef": "S", "ClientRef": "C", "NHSNumber": "N"}[identifier[0]] + f":{identifier[1]}"
        try:
            with self.council.sessions["matching"].begin() as s:
                facts = {"kind": kind, "from_on": first, "to_on": last, "note": ""}
                client_id = uuid.UUID(matches_store.holdings_of(s, [by])[by][-1].client_id)
                stay_id = circumstances_steps.enter(s, SYSTEM, client_id=client_id, **facts)
        except Refused as refused:
            if refused.code != "overlaps":
                raise
            return None
        self.oracle.stay(stay_id, identifier, kind, first, last or dt.date.max)
        return stay_id

    def no_stay(self, stay_id: str) -> None:
        """Withdraw a circumstance on both sides."""
        with self.council.sessions["matching"].begin() as s:
            circumstances_steps.withdraw(s, SYSTEM, circumstance_id=uuid.UUID(stay_id), note="an error")
        self.oracle.no_stay(stay_id)

    def merge(self, identifier: tuple[str, str], into: tuple[str, str]) -> bool:
        """Merge two clients on both sides; whether they were two."""
        self.settle()
        try:
            with self.council.sessions["matching"].begin() as s:
                merging.merge(s, SYSTEM, client=identifier[1], into=into[1], reason="one person")
        except Refused as refused:
            if refused.code != "same_client":
                raise
        is_new = self.oracle.people.newest(identifier) != self.oracle.people.newest(into)
        if is_new:
            self.oracle.merge(identifier, into)
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
        self.oracle.claim(provider, identifier, (admitted, resumed), ("DAPL", Decimal("11.89")))
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

    def pay_rules(self, contract: str, start: dt.date, rules: dict[str, Any]) -> None:
        """Set pay rules on both sides."""
        self.settle()
        with self.council.payments() as s:
            set_pay_rules(s, contract=contract, effective_from=start, rules=rules, who="a tester")
        self.oracle.pay_rules(contract, start, rules)
        self.settle()

    def visit_type(self, ref: str, start: dt.date, kind: str) -> None:
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
        self.oracle.visit_type(ref, start, kind)
        self.settle()

    def settle(self) -> None:
        wait_until(self.council.is_settled, seconds=60)

    def compare(self) -> None:
        """Books, sums by period and organisation as posted and as they stand, holds, and the council's own proof."""
        assert self.council.books() == self.oracle.books()
        assert posted_sums(self.council) == self.oracle.sums()
        assert standing_sums(self.council) == self.oracle.standing()
        assert holds_listed(self.council) == self.oracle.held()
        assert debts_of(self.council) == self.oracle.debts_by_name()
        said = commissioned_of(self.council, self.oracle).items()
        differing = said ^ commissioned_weeks(self.oracle, FIRST_PERIOD, THIRD_PERIOD).items()
        assert not differing, sorted(differing)
        assert self.council.differences() == []


def commissioned_of(council: Council, oracle: Oracle) -> dict[tuple[int, dt.date], tuple[str, str]]:
    """Hours and pounds commissioned by CPLI and week, as Commissioned v Actuals says them."""
    with council.payments() as s:
        span = {"first": FIRST_PERIOD, "last": THIRD_PERIOD, "with_empty": True, "differences_only": False}
        rows = reports_views.commissioned_actuals(
            s, cpli_ids=[p.cpli_id for p in oracle.packages.values() if p.unit == "Hr"], **span
        )
    return {
        (row["cpli_id"], row["monday"]): (row["quantity"]["commissioned"], row["cost"]["commissioned"])
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
        found = holds_views.holds(s, SYSTEM, organisation=None, after=None, limit=1000)
    return {
        (one["cpli_id"], one["week"]): (one["kind"], one["charge"], Decimal(one["held"])) for one in found
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


def a_visit(
    ref: str, on: str | dt.date, entry: str = "09:00", exit_: str = "10:00", **cells: str
) -> dict[str, str]:
    """A visit to client A100 by Diamond under DAPL, delivered as planned when its type is a delivered one."""
    day = on.strftime("%d/%m/%Y") if isinstance(on, dt.date) else on
    row = dict.fromkeys(HEADINGS, "") | {
        "VisitRef": ref,
        "PlannedVisitDate": day,
        "PlannedEntryTime": entry,
        "PlannedExitTime": exit_,
        "VisitType": "DHS",
        "SSRef": "A100",
        "ServiceLevel": "Personal Care",
        "ServiceName": DAPL,
    }
    row |= cells
    if row["VisitType"] in ("DHS", "DHF", "E"):
        given = {name: cells[name] for name in cells if name.startswith("Delivered")}
        row |= {"DeliveredVisitDate": day, "DeliveredEntryTime": entry, "DeliveredExitTime": exit_} | given
    return row


def a_deletion(ref: str) -> dict[str, str]:
    return dict.fromkeys(HEADINGS, "") | {"VisitRef": ref, "Deleted": "1"}


def a_visits_file(rows: Sequence[dict[str, str]]) -> str:
    """These rows as CSV; every file's bytes are its own, as the same bytes may not be confirmed twice."""
    content = io.StringIO(newline="")
    writer = csv.DictWriter(content, [*HEADINGS, f"Sent {uuid.uuid4()}"], restval="")
    writer.writeheader()
    writer.writerows(rows)
    return content.getvalue()


def a_week(prefix: str, monday: dt.date, **cells: str) -> list[dict[str, str]]:
    """Seven visits of an hour."""
    return [a_visit(f"{prefix}{i}", monday + dt.timedelta(days=i), **cells) for i in range(7)]


def changed_visit(rnd: random.Random, row: dict[str, str]) -> dict[str, str]:
    """The visit with something else in one or a few cells."""
    hour = rnd.randrange(6, 22)
    change: dict[str, Callable[[], dict[str, str]]] = {
        "times": lambda: {
            "PlannedEntryTime": f"{hour}:00",
            "PlannedExitTime": f"{hour}:{rnd.choice((15, 30, 45))}",
        },
        "exit": lambda: {"DeliveredExitTime": "23:59:59"} if row["DeliveredExitTime"] else {},
        "type": lambda: not_delivered(rnd.choice(("C", "U", "C24", "H"))),
        "level": lambda: {
            "ServiceLevel": rnd.choice(("Personal Care", "home  support", "HTLAH – Maintenance"))
        },
        "service": lambda: {"ServiceName": "", "ServiceRef": ""},
        "unknown": lambda: {"ServiceName": "A service that nobody knows", "ServiceRef": ""},
        "comment": lambda: {"Comments": rnd.choice(("", "On the phone"))},
        "day": lambda: {"PlannedVisitDate": f"{rnd.randrange(3, 17):02}/10/2022"},
    }
    return row | change[rnd.choice(sorted(change))]()


def not_delivered(type_: str) -> dict[str, str]:
    empty = dict.fromkeys(("DeliveredVisitDate", "DeliveredEntryTime", "DeliveredExitTime"), "")
    return empty | {"VisitType": type_, "Comments": "Away"}

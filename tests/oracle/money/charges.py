"""What everything should come to today: payables, charges and deductions (RULES 6, 7 and 8)."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Any

from tests.oracle.facts.care import Care
from tests.oracle.facts.clients import NOBODY
from tests.oracle.facts.packages import Term
from tests.oracle.facts.values import whole_pennies
from tests.oracle.money.holding import Holding
from tests.oracle.money.one_offs import is_one_off
from tests.oracle.money.weeks import Weeks

Targets = dict[tuple[Any, ...], Decimal]
"""Pounds by ("payable" or "deduction", CPLI, Monday, organisation, client) and ("charge", client, Monday)."""


def payables_of(care: Care, weeks: Weeks) -> Targets:
    return {
        ("payable", *week, *care.holder_of(week[0])): actual + frustrated
        for week, (_, _, actual, frustrated) in weeks.items()
    }


def charges_of(care: Care, holding: Holding, weeks: Weeks) -> Targets:
    """Charges and deductions, as what is held stands now."""
    found: Targets = {}
    costs: dict[tuple[int, dt.date], list[tuple[bool, int, Decimal]]] = defaultdict(list)
    for (cpli_id, monday), (_, _, actual, frustrated) in weeks.items():
        is_held, left_out = holding.left_out(cpli_id, monday)
        cost = max(actual + frustrated - left_out, Decimal())
        costs[care.packages[cpli_id].client, monday].append((is_held, cpli_id, cost))
    for (client, monday), of_packages in costs.items():
        cost = sum((amount for _, _, amount in of_packages), Decimal())
        organisation, term = contribution_of(care, client, monday)
        charge = cost if term.contribution is None else min(cost, whole_pennies(term.contribution))
        found["charge", client, monday] = charge
        if term.collector == "Provider":
            for _, cpli_id, amount in sorted(of_packages):
                if care.packages[cpli_id].organisation == organisation:
                    part = min(charge, amount)
                    found["deduction", cpli_id, monday, organisation, client] = part
                    charge -= part
    return found


def contribution_of(care: Care, client: int, monday: dt.date) -> tuple[int, Term]:
    """Whose row says what a client may be charged in a week, and its term (RULES 2)."""
    own = [p for p in care.packages.values() if p.client == client and not is_one_off(p)]
    if not own:
        return NOBODY, Term(Decimal(), Decimal(), None, "Council")
    sunday = monday + dt.timedelta(days=6)
    on_monday = [p for p in own if p.start <= monday <= p.end]
    in_week = [p for p in own if p.start <= sunday and p.end >= monday]
    latest = max(on_monday or in_week or own, key=lambda p: (p.start, p.cpli_id))
    return latest.organisation, latest.term_on(max(monday, latest.start))

"""The parts of what payments holds about a person: what their care costs, is paid and charged, and what was said of it."""

from __future__ import annotations

from typing import Final

from libs.common.subjects.parts import NAMES_ON, OF_CLIENT, OF_CPLI, Part

_ITEMS: Final = f"""
    (i.client_id {OF_CLIENT}
    OR i.client_id IS NULL AND {NAMES_ON.format(reference="i.client_reference", day="coalesce(i.monday, i.period_start)")})
"""
CHARGES: Final = Part(
    "charges",
    "What the person was charged",
    "Each charge and correction by week, in pounds, with how it came about.",
    f"""
    SELECT monday || ' ' || lpad(ordinal::text, 10, '0') || ' ' || client_id AS place, monday, period_start, amount, reason,
        posted_at, explanation
    FROM charges WHERE client_id {OF_CLIENT}
    """,
    ("Week from", "Period from", "Amount", "Reason", "Posted", "How it came about"),
    ("charges",),
)
CHARGE_QUERIES: Final = Part(
    "charge-queries",
    "Queries of charges",
    "What was asked about charges and answered. Who asked is left out: it may be a relative.",
    f"""
    SELECT said_at::text || ' ' || message_id AS place, said_at, kind, monday, words
    FROM charge_queries WHERE client_id {OF_CLIENT}
    """,
    ("When", "Kind", "Week from", "Words"),
    ("charge_queries",),
    is_prose=True,
)
WEEKS: Final = Part(
    "weeks",
    "Weeks of care in money",
    "For each line item and week what was delivered or frustrated, in seconds and pounds.",
    f"""
    SELECT lpad(cpli_id::text, 20, '0') || ' ' || monday AS place, cpli_id, monday, delivered_seconds,
        frustrated_seconds, actual, frustrated, charged
    FROM weeks WHERE cpli_id {OF_CPLI}
    """,
    (
        "CpliId",
        "Week from",
        "Delivered seconds",
        "Frustrated seconds",
        "Cost",
        "Frustrated cost",
        "Cost charged",
    ),
    ("weeks",),
)
ITEMS: Final = Part(
    "payment-items",
    "What was paid to providers for the person’s care",
    "Each payment item and adjustment, in pounds, with how it came about.",
    f"""
    SELECT i.period_start || ' ' || i.posted_at || ' ' || i.item_id AS place, i.period_start, i.kind, i.cpli_id, i.monday,
        o.name, i.contract, i.amount, i.reason, i.posted_at, i.explanation
    FROM items i LEFT JOIN organisations o USING (organisation_id) WHERE {_ITEMS}
    """,
    (
        *("Period from", "Kind", "CpliId", "Week from", "Provider", "Contract", "Amount", "Reason", "Posted"),
        "How it came about",
    ),
    ("items",),
)
MOVES: Final = Part(
    "payment-item-moves",
    "What was done with payment items",
    "Items that were held, split or released, and why.",
    f"""
    SELECT m.moved_at::text || ' ' || m.move_id AS place, m.moved_at, m.name, m.period_start, m.status, m.instalments,
        m.reason
    FROM moves m JOIN items i USING (item_id) WHERE {_ITEMS}
    """,
    ("When", "What", "Period from", "Status", "Instalments", "Why"),
    ("moves",),
    is_prose=True,
)
HOLDS: Final = Part(
    "held-weeks",
    "Weeks whose payment was held",
    "What was decided about paying and charging a week, and why.",
    f"""
    SELECT monday || ' ' || lpad(cpli_id::text, 20, '0') || ' ' || lpad(ordinal::text, 10, '0') AS place, cpli_id, monday,
        kind, charge, pays_from, reason, placed_at
    FROM week_holds WHERE client_id {OF_CLIENT}
    """,
    ("CpliId", "Week from", "Decision", "Charge", "Paid from", "Why", "When"),
    ("week_holds",),
    is_prose=True,
)
ADJUSTMENTS: Final = Part(
    "manual-adjustments",
    "Adjustments by hand",
    "Money that somebody posted by hand, and why.",
    f"""
    SELECT a.posted_at::text || ' ' || a.adjustment_id AS place, a.period_start, o.name, a.contract, a.cpli_id, a.amount,
        a.reason, a.posted_at
    FROM manual_adjustments a LEFT JOIN organisations o USING (organisation_id)
    WHERE a.cpli_id {OF_CPLI} OR {NAMES_ON.format(reference="a.client_reference", day="a.period_start")}
    """,
    ("Period from", "Provider", "Contract", "CpliId", "Amount", "Why", "Posted"),
    ("manual_adjustments",),
    is_prose=True,
)
INVOICE_LINES: Final = Part(
    "invoice-lines",
    "What providers invoiced for the person’s care",
    "Lines of invoices and credit notes, in pounds.",
    f"""
    SELECT l.monday || ' ' || l.invoice_id || ' ' || lpad(l.cpli_id::text, 20, '0') || ' ' || l.kind AS place, o.name,
        n.number, n.kind AS of, n.state, l.cpli_id, l.monday, l.kind, l.service, l.amount, l.vat_rate
    FROM invoice_lines l JOIN invoices n USING (invoice_id)
    LEFT JOIN organisations o ON o.organisation_id = l.organisation_id WHERE l.client_id {OF_CLIENT}
    """,
    (
        *("Provider", "Number", "Invoice or credit note", "State", "CpliId", "Week from", "Cost or income"),
        *("Service", "Amount", "VAT rate"),
    ),
    ("invoice_lines",),
)
STAYS: Final = Part(
    "claimed-stays",
    "Stays in hospital that claims were paid for",
    "Days of admission and discharge.",
    f"""
    SELECT s.admitted_on || ' ' || s.item_id AS place, o.name, s.admitted_on, s.discharged_on
    FROM claimed_stays s LEFT JOIN organisations o USING (organisation_id) WHERE s.client_id {OF_CLIENT}
    """,
    ("Provider", "Admitted", "Discharged"),
    ("claimed_stays",),
)
PARTS: Final = (CHARGES, CHARGE_QUERIES, WEEKS, ITEMS, MOVES, HOLDS, ADJUSTMENTS, INVOICE_LINES, STAYS)
LEFT_OUT: Final = {
    "packages": "a copy of commissioned care, which matching holds",
    "merged_clients": "ids of records that were merged, which matching holds",
    "invoice_changes": "lines of invoices while they were open; the lines that came of it are there",
    "moved_lines": "where a moved item’s pounds went; the moves are there",
    "debt_items": "which items belong to a provider’s debt",
    "closed_sums": "sums of a period over all clients",
}
"""Tables that name clients or their care, and are in no part, each with the reason."""

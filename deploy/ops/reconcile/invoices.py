"""``reconcile``, invoices (RULES 13): items are accepted lines less accepted credits, and sums are those of lines."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from deploy.ops.reconcile.differences import difference, look_into
from libs.common.care.money import NOTHING

# An item names the invoice in whose name it was posted; a held line may be several items.
POSTED = """
    SELECT explanation ->> 'invoice_id' AS invoice_id, series, coalesce(cpli_id, 0) AS cpli_id,
        coalesce(monday, '0001-01-01') AS monday, organisation_id::text, client_id::text, contract, sum(amount)
    FROM items WHERE explanation ? 'invoice_id' GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
ACCEPTED = """
    SELECT l.invoice_id::text, l.kind, l.cpli_id, l.monday, l.organisation_id::text, l.client_id::text, i.contract, l.amount
    FROM invoice_lines l JOIN invoices i USING (invoice_id) WHERE i.state IN ('Accepted', 'Paid')
    UNION ALL
    SELECT invoice_id::text, 'vat', 0, '0001-01-01', organisation_id::text, NULL, contract, vat
    FROM invoices WHERE state IN ('Accepted', 'Paid') AND vat <> 0
"""
NETS = """
    SELECT i.number, i.net, i.gross - i.vat, coalesce(sum(l.amount), 0)
    FROM invoices i LEFT JOIN invoice_lines l USING (invoice_id) GROUP BY i.invoice_id ORDER BY i.number
"""
# What credits that are not rejected take of a line is never more than the line.
OVER_CREDITED = """
    SELECT o.number, l.cpli_id, l.monday, l.amount, -sum(c.amount) AS credited FROM invoice_lines c
    JOIN invoices n ON n.invoice_id = c.invoice_id AND n.state <> 'Rejected' JOIN invoices o ON o.invoice_id = n.credits_id
    JOIN invoice_lines l ON l.invoice_id = o.invoice_id AND (l.cpli_id, l.monday, l.kind) = (c.cpli_id, c.monday, c.kind)
    GROUP BY 1, 2, 3, 4 HAVING -sum(c.amount) > l.amount ORDER BY 1, 2, 3
"""


def compare_invoices(session: Session) -> Iterator[dict[str, Any]]:
    """Each line and VAT against its items; each sum against its lines; each credited line against what was credited."""
    look_into(session, "payments")
    expected, held = (
        {tuple(map(str, row[:-1])): row[-1] for row in session.execute(text(query))}
        for query in (ACCEPTED, POSTED)
    )
    for key in sorted({*expected, *held}):
        which = "/".join(key[:4])
        yield from difference("invoices", which, expected.get(key, NOTHING), held.get(key, NOTHING))
    for number, net, without_vat, of_lines in session.execute(text(NETS)):
        yield from difference("invoices", f"{number}/net", of_lines, net)
        yield from difference("invoices", f"{number}/gross", net, without_vat)
    for number, cpli_id, monday, amount, credited in session.execute(text(OVER_CREDITED)):
        yield from difference(
            "invoices", f"{number}/{cpli_id}/{monday}/credited", f"at most {amount}", credited
        )

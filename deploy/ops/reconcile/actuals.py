"""``reconcile``, actuals: what providers saved, as ingest holds it, as weeks of care (RULES 13)."""

import datetime as dt
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from deploy.ops.reconcile.differences import look_into
from deploy.ops.reconcile.unknown import Lines, not_worked_out
from libs.common.operations.apart import result_or_reason
from libs.common.seams.events import LineOfWeek

CpliWeek = tuple[int, dt.date]


def read_actuals(session: Session, unknown: Lines) -> dict[CpliWeek, list[LineOfWeek]]:
    """The lines of every week that was saved and whose CPLI is paid by actuals now; else it is kept and pays nothing.

    Lines that can't be read go into ``unknown``.
    """
    look_into(session, "matching")
    cpli_ids = set(session.scalars(text("SELECT cpli_id FROM cplis WHERE payment_method = 'Actuals'")))
    look_into(session, "ingest")
    rows = session.execute(text("SELECT cpli_id, monday, lines FROM actuals WHERE state = 'submitted'"))
    found = {}
    for cpli_id, monday, lines in rows:
        if cpli_id not in cpli_ids:
            continue
        read, reason = result_or_reason(lambda of=lines: list(map(line_of, of)))  # type: ignore[misc]
        if read is None:
            unknown.append(not_worked_out("actual", f"{cpli_id}/{monday}", str(reason)))
        else:
            found[cpli_id, monday] = read
    return found


def line_of(stored: list[Any]) -> LineOfWeek:
    """A line as ingest stores it, as it goes on to be paid. Raises ValueError where its days can't be read."""
    first_on, last_on, delivered, frustrated, visits, *_ = stored
    for day in (first_on, last_on):
        dt.date.fromisoformat(day)
    return LineOfWeek(first_on, last_on, delivered, frustrated, visits)

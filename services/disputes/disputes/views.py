"""Disputes as the two sides see them, and those that stand against visits and days (RULES 9)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session

from libs.common.casework.cases import DISPUTE, OPEN
from libs.common.rpc import Caller
from libs.common.seams.disputes.disputes import Dispute, DisputeOfVisit, OpenDispute
from services.disputes.cases.views import find_case
from services.disputes.disputes import store


def find_dispute(session: Session, caller: Caller, *, case_id: uuid.UUID, now: dt.datetime) -> Dispute:
    """A dispute with its conversation and its visits as they were when it was raised. Raises Refused ``not_found``."""
    found = find_case(session, caller, kind=DISPUTE, case_id=case_id, now=now)
    visits = store.list_visits(session, case_id)
    return {
        **found,
        "visits": [{"visit_ref": one["visit_ref"], "snapshot": one["snapshot"]} for one in visits],
    }


def list_disputes_of_visits(
    session: Session, *, refs: Sequence[tuple[uuid.UUID, str]]
) -> list[DisputeOfVisit]:
    """The open disputes about these (organisation id, VisitRef)."""
    return [
        {
            "organisation_id": str(row["organisation_id"]),
            "visit_ref": row["visit_ref"],
            "case_id": str(row["case_id"]),
            "number": row["number"],
            "subject": row["subject"],
            "state": row["state"],
        }
        for row in store.list_disputes_of_visits(session, refs, OPEN[DISPUTE])
    ]


def list_open_disputes(session: Session, *, first: dt.date, last: dt.date) -> list[OpenDispute]:
    """The open disputes about days between two, with the visits or the CPLI and Monday that each is about."""
    return [
        {
            "case_id": str(row["case_id"]),
            "number": row["number"],
            "subject": row["subject"],
            "state": row["state"],
            "organisation_id": str(row["organisation_id"]),
            "cpli_id": row["cpli_id"],
            "monday": row["monday"],
            "visits": row["visits"],
        }
        for row in store.list_disputes_about_days(session, first, last, OPEN[DISPUTE])
    ]

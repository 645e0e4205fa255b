"""Queries of ingest for doubts: a week's visits without a comment, and the overlaps of carers."""

import datetime as dt
from collections import defaultdict

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.weeks import sunday_of
from services.ingest.doubts.rules import COMMENTED_TYPES, Overlap, SilentVisit
from services.ingest.overlaps.store import limits_on, list_overlapping

WEEK_LOCK_CLASS = 4
OVERLAPS_A_WEEK = 2_000
"""More of one council's week would be a clock that is wrong, not carers in two places."""


def lock_week(session: Session, monday: dt.date) -> None:
    """Look for a week's doubts once at a time: whoever draws a later version has looked later."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(:class, :week)"),
        {"class": WEEK_LOCK_CLASS, "week": monday.toordinal()},
    )


def draw_version(session: Session) -> int:
    """A new version."""
    return int(session.scalar(text("SELECT nextval('version')")) or 0)


def list_organisations(session: Session) -> list[str]:
    """All organisations that are known."""
    return list(session.scalars(text("SELECT organisation_id::text FROM organisations ORDER BY 1")))


def find_silent_visits(session: Session, monday: dt.date) -> dict[str, list[SilentVisit]]:
    """A week's visits that have no comment and may need one, by organisation."""
    rows = session.execute(
        text(
            "SELECT o.organisation_id::text, v.visit_ref, coalesce(nullif(v.ssref, ''), nullif(v.client_ref, ''),"
            " v.nhs_number, ''), v.visit_type, v.planned_on, v.planned_entry, v.planned_exit, v.delivered_on,"
            " v.delivered_entry, v.delivered_exit FROM organisations o JOIN visits v USING (organisation_id)"
            " WHERE v.planned_on BETWEEN :first AND :last AND NOT v.deleted AND coalesce(v.comments, '') = ''"
            " AND (v.visit_type = ANY(:commented) OR v.delivered_on IS NOT NULL)"
            " AND v.planned_entry IS NOT NULL AND v.planned_exit IS NOT NULL"
        ),
        {"first": monday, "last": sunday_of(monday), "commented": sorted(COMMENTED_TYPES)},
    )
    found: dict[str, list[SilentVisit]] = defaultdict(list)
    for organisation_id, *facts in rows:
        found[organisation_id].append(SilentVisit(*facts))
    return found


def find_overlaps(session: Session, monday: dt.date) -> dict[str, list[Overlap]]:
    """Carers in two places at once, by the organisation from whose visit it is seen."""
    found: dict[str, list[Overlap]] = defaultdict(list)
    of_all = {"organisation": None, "carer": None}
    for row in list_overlapping(
        session,
        of_all,
        monday,
        sunday_of(monday),
        where=None,
        after=None,
        limit=OVERLAPS_A_WEEK,
        limits_on=limits_on(session),
    ):
        one = (row["visit_ref"], row["client"], row["day"], (row["entry"], row["leaving"]), row["carer_ref"])
        other = (
            row["other_ref"],
            row["other_client"],
            row["other_day"],
            (row["other_entry"], row["other_leaving"]),
            row["other_carer_ref"],
        )
        is_across = row["is_across"]
        seen = [(row["organisation_id"], one, row["other_organisation"], other)]
        if is_across:
            seen.append((row["other_id"], other, row["organisation"], one))
        for organisation_id, (ref, client, day, times, carer), name, (ref_2, _, day_2, times_2, _) in seen:
            found[str(organisation_id)].append(
                Overlap(
                    ref, client, day, times, carer, name, ref_2, day_2, times_2, row["seconds"], is_across
                )
            )
    return found

"""Queries of doubts and samples. Row-level security keeps them from providers."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.doubts import DISMISSED, GONE, OF_SINGLE_VISITS, PROPOSED, RAISED
from services.disputes.doubts.rules import FOUND_AGAIN

Row = dict[str, Any]

GroupPlace = tuple[int, uuid.UUID, str, str]
"""Where a group stands in the list: how many doubts it has, its organisation, what it is about, and its kind."""

_ABOUT = (
    "CASE WHEN d.kind = 'carer_overlap' THEN 'carer ' || (d.evidence ->> 'carer_ref')"
    " ELSE 'client ' || d.client_reference END"
)
"""What doubts of a kind are put together by: one carer's overlaps say one thing, whoever the clients are."""
_GROUP = f"CAST(md5(concat_ws(chr(10), d.organisation_id, d.monday, d.kind, {_ABOUT})) AS uuid)"
_DOUBT = (
    "d.doubt_id, d.organisation_id, d.monday, d.kind, d.client_reference, d.cpli_id, d.visits, d.first_on, d.last_on,"
    " d.evidence, d.state, d.found_at, d.settled_by, d.settled_at, d.settled_why, d.case_id, d.sample_id,"
    f" {_GROUP} AS group_id"
)
_IN_ORDER = "d.organisation_id, d.client_reference, d.first_on, d.kind, d.doubt_id"
_CONDITIONS = {
    "week": "d.monday = :week",
    "organisation_id": "d.organisation_id = :organisation_id",
    "kind": "d.kind = :kind",
    "states": "d.state = ANY(:states)",
    "sample_id": "d.sample_id = :sample_id",
    "group_ids": f"{_GROUP} = ANY(:group_ids)",
}


def lock_week(session: Session, organisation_id: str, monday: dt.date) -> None:
    """Take what is found of an organisation's week one message after the other."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:about))"),
        {"about": f"doubts {organisation_id} {monday}"},
    )


def take_look(
    session: Session,
    *,
    finder: str,
    organisation_id: str,
    monday: dt.date,
    version: int,
    silent_visits: Sequence[str],
    now: dt.datetime,
) -> bool:
    """Note a look; False when a newer one, or this very one, is known."""
    taken = session.execute(
        text(
            "INSERT INTO doubt_looks AS known (finder, monday, organisation_id, version, looked_at, silent_visits)"
            " VALUES (:finder, :monday, :organisation_id, :version, :now, CAST(:silent AS text[]))"
            " ON CONFLICT (finder, monday, organisation_id) DO UPDATE SET version = excluded.version,"
            " looked_at = excluded.looked_at, silent_visits = excluded.silent_visits"
            " WHERE known.version < excluded.version"
            " RETURNING true"
        ),
        {
            "finder": finder,
            "organisation_id": organisation_id,
            "monday": monday,
            "version": version,
            "silent": list(silent_visits),
            "now": now,
        },
    )
    return taken.first() is not None


def save_found(
    session: Session, look: Mapping[str, Any], doubts: Sequence[Mapping[str, Any]], now: dt.datetime
) -> None:
    """Propose what a look found, but for what was settled, or found by a later look of another week."""
    session.execute(
        text(
            "INSERT INTO doubts AS known (doubt_id, finder, version, organisation_id, monday, kind, client_reference,"
            " cpli_id, visits, first_on, last_on, evidence, state, found_at)"
            " SELECT doubt_id, :finder, :version, CAST(:organisation_id AS uuid), CAST(:monday AS date), kind, client,"
            " cpli_id, visits, first_on, last_on, evidence, :proposed, :now FROM jsonb_to_recordset(CAST(:doubts AS"
            " jsonb)) AS new(doubt_id uuid, kind text, client text, cpli_id bigint, visits text[], first_on date,"
            " last_on date, evidence jsonb) ORDER BY doubt_id ON CONFLICT (doubt_id) DO UPDATE SET"
            " version = excluded.version, monday = excluded.monday, client_reference = excluded.client_reference,"
            " cpli_id = excluded.cpli_id, first_on = excluded.first_on, last_on = excluded.last_on,"
            " evidence = excluded.evidence, state = excluded.state"
            " WHERE known.version < excluded.version AND known.state = ANY(:found_again)"
        ),
        {
            **look,
            "doubts": json.dumps(doubts),
            "proposed": PROPOSED,
            "found_again": list(FOUND_AGAIN),
            "now": now,
        },
    )


def mark_gone(session: Session, look: Mapping[str, Any]) -> None:
    """What an older look proposed for this organisation's week, and this one did not find, is there no more."""
    session.execute(
        text(
            "UPDATE doubts SET state = :gone WHERE finder = :finder AND monday = :monday"
            " AND organisation_id = :organisation_id AND state = :proposed AND version < :version"
            " AND sample_id IS NULL"
        ),
        {**look, "gone": GONE, "proposed": PROPOSED},
    )


def silence(session: Session, organisation_id: str, monday: dt.date) -> None:
    """Have what newest looks doubt of single visits be shown, or gone where all of its visits are of one diary."""
    session.execute(
        text(
            "UPDATE doubts d SET state = new.state FROM (SELECT d.doubt_id, CASE WHEN d.visits <@ coalesce((SELECT"
            " silent_visits FROM doubt_looks WHERE finder = 'matching' AND monday = :monday AND organisation_id ="
            " :organisation), '{}') THEN CAST(:gone AS text) ELSE CAST(:proposed AS text) END AS state FROM doubts d JOIN doubt_looks l"
            " USING (finder, monday, organisation_id, version) WHERE monday = :monday"
            " AND organisation_id = :organisation AND d.kind = ANY(:kinds) AND d.state = ANY(:unsettled)"
            " AND d.sample_id IS NULL) new WHERE new.doubt_id = d.doubt_id AND new.state <> d.state"
        ),
        {
            "organisation": organisation_id,
            "monday": monday,
            "gone": GONE,
            "proposed": PROPOSED,
            "unsettled": [GONE, PROPOSED],
            "kinds": list(OF_SINGLE_VISITS),
        },
    )


def list_doubts(session: Session, *, after: uuid.UUID | None, limit: int, **wanted: Any) -> list[Row]:
    """A page of doubts, a provider's and a client's together. Without ``sample_id``, those that were found."""
    where, values = _where(wanted)
    place = (
        f" AND ({_IN_ORDER}) > (SELECT {_IN_ORDER} FROM doubts d WHERE d.doubt_id = :after)" if after else ""
    )
    rows = session.execute(
        text(f"SELECT {_DOUBT} FROM doubts d WHERE {where}{place} ORDER BY {_IN_ORDER} LIMIT :limit"),
        {**values, "after": after, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def count_doubts(session: Session, **wanted: Any) -> list[Row]:
    """How many doubts, by state, kind and organisation."""
    where, values = _where(wanted)
    rows = session.execute(
        text(
            "SELECT d.state, d.kind, d.organisation_id, count(*) AS number FROM doubts d"
            f" WHERE {where} GROUP BY 1, 2, 3"
        ),
        values,
    )
    return [dict(row) for row in rows.mappings()]


def list_groups(session: Session, *, after: GroupPlace | None, limit: int, **wanted: Any) -> list[Row]:
    """A page of groups of doubts, the largest first: {"group_id", "number", "days", …, "first_id"} each."""
    where, values = _where(wanted)
    order = "-count(*), organisation_id, about, kind"
    place = (
        f"HAVING ({order}) > (-CAST(:number AS bigint), :organisation, :about, :kind_after)" if after else ""
    )
    rows = session.execute(
        text(
            f"SELECT group_id, organisation_id, about, kind, count(*) AS number, count(DISTINCT first_on) AS days,"
            " count(DISTINCT client_reference) AS clients, min(first_on) AS first_on, max(last_on) AS last_on,"
            " CAST(sum(CAST(evidence ->> 'overlap_seconds' AS integer)) AS bigint) AS overlap_seconds,"
            " min(evidence ->> 'carer_ref') AS carer_ref,"
            " (array_agg(doubt_id ORDER BY first_on, doubt_id))[1] AS first_id"
            f" FROM (SELECT {_DOUBT}, {_ABOUT} AS about FROM doubts d WHERE {where}) found"
            f" GROUP BY group_id, organisation_id, about, kind {place} ORDER BY {order} LIMIT :limit"
        ),
        {
            **values,
            **(
                dict(zip(("number", "organisation", "about", "kind_after"), after, strict=True))
                if after
                else {}
            ),
            "limit": limit,
        },
    )
    return [dict(row) for row in rows.mappings()]


def _where(wanted: Mapping[str, Any]) -> tuple[str, Row]:
    given = {name: value for name, value in wanted.items() if value is not None}
    conditions = [_CONDITIONS[name] for name in given]
    if "sample_id" not in given:
        conditions.append("d.sample_id IS NULL")
    return " AND ".join(conditions), given


def find_doubts(session: Session, doubt_ids: Sequence[uuid.UUID], *, is_locked: bool = False) -> list[Row]:
    """These doubts, in the order of a page; locked, in one order, until the transaction ends."""
    if is_locked:
        session.execute(
            text("SELECT 1 FROM doubts WHERE doubt_id = ANY(:ids) ORDER BY doubt_id FOR UPDATE"),
            {"ids": list(doubt_ids)},
        )
    rows = session.execute(
        text(f"SELECT {_DOUBT} FROM doubts d WHERE d.doubt_id = ANY(:ids) ORDER BY {_IN_ORDER}"),
        {"ids": list(doubt_ids)},
    )
    return [dict(row) for row in rows.mappings()]


def settle(
    session: Session,
    doubt_ids: Sequence[uuid.UUID],
    *,
    state: str,
    who: str,
    why: str,
    case_id: uuid.UUID | None,
    now: dt.datetime,
) -> None:
    """Raised or dismissed, by whom and why. They are locked, and proposed."""
    session.execute(
        text(
            "UPDATE doubts SET state = :state, settled_by = :who, settled_at = :now, settled_why = :why,"
            " case_id = :case_id WHERE doubt_id = ANY(:ids)"
        ),
        {"state": state, "who": who, "now": now, "why": why, "case_id": case_id, "ids": list(doubt_ids)},
    )


def list_weeks(session: Session, limit: int) -> list[Row]:
    """The newest weeks that were looked at: {"monday", "proposed"}."""
    rows = session.execute(
        text(
            "SELECT l.monday, (SELECT count(*) FROM doubts d WHERE d.monday = l.monday AND d.state = :proposed"
            " AND d.sample_id IS NULL) AS proposed FROM (SELECT DISTINCT monday FROM doubt_looks"
            " ORDER BY monday DESC LIMIT :limit) l ORDER BY l.monday DESC"
        ),
        {"proposed": PROPOSED, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def list_weeks_proposed(session: Session, limit: int) -> list[dt.date]:
    """The newest weeks with proposals."""
    return list(
        session.scalars(
            text(
                "SELECT DISTINCT monday FROM doubts WHERE state = :proposed AND sample_id IS NULL"
                " ORDER BY monday DESC LIMIT :limit"
            ),
            {"proposed": PROPOSED, "limit": limit},
        )
    )


def find_looked_at(session: Session, monday: dt.date) -> dt.datetime | None:
    """When each of the services that find doubts has looked at a week; None when not all have."""
    found = session.execute(
        text(
            "SELECT count(*), min(last) FROM (SELECT max(looked_at) AS last FROM doubt_looks WHERE monday = :monday"
            " GROUP BY finder) looks"
        ),
        {"monday": monday},
    ).one()
    last: dt.datetime | None = found[1]
    return last if found[0] >= len(FINDERS) else None


def count_proposed(session: Session, limit: int) -> int:
    """How many doubts wait for somebody; counted to a limit."""
    query = text(
        "SELECT count(*) FROM (SELECT 1 FROM doubts WHERE state = :proposed AND sample_id IS NULL LIMIT :limit) found"
    )
    return session.scalar(query, {"proposed": PROPOSED, "limit": limit}) or 0


FINDERS = ("ingest", "matching")
SETTLED = (RAISED, DISMISSED)

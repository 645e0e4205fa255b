"""The care that is paid by actuals, as matching said it last: what a week of it plans and what hours cost."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from libs.common.care.actuals import PlannedLine, planned_lines
from libs.common.care.plans import Plan, plan_from_json
from libs.common.care.terms import terms_from_json
from libs.common.care.weeks import sunday_of
from libs.common.seams.matching.events import SaidPackage
from services.ingest.actuals.rules import NO_EXTRA_RULES, ExtraRules, WeekAsked
from services.ingest.actuals.store import StoredActual

ACTUALS: Final = "Actuals"
"""The PaymentMethod of RULES 2."""
HOURS: Final = "Hr"


@dataclass(frozen=True, slots=True)
class ActualPackage:
    """A CPLI that is or was paid by actuals."""

    cpli_id: int
    organisation_id: uuid.UUID
    client_id: uuid.UUID
    client_reference: str
    ssref: str
    service: str
    service_level: str
    contract: str
    is_authorised: bool
    is_paid_by_actuals: bool
    plan: Plan

    def planned_lines(self, monday: dt.date) -> list[PlannedLine]:
        """The week's lines: none while it is not authorised, or paid otherwise."""
        if not (self.is_authorised and self.is_paid_by_actuals):
            return []
        return planned_lines(self.plan, monday)

    def asked(
        self, monday: dt.date, stored: StoredActual | None, rules: ExtraRules = NO_EXTRA_RULES
    ) -> WeekAsked:
        """What a week of it plans, and what was saved, for whoever enters something."""
        saved = stored.lines if stored and stored.is_submitted else ()
        return WeekAsked(self.planned_lines(monday), saved, self.suspended_days(monday), rules)

    def why_no_hours(self, monday: dt.date) -> str:
        """Why nothing is planned in a week, as a provider needs to know it."""
        if not self.is_authorised:
            return "This care is not authorised yet."
        if self.suspended_days(monday):
            return "The client is suspended in this week: ask by an action if care was delivered."
        if sunday_of(monday) < self.plan.start_on:
            return f"The care begins on {self.plan.start_on.day} {self.plan.start_on:%B %Y}, after this week."
        if self.plan.end_on is not None and monday > self.plan.end_on:
            return f"The care ended on {self.plan.end_on.day} {self.plan.end_on:%B %Y}, before this week."
        return "No hours are planned in this week."

    def suspended_days(self, monday: dt.date) -> list[tuple[dt.date, dt.date]]:
        """The suspensions that touch the week."""
        sunday = sunday_of(monday)
        return [days for days in self.plan.suspensions if days[0] <= sunday and days[1] >= monday]


COLUMNS: Final = (
    "cpli_id",
    "version",
    "organisation_id",
    "client_id",
    "client_reference",
    "ssref",
    "service_id",
    "service_level",
    "contract",
    "start_on",
    "end_on",
    "unit",
    "authorised",
    "payment_method",
    "terms",
    "plan",
)
_SELECT = (
    "SELECT p.*, coalesce(s.name, '') AS service, coalesce(l.name, p.service_level) AS level FROM actual_packages p"
    " LEFT JOIN services s USING (service_id) LEFT JOIN service_levels l ON l.folded_name = p.service_level"
)


def keep_packages(session: Session, packages: Sequence[SaidPackage]) -> None:
    """Keep the newest state of the packages of a ``care_changed`` that are, or were, paid by actuals.

    What was entered goes with its CPLI when that moves to another organisation.
    """
    known = _known_of(session, [package["cpli_id"] for package in packages])
    rows = [
        {**package, "terms": json.dumps(package["terms"]), "plan": json.dumps(package["plan"])}
        for package in packages
        # a message from before matching said how care is paid leaves it out: ``resync`` has it said
        if package["cpli_id"] in known or package.get("payment_method") == ACTUALS
    ]
    rows = [row for row in rows if "payment_method" in row]
    if not rows:
        return
    session.execute(_KEEP, [{name: row[name] for name in COLUMNS} for row in rows])
    session.execute(_MOVE, {"ids": [row["cpli_id"] for row in rows]})


def _known_of(session: Session, cpli_ids: list[int]) -> set[int]:
    statement = text("SELECT cpli_id FROM actual_packages WHERE cpli_id = ANY(CAST(:ids AS bigint[]))")
    return set(session.scalars(statement, {"ids": cpli_ids})) if cpli_ids else set()


_MARKS = ", ".join(f"CAST(:{name} AS jsonb)" if name in ("terms", "plan") else f":{name}" for name in COLUMNS)
_CHANGES = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
_KEEP = text(
    f"INSERT INTO actual_packages ({', '.join(COLUMNS)}) VALUES ({_MARKS})"
    f" ON CONFLICT (cpli_id) DO UPDATE SET {_CHANGES} WHERE actual_packages.version < excluded.version"
)
_MOVE = text(
    "UPDATE actuals a SET organisation_id = p.organisation_id FROM actual_packages p"
    " WHERE p.cpli_id = a.cpli_id AND p.organisation_id <> a.organisation_id"
    " AND p.cpli_id = ANY(CAST(:ids AS bigint[]))"
)


def find_package(session: Session, cpli_id: int) -> ActualPackage | None:
    """A CPLI that is or was paid by actuals, as far as the caller may see it."""
    row = (
        session.execute(text(f"{_SELECT} WHERE p.cpli_id = :cpli"), {"cpli": cpli_id})
        .mappings()
        .one_or_none()
    )
    return _package_of(row) if row else None


def find_packages(session: Session, cpli_ids: Iterable[int]) -> dict[int, ActualPackage]:
    """Those of these CPLIs that are or were paid by actuals."""
    rows = session.execute(
        text(f"{_SELECT} WHERE p.cpli_id = ANY(CAST(:ids AS bigint[]))"), {"ids": list(cpli_ids)}
    )
    return {row["cpli_id"]: _package_of(row) for row in rows.mappings()}


def packages_in_week(
    session: Session, organisation_id: uuid.UUID | None, monday: dt.date
) -> Sequence[ActualPackage]:
    """Those whose dates touch the week, in the order of service, client and CPLI."""
    rows = session.execute(text(f"{_SELECT} {_IN_WEEK}"), _in_week(organisation_id, monday))
    return [_package_of(row) for row in rows.mappings()]


def ids_in_week(session: Session, organisation_id: uuid.UUID | None, monday: dt.date) -> Sequence[int]:
    """The same by their numbers alone."""
    ids = text(f"SELECT cpli_id FROM ({_SELECT} {_IN_WEEK}) found")
    return session.scalars(ids, _in_week(organisation_id, monday)).all()


_IN_WEEK: Final = (
    "WHERE p.start_on <= :sunday AND (p.end_on IS NULL OR p.end_on >= :monday)"
    " AND p.unit = :hours AND p.payment_method = :actuals"
    " AND (CAST(:organisation AS uuid) IS NULL OR p.organisation_id = CAST(:organisation AS uuid))"
    " ORDER BY service, p.client_reference, p.cpli_id"
)


def _in_week(organisation_id: uuid.UUID | None, monday: dt.date) -> dict[str, object]:
    return {
        "monday": monday,
        "sunday": sunday_of(monday),
        "hours": HOURS,
        "actuals": ACTUALS,
        "organisation": organisation_id,
    }


def _package_of(row: RowMapping) -> ActualPackage:
    terms = terms_from_json(row["terms"])
    return ActualPackage(
        cpli_id=row["cpli_id"],
        organisation_id=row["organisation_id"],
        client_id=row["client_id"],
        client_reference=row["client_reference"],
        ssref=row["ssref"],
        service=row["service"],
        service_level=row["level"],
        contract=row["contract"],
        is_authorised=row["authorised"],
        is_paid_by_actuals=row["payment_method"] == ACTUALS and row["unit"] == HOURS,
        plan=plan_from_json(row["start_on"], row["end_on"], terms, row["plan"]),
    )

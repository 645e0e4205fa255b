"""The care that is paid by actuals, as matching said it last: what a week of it plans and what hours cost."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from libs.common.care.actuals import PlannedLine, planned_lines
from libs.common.care.plans import Plan, plan_from_json
from libs.common.care.terms import terms_from_json
from libs.common.care.weeks import sunday_of

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


def keep_packages(session: Session, packages: Iterable[Mapping[str, Any]]) -> None:
    """Keep the newest state of the packages of a ``care_changed`` that are, or were, paid by actuals."""
    rows = [
        {**package, "terms": json.dumps(package["terms"]), "plan": json.dumps(package["plan"])}
        for package in packages
        if "payment_method" in package
    ]
    if not rows:
        return
    marks = ", ".join(
        f"CAST(:{name} AS jsonb)" if name in ("terms", "plan") else f":{name}" for name in COLUMNS
    )
    changes = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
    is_kept = "CAST(:payment_method AS text) = :actuals OR EXISTS (SELECT 1 FROM actual_packages k WHERE k.cpli_id = :cpli_id)"
    session.execute(
        text(
            f"INSERT INTO actual_packages ({', '.join(COLUMNS)}) SELECT {marks} WHERE {is_kept}"
            f" ON CONFLICT (cpli_id) DO UPDATE SET {changes} WHERE actual_packages.version < excluded.version"
        ),
        [{name: row[name] for name in COLUMNS} | {"actuals": ACTUALS} for row in rows],
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
    rows = session.execute(
        text(
            f"{_SELECT} WHERE p.start_on <= :sunday AND (p.end_on IS NULL OR p.end_on >= :monday)"
            " AND p.unit = :hours AND p.payment_method = :actuals"
            " AND (CAST(:organisation AS uuid) IS NULL OR p.organisation_id = CAST(:organisation AS uuid))"
            " ORDER BY service, p.client_reference, p.cpli_id"
        ),
        {
            "monday": monday,
            "sunday": sunday_of(monday),
            "hours": HOURS,
            "actuals": ACTUALS,
            "organisation": organisation_id,
        },
    )
    return [_package_of(row) for row in rows.mappings()]


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

"""The tables of the schema ``ingest``: files, staged rows, visits with their versions, carers, actuals, lists."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, Index, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from libs.common.seams.ingest.files import FileCounts, FileWarningDocument, ForecastClients
from libs.common.seams.ingest.forecasts import KeptForecast
from services.ingest.schema.base import Base, messaging, metadata
from services.ingest.schema.tables_actuals import (
    Actual,
    ActualPackage,
    ActualRules,
    ActualsFile,
    ActualVersion,
)
from services.ingest.schema.tables_overlaps import OverlapLimit

__all__ = [
    "Actual",
    "ActualPackage",
    "ActualRules",
    "ActualVersion",
    "ActualsFile",
    "Base",
    "Carer",
    "ClientReference",
    "FileError",
    "Organisation",
    "OverlapLimit",
    "PossibleDuplicate",
    "ReferenceState",
    "Service",
    "ServiceLevel",
    "StagedVisit",
    "UnmatchedForecast",
    "Visit",
    "VisitDeletion",
    "VisitType",
    "VisitVersion",
    "VisitsFile",
    "WeekChanged",
    "messaging",
    "metadata",
]

APPEND_ONLY = ("visit_versions", "visit_deletions", "actual_versions", "actual_rules", "overlap_limits")
ROWS_OF_ORGANISATION = (
    "visits_files",
    "visits",
    "visit_versions",
    "visit_deletions",
    "weeks_changed",
    "carers",
    "client_references",
    "set_apart",
    "actual_packages",
    "actuals",
    "actual_versions",
    "actuals_files",
)


class Organisation(Base):
    """A provider of care, and how far its data has moved on: what a check was judged by (RULES 4).

    ``former_names`` are folded, and without those that another organisation has taken.
    """

    __tablename__ = "organisations"

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    organisation_ref: Mapped[str | None]
    former_names: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    version: Mapped[int] = mapped_column(server_default="0")
    visits_version: Mapped[int] = mapped_column(server_default="0")
    carers_version: Mapped[int] = mapped_column(server_default="0")


class Service(Base):
    """A service, as matching said it last."""

    __tablename__ = "services"
    __table_args__ = (Index("services_of", "organisation_id"),)

    service_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    service_ref: Mapped[str | None]
    name: Mapped[str]
    folded_name: Mapped[str]
    former_names: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    contract: Mapped[str]
    version: Mapped[int]


class ServiceLevel(Base):
    """A service level, as matching said it last."""

    __tablename__ = "service_levels"

    folded_name: Mapped[str] = mapped_column(primary_key=True)
    service_level_ref: Mapped[str | None]
    name: Mapped[str]
    requires_visits: Mapped[bool]
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    version: Mapped[int]


class VisitType(Base):
    """A visit type of the council's table, as matching said it last."""

    __tablename__ = "visit_types"

    ref: Mapped[str] = mapped_column(primary_key=True)
    delivered: Mapped[bool]
    paid: Mapped[bool]
    version: Mapped[int]


class ReferenceState(Base):
    """The version of the council's lists that has arrived: one row."""

    __tablename__ = "reference_state"

    one_row: Mapped[bool] = mapped_column(primary_key=True, server_default="true")
    version: Mapped[int]


class Carer(Base):
    """A provider's carer."""

    __tablename__ = "carers"

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    carer_ref: Mapped[str] = mapped_column(primary_key=True)
    forename: Mapped[str]
    surname: Mapped[str]


class ClientReference(Base):
    """By what reference of digits alone a CPLI's client is known: those that a spreadsheet can change (RULES 19)."""

    __tablename__ = "client_references"
    __table_args__ = (Index("client_references_of", "organisation_id"),)

    cpli_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organisation_id: Mapped[uuid.UUID]
    reference: Mapped[str]
    version: Mapped[int]


class VisitsFile(Base):
    """An uploaded visits file: its state, its check, and who did what with it when (RULES 4).

    ``judged_by`` holds the versions of the lists, visits and carers that the check saw.
    """

    __tablename__ = "visits_files"
    __table_args__ = (Index("visits_files_by_content", "organisation_id", "sha256"),)

    file_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    file_name: Mapped[str]
    object_key: Mapped[str]
    sha256: Mapped[str]
    state: Mapped[str]
    refusal_code: Mapped[str | None]
    refusal: Mapped[str | None]
    counts: Mapped[FileCounts | None] = mapped_column(JSONB)
    check_version: Mapped[int] = mapped_column(server_default="0")
    judged_by: Mapped[list[Any] | None]
    accepts_changes: Mapped[bool] = mapped_column(server_default="false")
    forecast_payable: Mapped[Decimal | None]
    forecast_clients: Mapped[ForecastClients | None] = mapped_column(JSONB)
    forecast_failure: Mapped[str | None]
    will_match: Mapped[KeptForecast | None] = mapped_column(JSONB)
    file_warnings: Mapped[list[FileWarningDocument]] = mapped_column(JSONB, server_default="[]")
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    confirmed_by: Mapped[str | None]
    confirmed_at: Mapped[dt.datetime | None]
    confirms_itself: Mapped[bool] = mapped_column(server_default="false")


class FileError(Base):
    """Why a row was rejected, or (``is_rejection`` false) what is doubtful in a row that is stored.

    ``client`` and ``planned_date`` are the row's own cells, as they were written.
    """

    __tablename__ = "file_errors"
    __table_args__ = (
        Index(
            "rejected_visits",
            "file_id",
            "visit_ref",
            postgresql_where=text("is_rejection AND visit_ref <> ''"),
        ),
    )

    file_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    is_rejection: Mapped[bool]
    row_number: Mapped[int]
    visit_ref: Mapped[str]
    column_name: Mapped[str]
    code: Mapped[str]
    message: Mapped[str]
    value: Mapped[str]
    client: Mapped[str] = mapped_column(server_default="")
    planned_date: Mapped[str] = mapped_column(server_default="")


class VisitColumns:
    """The parsed values of a visit; entries and exits are seconds since midnight."""

    visit_ref: Mapped[str] = mapped_column(Text(collation="C"))
    planned_on: Mapped[dt.date | None]
    planned_entry: Mapped[int | None]
    planned_exit: Mapped[int | None]
    visit_type: Mapped[str | None]
    delivered_on: Mapped[dt.date | None]
    delivered_entry: Mapped[int | None]
    delivered_exit: Mapped[int | None]
    entry_overridden: Mapped[bool | None]
    entry_override_reason: Mapped[str | None]
    exit_overridden: Mapped[bool | None]
    exit_override_reason: Mapped[str | None]
    variance_reason: Mapped[str | None]
    comments: Mapped[str | None]
    client_ref: Mapped[str | None]
    ssref: Mapped[str | None]
    nhs_number: Mapped[str | None]
    service_level: Mapped[str | None]
    carer_ref: Mapped[str | None]
    service_ref: Mapped[str | None]
    service_name: Mapped[str | None]
    issues: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    digest: Mapped[bytes | None]


class StagedVisit(VisitColumns, Base):
    """A row of a checked file that would change something: ``new``, ``updated`` or ``deleted``."""

    __tablename__ = "staged_visits"
    __table_args__ = (
        Index("staged_changes", "file_id", "row_number", postgresql_where=text("action <> 'new'")),
    )

    file_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    row_number: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str]


class UnmatchedForecast(Base):
    """A staged row that will have no match: why, and about how many pounds it would pay if it had one (RULES 4)."""

    __tablename__ = "unmatched_forecasts"

    file_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    row_number: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str]
    amount: Mapped[Decimal]


class PossibleDuplicate(Base):
    """A staged row whose client, carer, date and times are those of another VisitRef.

    ``other_row`` is None for a visit that is stored.
    """

    __tablename__ = "possible_duplicates"

    file_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    row_number: Mapped[int] = mapped_column(primary_key=True)
    other_ref: Mapped[str] = mapped_column(Text(collation="C"))
    other_row: Mapped[int | None]


class Visit(VisitColumns, Base):
    """A visit as it stands: one carer's call, known by organisation and VisitRef."""

    __tablename__ = "visits"
    __table_args__ = (
        Index("visits_by_day", "organisation_id", "planned_on"),
        Index(
            "visits_of_carers",
            "delivered_on",
            "organisation_id",
            "carer_ref",
            postgresql_where=text("NOT deleted AND carer_ref <> ''"),
        ),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    visit_ref: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    version: Mapped[int]
    deleted: Mapped[bool] = mapped_column(server_default="false")
    file_id: Mapped[uuid.UUID | None]
    changed_by: Mapped[str]
    changed_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class VisitVersion(VisitColumns, Base):
    """A version of a visit that a later one replaced."""

    __tablename__ = "visit_versions"

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    visit_ref: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    deleted: Mapped[bool]
    file_id: Mapped[uuid.UUID | None]
    changed_by: Mapped[str]
    changed_at: Mapped[dt.datetime]


class WeekChanged(Base):
    """A week of an organisation whose visits changed since it was last looked through for doubts."""

    __tablename__ = "weeks_changed"

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    monday: Mapped[dt.date] = mapped_column(primary_key=True)
    changed_at: Mapped[dt.datetime]


class VisitDeletion(Base):
    """Why a visit was deleted by form or API; ``version`` is the one that the deletion gave it."""

    __tablename__ = "visit_deletions"

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    visit_ref: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reason: Mapped[str]

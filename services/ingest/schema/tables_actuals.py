"""Tables of actuals: the care that is paid by them, what was entered, and a contract's extra rules (RULES 13)."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import Identity, Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from libs.common.seams.ingest.files import FileCounts, FileWarningDocument
from services.ingest.schema.base import Base


class ActualPackage(Base):
    """A care package line item that is or was paid by actuals, as matching said it last.

    ``terms`` and ``plan`` are in the form of `libs.common.care.terms` and `libs.common.care.plans`.
    """

    __tablename__ = "actual_packages"
    __table_args__ = (Index("actual_packages_of", "organisation_id", "contract"),)

    cpli_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    organisation_id: Mapped[uuid.UUID]
    client_id: Mapped[uuid.UUID]
    client_reference: Mapped[str]
    ssref: Mapped[str]
    service_id: Mapped[uuid.UUID]
    service_level: Mapped[str]
    contract: Mapped[str]
    start_on: Mapped[dt.date]
    end_on: Mapped[dt.date | None]
    unit: Mapped[str]
    authorised: Mapped[bool]
    payment_method: Mapped[str]
    terms: Mapped[list[Any]]
    plan: Mapped[dict[str, Any]]


class ActualColumns:
    """What somebody entered for a CPLI's week.

    ``lines``: [first day, last day, delivered seconds, frustrated seconds, visits or null, comment] each; none while
    the week is only generated. ``reason`` is why a week was deleted, empty otherwise.
    """

    organisation_id: Mapped[uuid.UUID]
    state: Mapped[str]
    lines: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(server_default="")
    file_id: Mapped[uuid.UUID | None]
    changed_by: Mapped[str]


class Actual(ActualColumns, Base):
    """A CPLI's week as it stands: generated or submitted."""

    __tablename__ = "actuals"
    __table_args__ = (Index("actuals_of_weeks", "organisation_id", "monday"),)

    cpli_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    monday: Mapped[dt.date] = mapped_column(primary_key=True)
    version: Mapped[int]
    changed_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class ActualVersion(ActualColumns, Base):
    """A version that a later one replaced."""

    __tablename__ = "actual_versions"

    cpli_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    monday: Mapped[dt.date] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    changed_at: Mapped[dt.datetime]


class ActualRules(Base):
    """What a contract asks of actuals beside RULES 13. Never changed; the newest of a date counts.

    A week follows those in force on its Monday. ``confirm_weekday`` (Monday is 0) of the week after, and ``confirm_hour``
    there in London: by when a week must be saved.
    """

    __tablename__ = "actual_rules"
    __table_args__ = (Index("actual_rules_of", "contract", "effective_from", "change_id"),)

    change_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    contract: Mapped[str]
    effective_from: Mapped[dt.date]
    unit_minutes: Mapped[int | None]
    wants_comment: Mapped[bool]
    wants_visits: Mapped[bool]
    tolerance_percent: Mapped[Decimal]
    confirm_weekday: Mapped[int | None]
    confirm_hour: Mapped[int | None]
    set_by: Mapped[str]
    set_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class ActualsFile(Base):
    """A file of actuals: its state, its check, and who did what with it when (RULES 13)."""

    __tablename__ = "actuals_files"
    __table_args__ = (Index("actuals_files_of", "organisation_id", "uploaded_at"),)

    file_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    file_name: Mapped[str]
    object_key: Mapped[str]
    state: Mapped[str]
    refusal_code: Mapped[str | None]
    refusal: Mapped[str | None]
    counts: Mapped[FileCounts | None] = mapped_column(JSONB)
    check_version: Mapped[int] = mapped_column(server_default="0")
    accepts_changes: Mapped[bool] = mapped_column(server_default="false")
    confirms_itself: Mapped[bool] = mapped_column(server_default="false")
    forecast_payable: Mapped[Decimal | None]
    file_warnings: Mapped[list[FileWarningDocument]] = mapped_column(JSONB, server_default="[]")
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    confirmed_by: Mapped[str | None]
    confirmed_at: Mapped[dt.datetime | None]

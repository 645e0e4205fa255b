"""The tables of the schema ``matching``: commissioned care, the replica of the visits and their matches."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, Identity, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from libs.common.proposals.steps import TABLES as PROPOSALS
from services.matching.schema.base import Base, messaging, metadata, unique
from services.matching.schema.tables_clients import Client, ClientCircumstance, ClientIdentifier, ClientMerge
from services.matching.schema.tables_documents import ContractDocument, ContractDocumentNote
from services.matching.schema.tables_measures import (
    MeasuredCarer,
    MeasuredDay,
    MeasuredDelivery,
    MeasureThreshold,
    OneDiary,
    StaleWeek,
)
from services.matching.schema.tables_ranking import (
    FrozenPlace,
    FrozenRanking,
    RankedList,
    RankedPrice,
    RankingAppeal,
    RankingAppealAnswer,
    RankingTermsSet,
    RankingWorking,
)

__all__ = [
    "Actual",
    "Base",
    "CareImport",
    "Client",
    "ClientCircumstance",
    "ClientIdentifier",
    "ClientMerge",
    "ContractDocument",
    "ContractDocumentNote",
    "Cpli",
    "CpliHistory",
    "CpliTerm",
    "FrozenPlace",
    "FrozenRanking",
    "MeasureThreshold",
    "MeasuredCarer",
    "MeasuredDay",
    "MeasuredDelivery",
    "OneDiary",
    "Organisation",
    "RankedList",
    "RankedPrice",
    "RankingAppeal",
    "RankingAppealAnswer",
    "RankingTermsSet",
    "RankingWorking",
    "Service",
    "ServiceLevel",
    "StaleWeek",
    "Visit",
    "VisitType",
    "VisitTypeChange",
    "Week",
    "messaging",
    "metadata",
]

APPEND_ONLY = (
    "cpli_history",
    "client_circumstances",
    "client_merges",
    "contract_document_notes",
    "measure_thresholds",
    "one_diaries",
    "visit_type_changes",
    "ranked_lists",
    "ranked_prices",
    "ranking_terms",
    "ranking_workings",
    "frozen_rankings",
    "frozen_places",
    "ranking_appeals",
    "ranking_appeal_answers",
    *PROPOSALS,
)
ROWS_OF_ORGANISATION = (
    "services",
    "cplis",
    "visits",
    "weeks",
    "actuals",
    "contract_documents",
    "contract_document_notes",
    "set_apart",
    "stale_weeks",
    "measured_days",
    "measured_carers",
    "measured_deliveries",
    "frozen_places",
    "ranking_appeals",
    "ranking_appeal_answers",
)
ROWS_OF_COUNCIL = ("client_circumstances", "ranked_prices", "ranking_workings", "frozen_rankings")


class Organisation(Base):
    """A provider of care. ``former_names`` (folded) are those that nobody else has taken since."""

    __tablename__ = "organisations"
    __table_args__ = (unique("organisation_ref"), unique("folded_name"))

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_ref: Mapped[str | None]
    name: Mapped[str]
    folded_name: Mapped[str]
    former_names: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    address: Mapped[str] = mapped_column(server_default="")
    version: Mapped[int]


class Service(Base):
    """What an organisation is contracted for; it belongs to one contract. ``former_names`` as of an organisation."""

    __tablename__ = "services"
    __table_args__ = (unique("organisation_id", "folded_name"), unique("service_ref"))

    service_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    service_ref: Mapped[str | None]
    name: Mapped[str]
    folded_name: Mapped[str]
    former_names: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    contract: Mapped[str]
    version: Mapped[int]


class ServiceLevel(Base):
    """A kind of care; it says whether visits data is required (RULES 2)."""

    __tablename__ = "service_levels"
    __table_args__ = (unique("service_level_ref"),)

    folded_name: Mapped[str] = mapped_column(primary_key=True)
    service_level_ref: Mapped[str | None]
    name: Mapped[str]
    requires_visits: Mapped[bool]
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    version: Mapped[int]


class VisitType(Base):
    """A row of the table of RULES 6, as it is from the start; ``version`` is that of its newest change."""

    __tablename__ = "visit_types"

    ref: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    delivered: Mapped[bool]
    paid: Mapped[bool]
    charged: Mapped[bool]
    basis: Mapped[str]
    version: Mapped[int]


class VisitTypeChange(Base):
    """What is paid and charged of a visit type from a planned date on. Never changed; the newest of a date holds."""

    __tablename__ = "visit_type_changes"
    __table_args__ = (Index("visit_type_changes_of", "ref", "effective_from", "change_id"),)

    change_id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    ref: Mapped[str]
    effective_from: Mapped[dt.date]
    paid: Mapped[bool]
    charged: Mapped[bool]
    basis: Mapped[str]
    set_by: Mapped[str]
    set_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class Cpli(Base):
    """A care package line item as the council's last import said it; what is dated stands in its terms."""

    __tablename__ = "cplis"
    __table_args__ = (
        Index("cplis_by_client", "organisation_id", "client_id"),
        Index("cplis_of_client", "client_id"),
        Index("cplis_by_written_id", text('(cpli_id::text) COLLATE "C"')),
    )

    cpli_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    client_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    service_id: Mapped[uuid.UUID]
    service_level: Mapped[str]
    start_on: Mapped[dt.date]
    end_on: Mapped[dt.date | None]
    unit: Mapped[str]
    frequency: Mapped[str]
    pricing: Mapped[str]
    payment_method: Mapped[str]
    authorised: Mapped[bool]
    timetable: Mapped[list[Any]]
    critical_slots: Mapped[list[Any]] = mapped_column(server_default="[]")
    """the slots of the timetable that are time-critical (RULES 16)"""
    suspensions: Mapped[list[Any]]
    cost_centre: Mapped[str] = mapped_column(server_default="")
    subjective: Mapped[str] = mapped_column(server_default="")
    service_group_class: Mapped[str] = mapped_column(server_default="")
    council_ref: Mapped[str] = mapped_column(server_default="")


class CpliTerm(Base):
    """A CPLI's dated terms; ``effective_from`` is 0001-01-01 for *from the start*."""

    __tablename__ = "cpli_terms"

    cpli_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    effective_from: Mapped[dt.date] = mapped_column(primary_key=True)
    quantity: Mapped[Decimal]
    unit_cost: Mapped[Decimal]
    assessed_contribution: Mapped[Decimal | None]
    collected_by: Mapped[str]


class CpliHistory(Base):
    """What every care row that changed something said, and who imported it when."""

    __tablename__ = "cpli_history"
    __table_args__ = (Index("cpli_history_of", "cpli_id"),)

    entry_id: Mapped[int] = mapped_column(primary_key=True)
    cpli_id: Mapped[int]
    version: Mapped[int]
    care_row: Mapped[dict[str, Any]]
    imported_by: Mapped[str]
    imported_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    cause_id: Mapped[uuid.UUID]


class CareImport(Base):
    """A commissioned care file and what came of it.

    ``check_version`` counts its checks: 0 for a file that was imported unseen. ``errors`` are the first of them, and
    ``errors_left_out`` counts the others. ``notes`` are kinds of what is
    to be known of rows that were taken, each with the first row and how many; ``changes`` are the first changed CPLIs,
    before and after; ``also_changed`` counts what else the rows change of what is known; ``renamed`` are the first
    organisations and services that get another name. ``forecast`` is what the file would change in money, once payments
    has worked it out.
    """

    __tablename__ = "care_imports"
    __table_args__ = (Index("care_imports_by_time", text("imported_at DESC"), "import_id"),)

    import_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    object_key: Mapped[str]
    file_name: Mapped[str]
    state: Mapped[str]
    imported_by: Mapped[str]
    imported_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    refusal: Mapped[str | None]
    counts: Mapped[dict[str, Any] | None]
    errors: Mapped[list[Any] | None]
    errors_left_out: Mapped[int] = mapped_column(server_default="0")
    notes: Mapped[list[Any] | None]
    reference_version: Mapped[int | None]
    check_version: Mapped[int] = mapped_column(server_default="0")
    changes: Mapped[list[Any] | None]
    also_changed: Mapped[dict[str, Any] | None]
    renamed: Mapped[dict[str, Any] | None]
    forecast: Mapped[dict[str, Any] | None]
    confirmed_by: Mapped[str | None]
    confirmed_at: Mapped[dt.datetime | None]
    failed_in: Mapped[str | None]
    """the state in which a failed one was: ``checking`` or ``importing``"""


class Visit(Base):
    """The replica of a visit, as ingest said it last, and its match (RULES 5).

    ``identifier`` is the first identifier that the visit fills (``S:A123456``, ``C:guid``, ``N:number``).
    ``service_name`` and ``service_level`` are folded, to be compared; the written ones are shown to people.
    ``delivered_entry`` is in seconds since the planned day's midnight: 86,400 or more on a later day.
    """

    __tablename__ = "visits"
    __table_args__ = (
        Index("visits_of_client", "client_id", "monday", postgresql_where=text("client_id IS NOT NULL")),
        Index("visits_planned", "organisation_id", "planned_on", postgresql_where=text("NOT deleted")),
        Index("visits_unresolved", "identifier", postgresql_where=text("client_id IS NULL")),
        Index(
            "visits_unmatched",
            "planned_on",
            "organisation_id",
            "visit_ref",
            postgresql_include=["reason", "planned_entry"],
            postgresql_where=text("reason IS NOT NULL AND NOT deleted"),
        ),
        Index(
            "visits_unmatched_of",
            "organisation_id",
            "reason",
            "planned_on",
            "visit_ref",
            postgresql_where=text("reason IS NOT NULL AND NOT deleted"),
        ),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    visit_ref: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    version: Mapped[int]
    deleted: Mapped[bool]
    identifier: Mapped[str]
    client_id: Mapped[uuid.UUID | None]
    service_ref: Mapped[str]
    service_name: Mapped[str]
    service_level: Mapped[str]
    written_service: Mapped[str]
    written_level: Mapped[str]
    visit_type: Mapped[str]
    planned_on: Mapped[dt.date]
    monday: Mapped[dt.date]
    planned_entry: Mapped[int]
    planned_exit: Mapped[int]
    delivered_seconds: Mapped[int | None]
    delivered_entry: Mapped[int | None]
    entry_overridden: Mapped[bool]
    exit_overridden: Mapped[bool]
    carer_ref: Mapped[str]
    cpli_id: Mapped[int | None]
    reason: Mapped[str | None]


class Week(Base):
    """A (CPLI, week) that was said to payments, with its version; it may have become empty."""

    __tablename__ = "weeks"

    cpli_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    monday: Mapped[dt.date] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    version: Mapped[int]


class Actual(Base):
    """The replica of an actual that a provider saved, as ingest said it last (RULES 13).

    ``lines`` in the form of `libs.common.seams.events.LineOfWeek`.
    """

    __tablename__ = "actuals"
    __table_args__ = (Index("actuals_of", "organisation_id"),)

    cpli_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    monday: Mapped[dt.date] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    version: Mapped[int]
    lines: Mapped[list[Any]]

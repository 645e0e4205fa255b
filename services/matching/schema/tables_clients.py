"""The tables of clients: who they are, by which identifiers they were ever known, and what holds for them."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from services.matching.schema.base import Base, unique


class Client(Base):
    """The person who receives care; each identifier is one client's only (RULES 1)."""

    __tablename__ = "clients"
    __table_args__ = (
        unique("ssref"),
        unique("client_ref"),
        unique("nhs_number"),
        # in code-point order, which a search by the first letters needs
        Index("clients_by_ssref", text('ssref COLLATE "C"')),
        Index("clients_by_nhs_number", text('nhs_number COLLATE "C"')),
        Index("clients_by_surname", text('lower(surname) COLLATE "C"')),
    )

    client_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    ssref: Mapped[str | None]
    client_ref: Mapped[str | None]
    nhs_number: Mapped[str | None]
    title: Mapped[str] = mapped_column(server_default="")
    forename: Mapped[str] = mapped_column(server_default="")
    surname: Mapped[str] = mapped_column(server_default="")
    date_of_birth: Mapped[dt.date | None]


class ClientCircumstance(Base):
    """What holds for a client from a day on: one version of it; the newest one counts (RULES 1).

    Both days are included. What was entered in error is withdrawn, and kept.
    """

    __tablename__ = "client_circumstances"
    __table_args__ = (Index("circumstances_of_client", "client_id"),)

    circumstance_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    client_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    from_on: Mapped[dt.date]
    to_on: Mapped[dt.date | None]
    note: Mapped[str]
    withdrawn: Mapped[bool]
    changed_by: Mapped[str]
    changed_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())


class ClientIdentifier(Base):
    """An identifier (``S:A123456``) that a client has or had (RULES 2); those of a client that are not its own are former.

    Given to another client it has a second row, with a higher ``given``. ``starts`` is the StartDate of each CPLI whose
    row named the client so, ``from_on`` the first of them.
    """

    __tablename__ = "client_identifiers"
    __table_args__ = (Index("identifiers_of_client", "client_id"),)

    identifier: Mapped[str] = mapped_column(primary_key=True)
    given: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    client_id: Mapped[uuid.UUID]
    from_on: Mapped[dt.date]
    starts: Mapped[dict[str, Any]]
    is_merged: Mapped[bool] = mapped_column(server_default="false")
    """whether it was that of a client who was merged into this one"""


class ClientMerge(Base):
    """A client that the council found to be another one, with what was known of it until then (RULES 2)."""

    __tablename__ = "client_merges"
    __table_args__ = (Index("merges_into_client", "into_client_id"),)

    client_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    into_client_id: Mapped[uuid.UUID]
    version: Mapped[int]
    client: Mapped[dict[str, Any]]
    reason: Mapped[str]
    merged_by: Mapped[str]
    merged_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())

"""What services hold about a person: every table that names a client, a visit or care is in a part, or left out for a
reason; and how parts, places and spans are written."""

from __future__ import annotations

import datetime as dt
import importlib
import uuid
from decimal import Decimal
from typing import Any

import pytest

from libs.common.subjects.reading import written

SERVICES = ("ingest", "matching", "payments", "disputes")
NAMING = frozenset(
    (
        *(
            "client_id",
            "client_ids",
            "into_client_id",
            "client_reference",
            "reference",
            "ssref",
            "client_ref",
        ),
        *(
            "nhs_number",
            "client",
            "identifier",
            "cpli_id",
            "visit_ref",
            "visits",
            "case_id",
            "concern_id",
            "notice_id",
        ),
        *("requisition_id", "offer_id", "document_id"),
    )
)
"""Columns by which a row is somebody's."""


def schema_of(service: str) -> Any:
    return importlib.import_module(f"services.{service}.schema.tables")


def subjects_of(service: str) -> Any:
    return importlib.import_module(f"services.{service}.subjects.parts")


@pytest.mark.parametrize("service", SERVICES)
def test_every_table_that_names_somebody_is_in_a_part_or_left_out_for_a_reason(service: str) -> None:
    subjects, tables = subjects_of(service), schema_of(service).metadata.tables.values()
    shared = (
        {table.name for table in schema_of(service).messaging.tables.values()}
        if hasattr(schema_of(service).messaging, "tables")
        else set()
    )
    naming = {table.name for table in tables if NAMING & {column.name for column in table.columns}} - shared
    told = {name for part in subjects.PARTS for name in part.tables}
    assert naming - told - subjects.LEFT_OUT.keys() == set()
    assert told & subjects.LEFT_OUT.keys() == set()
    assert (told | subjects.LEFT_OUT.keys()) <= {table.name for table in tables}


def test_parts_have_names_of_their_own() -> None:
    names = [part.name for service in SERVICES for part in subjects_of(service).PARTS]
    assert len(names) == len(set(names))
    assert not [name for name in names if not name.replace("-", "").isalpha()]
    for service in SERVICES:
        for part in subjects_of(service).PARTS:
            assert len(part.headings) == len(set(part.headings)), part.name


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (7, 7),
        (True, "yes"),
        (False, "no"),
        (Decimal("3.50"), "3.50"),
        (dt.date(2022, 10, 3), "2022-10-03"),
        (dt.datetime(2022, 10, 3, 12, tzinfo=dt.UTC), "2022-10-03 13:00:00"),
        (["é", 1], '["é", 1]'),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ],
)
def test_values_are_written_for_people(value: Any, text: Any) -> None:
    assert written(value) == text

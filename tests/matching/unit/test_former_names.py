"""Names that an organisation or a service had before are understood where no ref contradicts them (RULES 2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from libs.common.care.names import find_named, fold
from services.ingest.rows.rules import Reference, ServiceFact, check_rows
from services.matching.matches.rules import match_week
from tests.support.builders.care import ANOTHER_GUID, ZONE_6, a_cpli, a_visit
from tests.support.builders.visit_files import (
    DAPL,
    DAPL_REF,
    LWAH,
    LWAH_REF,
    ORGANISATION,
    ORGANISATION_REF,
    OTHER_REF,
    a_reference,
    a_row,
)

OLD_SERVICE, OLD_NAME = "Diamond Home Care - Spot", "Emerald Care Ltd"


def a_renamed_reference() -> Reference:
    """Diamond, which was called Emerald, and its DAPL service, which was called Spot."""
    dapl = ServiceFact(DAPL_REF, DAPL, "DAPL", frozenset({fold(OLD_SERVICE)}))
    lwah = ServiceFact(LWAH_REF, LWAH, "LWAH")
    return a_reference(
        services={fold(OLD_SERVICE): dapl, fold(DAPL): dapl, fold(LWAH): lwah},
        service_refs={DAPL_REF: dapl, LWAH_REF: lwah},
        former_names=frozenset({fold(OLD_NAME)}),
    )


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({"OrganisationName": OLD_NAME}, []),
        ({"OrganisationName": OLD_NAME, "OrganisationRef": ORGANISATION_REF}, []),
        ({"OrganisationName": ORGANISATION, "OrganisationRef": ORGANISATION_REF}, []),
        ({"OrganisationName": OLD_NAME, "OrganisationRef": OTHER_REF}, ["organisation_disagrees"]),
        ({"OrganisationName": "Pearl Care Ltd"}, ["other_organisation"]),
        ({"ServiceName": OLD_SERVICE}, []),
        ({"ServiceName": OLD_SERVICE, "ServiceRef": DAPL_REF}, []),
        ({"ServiceName": OLD_SERVICE, "ServiceRef": LWAH_REF}, ["service_disagrees"]),
        # Whoever has this ref, which care may still say, may have taken the name.
        ({"ServiceName": OLD_SERVICE, "ServiceRef": OTHER_REF}, []),
        ({"ServiceName": DAPL, "ServiceRef": OTHER_REF}, ["service_disagrees"]),
    ],
)
def test_a_row_may_write_a_former_name_that_no_ref_contradicts(
    cells: dict[str, str], codes: list[str]
) -> None:
    row: dict[str, Any] = {"VisitType": "DHS"} | cells
    checked = check_rows([(2, a_row(**row))], a_renamed_reference(), dt.date(2026, 1, 1))
    assert [error.code for error in checked.errors] == codes
    assert not [warning for warning in checked.warnings if warning.code == "wrong_delivered_type"]


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({"OrganisationRef": ORGANISATION_REF}, []),
        ({"OrganisationRef": OTHER_REF}, ["other_organisation"]),
        ({"OrganisationRef": OTHER_REF, "OrganisationName": ORGANISATION}, ["organisation_disagrees"]),
    ],
)
def test_while_the_senders_ref_is_not_known_only_anothers_is_wrong(
    cells: dict[str, str], codes: list[str]
) -> None:
    reference = a_reference(organisation_ref=None, foreign_organisation_refs=frozenset({OTHER_REF}))
    checked = check_rows([(2, a_row(**cells))], reference, dt.date(2026, 1, 1))
    assert [error.code for error in checked.errors] == codes


@pytest.mark.parametrize(
    ("named", "reason"),
    [
        ({"service_name": "zone 5"}, None),
        ({"service_name": "zone 5", "service_ref": ZONE_6}, None),
        ({"service_name": "zone 5", "service_ref": ANOTHER_GUID}, "wrong_service"),
        ({"service_name": "zone 4"}, "wrong_service"),
    ],
)
def test_a_visit_that_wrote_a_former_name_still_matches(named: dict[str, str], reason: str | None) -> None:
    cpli = a_cpli(former_service_names=frozenset({"zone 5"}))
    assert match_week([a_visit(**named)], [cpli])["V1"].reason == reason


def test_whoever_is_called_so_comes_before_whoever_was() -> None:
    everybody = [(1, "Elder", ["younger"]), (2, "Younger", ["third"]), (3, "Other", [])]
    assert [find_named(name, everybody) for name in ("ELDER", "younger", " third ", "nobody")] == [
        1,
        2,
        2,
        None,
    ]

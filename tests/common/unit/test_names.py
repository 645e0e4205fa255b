"""Names compare by their folded form (RULES 2)."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.names import fold
from libs.common.care.organisation_ids import organisation_id_of
from libs.common.care.reference import DEFAULT_SERVICE_LEVELS, DEFAULT_VISIT_TYPES


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("  Personal   Care ", "personal care"),
        ("Home Support – Urgent Care", "home support - urgent care"),
        ("Home Support — Urgent Care", "home support - urgent care"),
        ("Home Support \u2011 Urgent\u00a0Care", "home support - urgent care"),
        ("Home Support \u2212 Urgent\tCare", "home support - urgent care"),
        ("\uff28ome", "home"),
        ("STRAßE", "strasse"),
        ("Tŷ Gwyn", "tŷ gwyn"),
        ("", ""),
    ],
)
def test_a_name_folds_case_dashes_and_spaces(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_an_organisation_keeps_its_identity_however_its_name_is_written() -> None:
    expected = uuid.UUID("1fdb5e45-d316-5e4c-be38-35db1c24bafc")
    assert (
        organisation_id_of("Diamond Home Care Ltd")
        == organisation_id_of(" diamond  HOME care ltd")
        == expected
    )
    assert organisation_id_of("Diamond Home Care") != expected


def test_the_default_lists_are_those_of_the_rules() -> None:
    assert [type_.ref for type_ in DEFAULT_VISIT_TYPES if type_.delivered] == ["DHS", "DHF", "E"]
    assert [type_.ref for type_ in DEFAULT_VISIT_TYPES if type_.basis == "planned"] == ["C", "U"]
    assert [type_.ref for type_ in DEFAULT_VISIT_TYPES if not type_.paid and not type_.charged] == [
        "C24",
        "H",
    ]
    assert sum(level.requires_visits for level in DEFAULT_SERVICE_LEVELS) == 8
    assert sum(not level.requires_visits for level in DEFAULT_SERVICE_LEVELS) == 4

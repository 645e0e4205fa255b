"""How messages are divided into what may be set apart, and joined again."""

from typing import Any, cast

import pytest
from sqlalchemy.orm import Session

from libs.common.operations.apart import Part, apart_id_of, storable
from services.matching.matches.set_apart import clients_together, divide_visits, join_visits
from services.payments.pricing.set_apart import divide_care, divide_weeks, join_care, join_weeks
from tests.support.builders.messages import ADA, BEA, DIAMOND, a_message, a_package, a_week, weeks_matched

NOBODY = cast(Session, None)


def test_weeks_of_a_client_stand_side_by_side_and_join_to_the_whole() -> None:
    message = weeks_matched(a_week(1), a_week(2, client=BEA), a_week(3), reason="care")
    parts = divide_weeks(NOBODY, message)
    assert [part.key for part in parts] == ["1/2022-10-03", "3/2022-10-03", "2/2022-10-03"]
    joined = join_weeks(parts)
    assert joined["reason"] == "care"
    assert sorted(joined["weeks"], key=lambda week: week["cpli_id"]) == message.body["weeks"]


def test_lists_of_care_are_a_part_of_their_own_before_the_packages() -> None:
    packages = [a_package(1, client=BEA), a_package(2, client=ADA)]
    body = {"reference_version": 7, "services": [{"name": "A"}], "visit_types": [], "packages": packages}
    parts = divide_care(NOBODY, a_message("care_changed", body))
    assert [(part.kind, part.key) for part in parts] == [
        ("lists", "of care"),
        ("package", "2"),
        ("package", "1"),
    ]
    assert parts[0].body == {"reference_version": 7, "services": [{"name": "A"}], "visit_types": []}
    assert join_care(parts) == body | {"packages": packages[::-1]}
    assert "services" not in join_care(parts[1:])


def test_visits_come_one_by_one_and_join_to_columns() -> None:
    columns: dict[str, list[Any]] = {
        "visit_ref": ["V1", "V2", "V3"],
        "version": [1, 2, 3],
        "ssref": ["B", "A", "B"],
        "client_ref": ["", "", ""],
        "nhs_number": ["", "", ""],
        "planned_on": ["2022-10-03", "2022-10-03", "2022-10-04"],
    }
    body = {"organisation_id": DIAMOND, "columns": columns}
    parts = divide_visits(NOBODY, a_message("visits_changed", body))
    assert [(part.key, part.version) for part in parts] == [
        (f"{DIAMOND}/V2", 2),
        (f"{DIAMOND}/V1", 1),
        (f"{DIAMOND}/V3", 3),
    ]
    assert parts[0].body["columns"]["visit_ref"] == ["V2"]
    assert join_visits(parts[1:])["columns"]["visit_ref"] == ["V1", "V3"]


@pytest.mark.parametrize(
    ("clients", "of_cplis", "groups"),
    [
        (["a", "b"], {}, [(["a"], []), (["b"], [])]),
        (["a", "b"], {1: {"a"}, 2: {"a"}}, [(["a"], [1, 2]), (["b"], [])]),
        (["a", "b", "c"], {1: {"a", "b"}, 3: {"c"}, 4: {"b"}}, [(["a", "b"], [1, 4]), (["c"], [3])]),
        (["a", "b", "c"], {1: {"a", "b"}, 2: {"b", "c"}}, [(["a", "b", "c"], [1, 2])]),
        (["a"], {1: set(), 2: set()}, [(["a"], []), ([], [1]), ([], [2])]),
        ([], {5: set()}, [([], [5])]),
    ],
)
def test_clients_that_share_a_cpli_stay_together(
    clients: list[str], of_cplis: dict[int, set[str]], groups: list[tuple[list[str], list[int]]]
) -> None:
    assert clients_together(clients, of_cplis) == groups


@pytest.mark.parametrize(
    ("text", "kept"),
    [("plain", "plain"), ("a\0b", "a\\x00b"), ("\ud83d!", "\\ud83d!"), ("é" * 600, "é" * 500)],
)
def test_what_no_column_can_hold_is_written_out(text: str, kept: str) -> None:
    assert storable(text) == kept
    assert Part("visit", text, "visits_changed", {}).apart_id == apart_id_of("visit", text)

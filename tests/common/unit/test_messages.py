"""The form of messages."""

from __future__ import annotations

from typing import Any

import pytest

from libs.common.messaging import bodies
from libs.common.messaging.messages import (
    HEARERS,
    BadMessage,
    also_check,
    check_columns,
    check_keys,
    checks,
    decode,
    encode,
)
from libs.common.messaging.progress import Missing, is_settled, missing_by_cause, missing_of

KINDS: dict[str, Any] = {
    "ref": str,
    "version": int,
    "on": "date",
    "seconds": "int?",
    "id": "uuid?",
    "share": "float",
}
GOOD: dict[str, Any] = {
    "ref": ["a", "b"],
    "version": [1, 2],
    "on": ["2026-03-02", "2026-03-03"],
    "seconds": [None, 900],
    "id": ["5e0f5a0c-0000-4000-8000-000000000001", None],
    "share": [1, 0.5],
    "unknown to this reader": [{}],
}


def test_good_columns_pass() -> None:
    check_columns({"columns": GOOD}, "columns", KINDS)
    check_columns({"columns": {name: [] for name in KINDS}}, "columns", KINDS)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("ref", ["a", 1]),
        ("ref", ["a", None]),
        ("version", [1]),
        ("ref", "ab"),
        ("ref", None),
        ("version", [1, True]),
        ("version", [1, 2.0]),
        ("on", ["2026-03-02", "2026-02-30"]),
        ("on", ["2026-03-02", "20260303"]),
        ("on", ["2026-03-02", "2026-W10-1"]),
        ("seconds", [None, "900"]),
        ("id", ["5e0f5a0c", None]),
        ("share", ["1", 1.0]),
    ],
)
def test_a_column_that_does_not_fit_is_refused_by_its_name(column: str, values: object) -> None:
    with pytest.raises(BadMessage, match=f"columns.{column}") as caught:
        check_columns({"columns": {**GOOD, column: values}}, "columns", KINDS)
    assert caught.value.code == "schema"


def test_columns_that_are_not_there_at_all_are_refused() -> None:
    with pytest.raises(BadMessage):
        check_columns({}, "columns", KINDS)


A_WEEK: dict[str, Any] = {
    "cpli_id": 1,
    "monday": "2022-10-03",
    "version": 2,
    "terms_version": 1,
    "client_id": "5f54b181-1c7b-469e-b37c-4b93fa9ebe1e",
    "organisation_id": "2af2a963-93c6-4ecd-921a-0db130398ed3",
    "visits": [["A1", "DHS", "2022-10-03", 32_400, 36_000, 3_600], ["A2", "C", "2022-10-04", 0, 900, None]],
}


@pytest.mark.parametrize("weeks", [[], [A_WEEK], [A_WEEK, A_WEEK | {"visits": []}]])
def test_weeks_whose_parts_all_fit_pass(weeks: list[dict[str, Any]]) -> None:
    body = {"reason": "visits", "weeks": weeks}
    assert decode("weeks_matched", encode(body)) == body


@pytest.mark.parametrize(
    ("part", "week"),
    [
        ("weeks", []),
        ("weeks", {name: value for name, value in A_WEEK.items() if name != "version"}),
        ("weeks.monday", A_WEEK | {"monday": "2022-W40-1"}),
        ("weeks.client_id", A_WEEK | {"client_id": "A100"}),
        ("weeks.visits", A_WEEK | {"visits": None}),
        ("weeks.visits", A_WEEK | {"visits": ["A1"]}),
        ("weeks.visits", A_WEEK | {"visits": [["A1", "DHS"]]}),
        ("weeks.visits.planned_on", A_WEEK | {"visits": [["A1", "DHS", None, 0, 900, None]]}),
        ("weeks.visits.delivered_seconds", A_WEEK | {"visits": [["A1", "DHS", "2022-10-03", 0, 900, "3"]]}),
    ],
)
def test_a_week_whose_part_does_not_fit_is_refused_by_its_name(part: str, week: object) -> None:
    with pytest.raises(BadMessage, match=rf"^schema: {part} has ") as refused:
        decode("weeks_matched", encode({"reason": "visits", "weeks": [A_WEEK, week]}))
    assert refused.value.code == "schema"


def test_keys_may_be_missing_only_where_the_kind_says_so() -> None:
    check_keys({"a": "x"}, {"a": str, "b": "list?"})
    with pytest.raises(BadMessage, match="b has"):
        check_keys({"a": "x"}, {"a": str, "b": list})


def test_a_body_comes_back_as_it_was_said() -> None:
    body = {"file_id": "5e0f5a0c-0000-4000-8000-000000000001", "new in this version": "Siân 🌻"}
    assert decode("check_wanted", encode(body)) == body


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "not_json"),
        (b"\x80\x04}\x94.", "not_json"),
        (b'{"file_id": Infinity}', "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'"text"', "not_an_object"),
        (b"{}", "schema"),
    ],
)
def test_an_undecodable_body_is_bad_and_says_why(raw: bytes, code: str) -> None:
    with pytest.raises(BadMessage) as caught:
        decode("check_wanted", raw)
    assert caught.value.code == code


def test_a_body_that_json_cannot_say_is_refused_before_it_is_sent() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode({"a": float("nan")})


def test_an_event_nobody_knows_is_bad() -> None:
    with pytest.raises(BadMessage, match="unknown_event"):
        decode("weather_changed", b"{}")


def test_every_event_has_a_check() -> None:
    assert set(bodies.KEYS) == set(HEARERS) == set(checks)


def test_a_deeper_check_comes_after_the_ones_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(checks, "check_wanted", checks["check_wanted"])
    seen: list[object] = []
    also_check("check_wanted", seen.append)
    with pytest.raises(BadMessage):
        decode("check_wanted", b"{}")
    assert seen == []


def test_a_cause_is_settled_when_every_hearer_received_what_was_said() -> None:
    emitted = {"ingest": {"visits_changed": 2}, "matching": {"weeks_matched": 3, "care_changed": 1}}
    received = {
        "matching": {"visits_changed": 2},
        "payments": {"weeks_matched": 1, "care_changed": 1},
    }
    assert is_settled(emitted, received) == [
        Missing("care_changed", "ingest", 1),
        Missing("weeks_matched", "payments", 2),
    ]
    received["payments"]["weeks_matched"] = 3
    received["ingest"] = {"care_changed": 1}
    assert is_settled(emitted, received) == []
    received["ingest"] = {"care_changed": 2}
    assert is_settled(emitted, received) == [Missing("care_changed", "ingest", -1)]


def test_what_lies_buried_is_over_for_the_hearer_that_should_have_heard_it() -> None:
    counts = {
        "matching": {"emitted": {"weeks_matched": 3}, "received": {}, "buried": {}, "dead": {}},
        "payments": {"emitted": {}, "received": {"weeks_matched": 2}, "buried": {}, "dead": {}},
    }
    assert missing_of(counts) == [Missing("weeks_matched", "payments", 1)]
    counts["payments"]["buried"] = {"weeks_matched": 1}
    assert missing_of(counts) == []


def test_what_a_hearer_has_too_much_of_hides_no_lack_of_another_cause() -> None:
    said = {"matching": {"one": [2, 0, 0], "other": [1, 0, 0]}, "payments": {}}
    surplus = {"one": [0, 2, 0], "by hand": [0, 1, 0]}
    assert missing_by_cause("weeks_matched", "payments", said, {"payments": surplus}) == Missing(
        "weeks_matched", "payments", 1
    )
    for of_other in ([0, 1, 0], [0, 0, 1]):
        heard = {"payments": surplus | {"other": of_other}}
        assert missing_by_cause("weeks_matched", "payments", said, heard).missing == 0

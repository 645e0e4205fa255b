"""The chain of hashes: any change of what it says changes it; which clients an answer names."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.seams.clients_named import MOST, clients_in
from services.portal.evidence import rules
from services.portal.evidence.requests import Strangers, _token_id
from services.portal.evidence.rules import BEGINNING, Batch

ID = uuid.UUID(int=7)
AT = dt.datetime(2026, 11, 30, 4, 0, tzinfo=dt.UTC)
BATCH = Batch(1, 1, 3, 3, AT, bytes(32), BEGINNING)


@pytest.mark.parametrize(
    "change",
    [
        {"number": 2},
        {"first_place": 2},
        {"last_place": 4},
        {"count": 2},
        {"made_at": AT + dt.timedelta(microseconds=1)},
        {"rows_hash": b"\1" * 32},
        {"before": b"\1" * 32},
    ],
)
def test_whatever_a_batch_says_is_in_its_hash(change: dict[str, Any]) -> None:
    assert rules.hash_of(replace(BATCH, **change)) != rules.hash_of(BATCH)


def test_the_hash_of_a_batch_is_the_same_in_any_time_zone_and_version() -> None:
    elsewhere = replace(BATCH, made_at=AT.astimezone(dt.timezone(dt.timedelta(hours=5))))
    assert rules.hash_of(elsewhere) == rules.hash_of(BATCH)
    assert rules.hash_of(BATCH).hex() == HASH


HASH = "0229c2b302482ca4c7e3b9263706c3017a347cdbf5919876d9926cbe4e93a053"

rows = st.tuples(st.integers(0, 9), st.sampled_from(["audit", "evidence"]), st.uuids(), st.text(max_size=9))


@given(rows, rows)
def test_rows_that_differ_have_other_digests(one: Any, other: Any) -> None:
    assert (rules.digest_of(*one) == rules.digest_of(*other)) == (one == other)


def test_the_order_of_rows_is_in_their_hash() -> None:
    assert rules.rows_hash_of([b"a" * 32, b"b" * 32]) != rules.rows_hash_of([b"b" * 32, b"a" * 32])


@pytest.mark.parametrize(
    ("answer", "clients"),
    [
        ({"client": "SS1"}, ["SS1"]),
        ([{"client_id": "a", "ssref": "SS1"}, {"client_id": "b"}], ["a", "SS1", "b"]),
        ({"items": [{"week": {"client_reference": "SS2"}}]}, ["SS2"]),
        ({"client": None, "clients": 3}, []),
        ({"client": {"client_id": "a"}}, ["a"]),
        (["SS1"], []),
        (
            [{"values": {"SSRef": "SS1", "NHSNumber": "1"}}, {"values": {"SSRef": "", "NHSNumber": "2"}}],
            ["SS1", "2"],
        ),
    ],
)
def test_clients_are_found_wherever_an_answer_names_them(answer: Any, clients: list[str]) -> None:
    assert sorted(clients_in(answer)) == sorted(clients)


def test_of_a_long_answer_so_many_clients_are_named() -> None:
    assert len(clients_in([{"client": str(number)} for number in range(3 * MOST)])) == MOST


def test_bad_tokens_of_a_minute_are_told_up_to_a_bound_and_counted_beyond() -> None:
    strangers = Strangers(most=2)
    assert [strangers.told(now) for now in (60, 61, 62, 63, 120)] == [0, 0, None, None, 2]
    assert strangers.told(121) == 0


@pytest.mark.parametrize(
    ("header", "token_id"),
    [
        ("Bearer caretally_ab12_secret", "ab12"),
        ("Bearer caretally_ab12_", "ab12"),
        ("Bearer secret", None),
        ("Bearer other_ab12_secret", None),
        ("Bearer caretally_" + "a" * 33 + "_secret", None),
        ("Bearer caretally_a b_secret", None),
        ("", None),
    ],
)
def test_of_a_bad_token_its_id_alone_is_told(header: str, token_id: str | None) -> None:
    assert _token_id(header) == token_id

"""References of clients that fit no care of an organisation (RULES 16, before go-live)."""

from __future__ import annotations

from typing import Any

import pytest

from services.matching.cleansing.rules import identifiers_of, unknown_clients

GUID = "2AF2A963-93C6-4ECD-921A-0DB130398ED3"
CLIENTS = [
    {
        "ssref": "A123456",
        "client_ref": GUID,
        "nhs_number": "9434765919",
        "forename": "Mona",
        "surname": "Lee",
    },
    {"ssref": "B1", "client_ref": "", "nhs_number": "", "forename": "", "surname": "Ray"},
]
MONA = {"reference": "A123456", "name": "Mona Lee"}


@pytest.mark.parametrize(
    ("mark", "written", "identifiers"),
    [
        ("S", "A1", ["S:A1"]),
        ("C", GUID.lower(), [f"C:{GUID}"]),
        ("N", "943 476 5919", ["N:9434765919"]),
        ("", "943 476", ["S:943 476", "C:943 476", "N:943476"]),
    ],
)
def test_a_reference_is_looked_for_in_the_form_that_is_kept(
    mark: str, written: str, identifiers: list[str]
) -> None:
    assert identifiers_of(mark, written) == identifiers


@pytest.mark.parametrize(
    ("reference", "nearest"),
    [
        (("S", "A132456"), [MONA]),
        (("", "A132456"), [MONA]),
        (("N", "943 476 5991"), [{"reference": "9434765919", "name": "Mona Lee"}]),
        (("C", GUID[:-1] + "4"), [{"reference": GUID, "name": "Mona Lee"}]),
        (("S", "Z9"), []),
    ],
)
def test_the_nearest_of_the_providers_clients_is_named(
    reference: tuple[str, str], nearest: list[dict[str, str]]
) -> None:
    (found,) = unknown_clients([reference], {}, CLIENTS, is_council=True)
    assert (found["nearest"], found["is_elsewhere"]) == (nearest, False)


@pytest.mark.parametrize(
    ("named", "is_council", "elsewhere"),
    [
        ({"S:A1": True}, True, None),
        ({"S:A1": True}, False, None),
        ({"S:A1": False}, True, True),
        ({"S:A1": False}, False, False),
        ({"S:A1": False, "N:A1": True}, True, None),
        ({}, True, False),
    ],
)
def test_only_the_council_learns_that_a_reference_is_another_providers_clients(
    named: dict[str, bool], is_council: bool, elsewhere: bool | None
) -> None:
    found: list[Any] = unknown_clients([("", "A1")], named, CLIENTS, is_council=is_council)
    assert [one["is_elsewhere"] for one in found] == ([] if elsewhere is None else [elsewhere])

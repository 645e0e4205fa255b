"""Which rows of a carers file are accepted (RULES 3: a CarerRef has at most 100 characters)."""

import pytest

from services.ingest.carers.rules import Carer, check_carers
from services.ingest.rows.reading import read_carers_csv


def test_carers_are_read_by_their_refs() -> None:
    raw = read_carers_csv(b"CarerRef,Forename,Surname\r\n C1 ,Ada,Fox\r\nC2\xe2\x80\x8b,Bert,Gill\r\n")
    checked = check_carers(raw.rows)
    assert checked.errors == []
    assert checked.accepted == {"C1": Carer("C1", "Ada", "Fox"), "C2": Carer("C2", "Bert", "Gill")}


@pytest.mark.parametrize("again", ["C1", " C1\u200b", "C1\u00a0"])
def test_a_carer_named_twice_is_rejected_on_both_rows_and_the_others_come_in(again: str) -> None:
    rows = [("C1", "Ada", "Fox"), ("C2", "Bert", "Gill"), (again, "Ada", "Fox")]
    checked = check_carers(list(enumerate(rows, 2)))
    assert [(error.row, error.code) for error in checked.errors] == [
        (2, "carer_ref_repeated"),
        (4, "carer_ref_repeated"),
    ]
    assert checked.errors[0].message.startswith("CarerRef 'C1' is on rows 2 and 4: ")
    assert list(checked.accepted) == ["C2"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (("", "Ada", "Fox"), "carer_ref_missing"),
        (("C" * 101, "Ada", "Fox"), "too_long"),
        (("C1", "A\x07", "Fox"), "control_character"),
        (("C1", "Ada", "Fox", "x"), "columns_shifted"),
    ],
)
def test_a_carer_is_rejected_with_its_reason(values: tuple[str, ...], code: str) -> None:
    checked = check_carers([(2, values)])
    assert [(error.row, error.code) for error in checked.errors] == [(2, code)]
    assert checked.accepted == {}

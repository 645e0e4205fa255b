"""Who the clients of a file of commissioned care are (RULES 2)."""

import pytest

from tests.support.builders.care import a_care_row
from tests.support.builders.care_book import CPLI, a_book, book_after, changes_of, counts_of, only_one

CLIENT_REF = "22222222-2222-4333-8444-555555555555"
NHS_NUMBER = "9434765919"


def test_identifiers_that_belong_to_two_clients_reject_the_row() -> None:
    known = a_book(a_care_row(), a_care_row(CpliId="2", SSRef="", NHSNumber=NHS_NUMBER))
    book = book_after(known, a_care_row(9, CpliId="3", NHSNumber=NHS_NUMBER))
    assert counts_of(book) == (0, 0, 0, 1)
    error = only_one(book.errors)
    assert (error.row, error.ref, error.code) == (9, "3", "two_clients")
    assert not any(changes_of(book))
    assert (book.clients, book.cplis) == (known.clients, known.cplis)


def test_two_clients_of_one_file_are_told_apart_too() -> None:
    book = a_book(
        a_care_row(),
        a_care_row(CpliId="2", SSRef="", ClientRef=CLIENT_REF),
        a_care_row(CpliId="3", ClientRef=CLIENT_REF),
    )
    assert counts_of(book) == (2, 0, 0, 1)


@pytest.mark.parametrize(
    "identifiers",
    [
        {"SSRef": "A123456"},
        {"ClientRef": CLIENT_REF},
        {"NHSNumber": "943 476 5919"},
        {"ClientRef": CLIENT_REF, "NHSNumber": NHS_NUMBER},
    ],
    ids=",".join,
)
def test_a_client_is_known_by_any_identifier_and_keeps_those_that_a_row_leaves_empty(
    identifiers: dict[str, str],
) -> None:
    known = a_book(a_care_row(ClientRef=CLIENT_REF, NHSNumber=NHS_NUMBER))
    empty = {"SSRef": "", "ClientRef": "", "NHSNumber": ""}
    book = book_after(known, a_care_row(CpliId="2", **(empty | identifiers)))
    client = only_one(book.clients.values())
    assert (client["ssref"], client["client_ref"], client["nhs_number"]) == (
        "A123456",
        CLIENT_REF,
        NHS_NUMBER,
    )
    assert book.cplis[2]["client_id"] == book.cplis[CPLI]["client_id"]
    assert not book.renumbered


def test_a_client_who_gets_a_further_identifier_has_visits_resolved_again() -> None:
    known = a_book(a_care_row())
    book = book_after(known, a_care_row(NHSNumber=NHS_NUMBER))
    client_id = book.cplis[CPLI]["client_id"]
    assert book.renumbered == book.changed_clients == {client_id}
    known_by_both = book_after(book, a_care_row(CpliId="2", SSRef="", NHSNumber=NHS_NUMBER))
    assert known_by_both.cplis[2]["client_id"] == client_id


def test_a_client_with_another_name_is_the_same_client_under_the_last_name_said() -> None:
    book = book_after(a_book(a_care_row()), a_care_row(Surname="Hart-Lind"))
    assert only_one(book.clients.values())["surname"] == "Hart-Lind"
    assert book.changed_clients
    assert not book.renumbered
    assert not book.rematched


def test_an_identifier_that_was_corrected_is_free_for_somebody_else() -> None:
    known = a_book(a_care_row(ClientRef=CLIENT_REF))
    corrected = a_care_row(ClientRef=CLIENT_REF, SSRef="A999999")
    of_another = a_care_row(CpliId="2", SSRef="A123456")
    book = book_after(known, corrected, of_another)
    assert counts_of(book)[3] == 0
    assert book.cplis[CPLI]["client_id"] != book.cplis[2]["client_id"]

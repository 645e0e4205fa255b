"""What a file of commissioned care makes of the names of organisations and services (RULES 2, Who is who)."""

from __future__ import annotations

from libs.common.care.names import fold
from libs.common.care.organisation_ids import organisation_id_of
from services.matching.book.book import CareBook
from services.matching.book.rules import CareRow
from tests.support.builders.care import ANOTHER_GUID, DIAMOND, ZONE_6, a_care_row
from tests.support.builders.care_book import a_book, book_after, counts_of

NAME, NEW_NAME, THIRD_NAME = "Diamond Home Care Ltd", "Sapphire Care Ltd", "Topaz Care Ltd"
ZONE, NEW_ZONE = "Diamond Home Care - Zone 6 - Oxford", "Diamond Home Care - Zone 8"


def a_renamed_row(name: str = NEW_NAME, **cells: str) -> CareRow:
    """The known organisation under another name."""
    return a_care_row(OrganisationName=name, **cells)


def a_successor_row(name: str = NAME, **cells: str) -> CareRow:
    """Another organisation, with care of its own."""
    of_its_own = {"CpliId": "2", "SSRef": "B1", "OrganisationRef": ANOTHER_GUID, "ServiceRef": ""}
    return a_care_row(3, **of_its_own | {"OrganisationName": name, "ServiceName": "Another"} | cells)


def former_names(book: CareBook) -> dict[str, list[str]]:
    """Former names by present name."""
    return {facts["name"]: facts["former_names"] for facts in book.organisations.values()}


def test_a_renamed_organisation_keeps_its_former_names() -> None:
    known = a_book(a_care_row())
    later = book_after(known, a_renamed_row())
    assert former_names(later) == {NEW_NAME: [fold(NAME)]}
    assert later.names.organisations.renamed() == [(NAME, NEW_NAME)]
    assert later.also_changed()["organisations"] == 1
    again = book_after(later, a_renamed_row(THIRD_NAME))
    assert former_names(again) == {THIRD_NAME: [fold(NAME), fold(NEW_NAME)]}
    back = book_after(again, a_renamed_row(NAME))
    assert former_names(back) == {NAME: [fold(NEW_NAME), fold(THIRD_NAME)]}


def test_a_name_in_other_letters_is_no_renaming() -> None:
    later = book_after(a_book(a_care_row()), a_renamed_row("DIAMOND  Home Care ltd"))
    assert former_names(later) == {"DIAMOND  Home Care ltd": []}
    assert later.names.organisations.renamed() == []


def test_a_row_under_a_former_name_and_no_ref_changes_no_name() -> None:
    book = book_after(book_after(a_book(a_care_row()), a_renamed_row()), a_care_row(OrganisationRef=""))
    assert counts_of(book) == (0, 0, 1, 0)
    assert former_names(book) == {NEW_NAME: [fold(NAME)]}


def test_whoever_takes_a_freed_name_is_somebody_else_under_an_id_of_their_own() -> None:
    known = a_book(a_care_row())
    one_file = book_after(known, a_renamed_row(), a_successor_row())
    other_order = book_after(known, a_successor_row(), a_renamed_row())
    two_files = book_after(book_after(known, a_renamed_row()), a_successor_row())
    for book in (one_file, other_order, two_files):
        assert counts_of(book)[3] == 0
        assert former_names(book) == {NEW_NAME: [], NAME: []}
        first, second = (book.cplis[number]["organisation_id"] for number in (156017, 2))
        assert first == str(organisation_id_of(NAME))
        assert second not in (first, str(organisation_id_of(NAME)))
        assert book.organisations[second]["organisation_ref"] == ANOTHER_GUID


def test_a_new_organisation_under_a_name_that_another_had_gets_no_id_by_that_name() -> None:
    book = a_book(a_care_row())
    for name in (NEW_NAME, THIRD_NAME):
        book = book_after(book, a_renamed_row(name))
    taker = book_after(book, a_successor_row(NEW_NAME)).cplis[2]["organisation_id"]
    assert taker != str(organisation_id_of(NEW_NAME))


def test_two_organisations_may_change_names() -> None:
    known = a_book(a_care_row(), a_successor_row(NEW_NAME))
    book = book_after(known, a_renamed_row(NEW_NAME), a_successor_row(NAME))
    assert counts_of(book)[3] == 0
    assert {facts["organisation_ref"]: facts["name"] for facts in book.organisations.values()} == {
        DIAMOND: NEW_NAME,
        ANOTHER_GUID: NAME,
    }
    assert former_names(book) == {NEW_NAME: [], NAME: []}
    back = book_after(book, a_renamed_row(NAME), a_successor_row(NEW_NAME))
    assert former_names(back) == {NEW_NAME: [], NAME: []}


def test_another_ref_under_a_name_that_is_not_freed_is_rejected() -> None:
    book = book_after(a_book(a_care_row()), a_successor_row())
    assert counts_of(book) == (0, 0, 0, 1)
    (error,) = book.errors
    assert (error.column, error.code) == ("OrganisationRef", "two_organisations")
    assert "another OrganisationRef: correct" in error.message


def test_the_later_of_two_rows_that_contradict_each_other_is_rejected_and_names_the_first() -> None:
    book = a_book(a_care_row(), a_successor_row())
    assert counts_of(book) == (1, 0, 0, 1)
    (error,) = book.errors
    assert error.row == 3
    assert error.message.endswith(", by row 2: correct the one that is wrong.")


def test_a_renaming_that_only_some_rows_of_a_ref_say_is_rejected() -> None:
    known = a_book(a_care_row(), a_care_row(CpliId="2"))
    book = book_after(known, a_care_row(2), a_renamed_row(CpliId="2"))
    assert counts_of(book) == (0, 0, 1, 1)
    (error,) = book.errors
    assert f"that of “{NAME}”" in error.message


def test_services_are_who_their_refs_say_within_their_organisation() -> None:
    known = a_book(a_care_row())
    book = book_after(known, a_care_row(ServiceName=NEW_ZONE))
    assert book.names.services.renamed() == [(ZONE, NEW_ZONE)]
    (service_id,) = book.services
    assert book.services[service_id]["former_names"] == [fold(ZONE)]
    assert book.renamed_services == {service_id}
    # the former name is understood, and another service may take it
    understood = book_after(book, a_care_row(CpliId="2", ServiceRef=""))
    assert understood.cplis[2]["service_id"] == service_id
    taken = book_after(book, a_care_row(CpliId="2", ServiceRef=ANOTHER_GUID))
    assert taken.cplis[2]["service_id"] != service_id
    assert taken.services[service_id]["former_names"] == []
    assert taken.renamed_services == {service_id}


def test_a_service_ref_of_another_organisation_rejects_the_row() -> None:
    book = book_after(a_book(a_care_row()), a_successor_row("Emerald Care Ltd", ServiceRef=ZONE_6))
    assert [error.code for error in book.errors] == ["two_services"]
    assert "another organisation" in next(error.message for error in book.errors)

"""Which visits are matched again after a file of commissioned care (RULES 5)."""

import pytest

from libs.common.care.organisation_ids import organisation_id_of
from services.matching.book.book import MATCHED_BY, CareBook
from tests.matching.unit.test_care_book import OTHER_ORGANISATION
from tests.support.builders.care import a_care_row
from tests.support.builders.care_book import CPLI, a_book, book_after


def matched_again(book: CareBook) -> dict[int, set[tuple[str, str]]]:
    return {cpli_id: set(pairs) for cpli_id, pairs in book.rematched.items()}


def holders_of(*books: CareBook) -> set[tuple[str, str]]:
    """Organisation and client of the CPLI in each of these books."""
    return {(book.cplis[CPLI]["organisation_id"], book.cplis[CPLI]["client_id"]) for book in books}


def test_a_new_cpli_is_matched_for_its_organisation_and_client() -> None:
    book = a_book(a_care_row())
    assert matched_again(book) == {CPLI: holders_of(book)}


def test_a_cpli_that_moves_to_another_client_is_matched_again_for_both() -> None:
    before = a_book(a_care_row())
    after = book_after(before, a_care_row(SSRef="B654321"))
    assert matched_again(after) == {CPLI: holders_of(before, after)}
    assert len({client for _, client in after.rematched[CPLI]}) == 2


def test_a_cpli_that_moves_to_another_organisation_is_matched_again_for_both() -> None:
    before = a_book(a_care_row())
    after = book_after(before, a_care_row(**OTHER_ORGANISATION))
    assert matched_again(after) == {CPLI: holders_of(before, after)}
    assert {organisation for organisation, _ in after.rematched[CPLI]} == {
        str(organisation_id_of("Diamond Home Care Ltd")),
        str(organisation_id_of("Emerald Care Ltd")),
    }


def test_a_cpli_that_moves_twice_in_one_file_is_matched_again_everywhere() -> None:
    before = a_book(a_care_row())
    after = book_after(before, a_care_row(SSRef="B654321"), a_care_row(SSRef="C1"))
    assert {client for _, client in after.rematched[CPLI]} == set(after.clients)
    assert holders_of(before, after) < matched_again(after)[CPLI]
    assert len(after.rematched[CPLI]) == 3


@pytest.mark.parametrize(
    ("change", "is_matched_again"),
    [
        ({"StartDate": "11/07/2022"}, True),
        ({"EndDate": "31/12/2022"}, True),
        ({"Quantity": "5"}, True),
        ({"Quantity": "5", "EffectiveFrom": "05/09/2022"}, True),
        ({"PaymentMethod": "Actuals"}, True),
        ({"Authorised": "N"}, True),
        ({"Timetable": "Mon 09:00-09:30"}, True),
        ({"Suspensions": "03/10/2022-09/10/2022 holiday"}, True),
        ({"Unit": "Payment"}, True),
        ({"ServiceLevel": "Medication Only", "ServiceLevelRef": ""}, True),
        ({"CostCentre": "4711"}, False),
        ({"Subjective": "R1234"}, False),
        ({"CouncilRef": "REQ-1"}, False),
        ({}, False),
    ],
)
def test_what_decides_matching_is_matched_again(change: dict[str, str], is_matched_again: bool) -> None:
    book = book_after(a_book(a_care_row()), a_care_row(**change))
    assert (CPLI in book.rematched) == is_matched_again


def test_every_fact_that_decides_matching_is_one_that_a_cpli_has() -> None:
    assert set(MATCHED_BY) <= set(a_book(a_care_row()).cplis[CPLI])

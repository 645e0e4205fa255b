"""What a file of commissioned care changes in what is known: counts, terms, names of services and levels."""

import gc
import tracemalloc
import weakref
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.names import fold
from libs.common.care.organisation_ids import organisation_id_of
from libs.common.care.terms import FROM_START, term_on
from libs.common.files import spooled
from services.matching.book.book import CareBook
from tests.support.builders.care import ANOTHER_GUID, DIAMOND, PERSONAL_CARE, ZONE_6, a_care_row
from tests.support.builders.care_book import CPLI, a_book, book_after, changes_of, counts_of, only_one

OTHER_ORGANISATION = {
    "OrganisationRef": ANOTHER_GUID,
    "OrganisationName": "Emerald Care Ltd",
    "ServiceRef": "",
    "ServiceName": "Emerald Care - Oxford",
}


# Counts.


def test_the_first_row_of_a_cpli_is_new_with_all_that_it_names() -> None:
    book = a_book(a_care_row())
    assert counts_of(book) == (1, 0, 0, 0)
    facts = book.cplis[CPLI]
    assert book.clients[facts["client_id"]]["ssref"] == "A123456"
    assert book.organisations[facts["organisation_id"]]["organisation_ref"] == DIAMOND
    assert book.services[facts["service_id"]]["service_ref"] == ZONE_6
    assert book.levels[facts["service_level"]]["service_level_ref"] == PERSONAL_CARE
    assert facts["organisation_id"] == str(organisation_id_of(" diamond  HOME care ltd "))
    assert [entry[0] for entry in book.history] == [CPLI]


def test_the_same_row_again_is_unchanged_and_says_nothing() -> None:
    rows = [
        a_care_row(),
        a_care_row(CpliId="2", SSRef="B1"),
        a_care_row(EffectiveFrom="05/09/2022", Quantity="5"),
    ]
    first = a_book(*rows)
    assert counts_of(first) == (2, 1, 0, 0)
    again = book_after(first, *rows)
    assert counts_of(again) == (0, 0, 3, 0)
    assert not any(changes_of(again))
    within = a_book(a_care_row(), a_care_row())
    assert counts_of(within) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    "written",
    [
        {"CpliId": "000156017"},
        {"Quantity": "7"},
        {"UnitCost": "23.2260"},
        {"StartDate": "4 Jul 22"},
        {"ServiceLevel": "PERSONAL  CARE"},
        {"EffectiveFrom": "04/07/2022"},
        {"Authorised": "true"},
        {"ContributionCollectedBy": ""},
        {"OrganisationRef": DIAMOND.lower()},
        {"ServiceRef": "", "OrganisationRef": "", "ServiceLevelRef": ""},
    ],
)
def test_a_row_that_says_the_same_in_other_words_is_unchanged(written: dict[str, str]) -> None:
    book = book_after(a_book(a_care_row()), a_care_row(**written))
    assert counts_of(book) == (0, 0, 1, 0)
    assert not any(changes_of(book))


@pytest.mark.parametrize(
    "change",
    [
        {"StartDate": "11/07/2022"},
        {"EndDate": "31/12/2022"},
        {"Quantity": "5"},
        {"UnitCost": "24.10"},
        {"AssessedContribution": ""},
        {"AssessedContribution": "0"},
        {"ContributionCollectedBy": "Provider"},
        {"EffectiveFrom": "01/04/2023"},
        {"PaymentMethod": "Invoice"},
        {"Authorised": "N"},
        {"Timetable": ""},
        {"Suspensions": "03/10/2022-09/10/2022 holiday"},
        {"ServiceLevel": "Medication Only", "ServiceLevelRef": ""},
        {"ServiceName": "Diamond Home Care - Zone 7", "ServiceRef": ""},
        {"SSRef": "B654321"},
        {"CostCentre": "4711"},
        {"Pricing": "Banded"},
        {"Unit": "Payment"},
        {"Frequency": "One-off"},
        OTHER_ORGANISATION,
    ],
    ids=",".join,
)
def test_a_row_that_says_something_else_is_changed(change: dict[str, str]) -> None:
    book = book_after(a_book(a_care_row()), a_care_row(**change))
    assert counts_of(book) == (0, 1, 0, 0)
    assert book.changed_cplis == {CPLI}


def test_a_row_that_is_absent_from_a_later_file_changes_nothing() -> None:
    first = a_book(a_care_row(), a_care_row(CpliId="2", SSRef="B1"))
    later = book_after(first, a_care_row(EndDate="31/12/2022"))
    assert later.cplis[2] == first.cplis[2]
    assert later.changed_cplis == {CPLI}


def test_unreadable_rows_are_counted_with_their_errors() -> None:
    book = CareBook()
    book.reject([])
    assert counts_of(book) == (0, 0, 0, 1)


# Terms.


def quantities(book: CareBook) -> dict[date, Decimal]:
    """The CPLI's hours a week by the date from which they hold."""
    return {day: term.quantity for day, term in sorted(book.terms[CPLI].items())}


def test_a_term_from_a_date_stands_beside_the_one_from_the_start() -> None:
    book = a_book(a_care_row(Quantity="7"), a_care_row(Quantity="5", EffectiveFrom="05/09/2022"))
    assert quantities(book) == {FROM_START: Decimal(7), date(2022, 9, 5): Decimal(5)}


def test_an_empty_date_rewrites_what_held_from_the_start_and_a_later_term_stays() -> None:
    book = a_book(a_care_row(Quantity="7"), a_care_row(Quantity="5", EffectiveFrom="05/09/2022"))
    later = book_after(book, a_care_row(Quantity="6"))
    assert counts_of(later) == (0, 1, 0, 0)
    assert quantities(later) == {FROM_START: Decimal(6), date(2022, 9, 5): Decimal(5)}
    assert later.changed_terms == {(CPLI, FROM_START)}


def test_the_past_is_not_overwritten_by_a_term_from_a_later_date() -> None:
    book = a_book(a_care_row(UnitCost="20"), a_care_row(UnitCost="30", EffectiveFrom="05/09/2022"))
    terms = [term for _, term in sorted(book.terms[CPLI].items())]
    assert term_on(terms, date(2022, 9, 4)).unit_cost == 20
    assert term_on(terms, date(2022, 9, 5)).unit_cost == 30


def test_a_term_of_the_same_date_is_corrected() -> None:
    dated = {"EffectiveFrom": "05/09/2022"}
    book = book_after(a_book(a_care_row(**dated, Quantity="5")), a_care_row(**dated, Quantity="4"))
    assert quantities(book) == {date(2022, 9, 5): Decimal(4)}
    assert counts_of(book) == (0, 1, 0, 0)


def test_the_term_from_the_start_still_is_when_the_start_moves() -> None:
    book = book_after(a_book(a_care_row(Quantity="7")), a_care_row(StartDate="06/06/2022", Quantity="6"))
    assert quantities(book) == {FROM_START: Decimal(6)}


DATED = st.dictionaries(
    st.tuples(
        st.sampled_from(("1", "2", "3")), st.sampled_from(("", "05/09/2022", "3 Oct 2022", "2023-04-01"))
    ),
    st.tuples(st.sampled_from(("5", "7", "14")), st.sampled_from(("", "35.00", "56.20"))),
    min_size=1,
)


@given(DATED, st.randoms())
def test_terms_do_not_depend_on_the_order_in_which_care_arrives(
    dated: dict[tuple[str, str], tuple[str, str]], random: Any
) -> None:
    rows = [
        a_care_row(
            CpliId=cpli_id, EffectiveFrom=effective_from, Quantity=quantity, AssessedContribution=assessed
        )
        for (cpli_id, effective_from), (quantity, assessed) in dated.items()
    ]
    in_one_file = a_book(*rows)
    random.shuffle(rows)
    one_by_one = CareBook()
    for row in rows:
        one_by_one = book_after(one_by_one, row)
    assert one_by_one.terms == in_one_file.terms
    assert counts_of(book_after(one_by_one, *rows)) == (0, 0, len(rows), 0)


# Organisations, services and levels.


def test_an_organisation_that_is_renamed_keeps_its_identity() -> None:
    before = a_book(a_care_row())
    after = book_after(before, a_care_row(OrganisationName="Diamond Care Group Ltd"))
    assert only_one(after.organisations) == only_one(before.organisations)
    assert only_one(after.organisations.values())["name"] == "Diamond Care Group Ltd"
    assert counts_of(after) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("contradiction", "code"),
    [
        ({"OrganisationName": "Emerald Care Ltd"}, "two_organisations"),
        ({"ServiceName": "Diamond Home Care - Zone 7"}, "two_services"),
        ({"ServiceLevel": "Medication Only"}, "two_levels"),
    ],
)
def test_a_ref_and_a_name_of_two_things_reject_the_row(contradiction: dict[str, str], code: str) -> None:
    known = a_book(
        a_care_row(),
        a_care_row(CpliId="2", ServiceName="Diamond Home Care - Zone 7", ServiceRef=""),
        a_care_row(CpliId="3", ServiceLevel="Medication Only", ServiceLevelRef=""),
        a_care_row(CpliId="4", **OTHER_ORGANISATION),
    )
    book = book_after(known, a_care_row(5, CpliId="5", **contradiction))
    assert only_one(book.errors).code == code
    assert counts_of(book) == (0, 0, 0, 1)
    assert not any(changes_of(book))


def test_services_of_the_same_name_are_two_in_two_organisations() -> None:
    other = OTHER_ORGANISATION | {"ServiceName": "Diamond Home Care - Zone 6 - Oxford"}
    book = a_book(a_care_row(), a_care_row(CpliId="2", **other))
    assert counts_of(book) == (2, 0, 0, 0)
    assert len(book.services) == 2


def test_a_level_is_known_by_its_alias() -> None:
    level = {
        "service_level_ref": None,
        "name": "HTLAH Maintenance",
        "requires_visits": True,
        "aliases": ["HTLAH - Maintenance"],
    }
    book = CareBook(levels={fold("HTLAH Maintenance"): level})
    book.take(a_care_row(ServiceLevel="HTLAH – maintenance", ServiceLevelRef=""))
    assert book.cplis[CPLI]["service_level"] == fold("HTLAH Maintenance")
    assert len(book.levels) == 1


def test_a_level_that_is_not_on_the_list_needs_no_visits() -> None:
    book = a_book(a_care_row(ServiceLevel="Hospital Incentive Payment", ServiceLevelRef=""))
    assert only_one(book.levels.values())["requires_visits"] is False


RENAMED = {"ServiceName": "Diamond Home Care - Zone 8"}
SUCCESSOR = {"CpliId": "2", "ServiceRef": ANOTHER_GUID}


def test_a_name_that_a_service_gave_up_is_free_in_the_same_file_as_in_the_next() -> None:
    known = a_book(a_care_row())
    first, then = a_care_row(**RENAMED), a_care_row(**SUCCESSOR)
    in_one_file = book_after(known, first, then)
    in_two_files = book_after(book_after(known, first), then)
    for book in (in_one_file, in_two_files):
        assert len(book.services) == 2
        assert book.cplis[2]["service_id"] != book.cplis[CPLI]["service_id"]
    assert sorted(map(repr, in_one_file.services.values())) == sorted(
        map(repr, in_two_files.services.values())
    )


def test_little_of_a_large_file_is_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooled, "SPOOLED_AT_ONCE", 50)
    rows = (
        a_care_row(number, CpliId=str(number), SSRef=f"A{number}", NHSNumber=f"{number:010}")
        for number in range(2, 3_002)
    )
    tracemalloc.start()
    book = CareBook(
        clients=spooled.kept_by_key(3_000), cplis=spooled.kept_by_key(3_000), terms=spooled.kept_by_key(3_000)
    )
    book.take_file(rows)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert counts_of(book) == (3_000, 0, 0, 0)
    assert most / 3_000 < 3_000  # bytes a package; as objects it would be more than twice as much


def test_a_book_goes_when_nobody_has_it_any_more() -> None:
    """Workers seldom have the collector look for circles: two large books at once would be too much."""
    book = a_book(a_care_row())
    history = weakref.ref(book.history)
    gc.disable()
    try:
        del book
        assert history() is None
    finally:
        gc.enable()

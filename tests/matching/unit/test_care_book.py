"""What a file of commissioned care changes in what is known: counts, terms, identities, rematches."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.names import fold
from libs.common.care.organisation_ids import organisation_id_of
from libs.common.care.terms import FROM_START, term_on
from services.matching.book.book import MATCHED_BY, CareBook
from services.matching.book.rules import CareRow
from tests.support.builders import ANOTHER_GUID, DIAMOND, PERSONAL_CARE, ZONE_6, a_care_row

T = TypeVar("T")

CLIENT_REF = "22222222-2222-4333-8444-555555555555"
NHS_NUMBER = "9434765919"
CPLI = 156017
OTHER_ORGANISATION = {
    "OrganisationRef": ANOTHER_GUID,
    "OrganisationName": "Emerald Care Ltd",
    "ServiceRef": "",
    "ServiceName": "Emerald Care - Oxford",
}


def a_book(*rows: CareRow) -> CareBook:
    """What is known after these rows, as one file."""
    return and_then(CareBook(), *rows)


def and_then(book: CareBook, *rows: CareRow) -> CareBook:
    """The same book after a further file, as if it was loaded anew."""
    later = CareBook(
        clients=dict(book.clients),
        organisations=dict(book.organisations),
        services=dict(book.services),
        levels=dict(book.levels),
        cplis=dict(book.cplis),
    )
    for cpli_id, terms in book.terms.items():
        later.terms[cpli_id] = dict(terms)
    later.take_file(rows)
    return later


def counted(book: CareBook) -> tuple[int, int, int, int]:
    """New, changed, unchanged, rejected."""
    counts = book.counts
    return counts["new"], counts["changed"], counts["unchanged"], counts["rejected"]


def said(book: CareBook) -> list[object]:
    """All that a book would write and have matched again."""
    return [
        book.changed_clients,
        book.changed_organisations,
        book.changed_services,
        book.changed_levels,
        book.changed_cplis,
        book.changed_terms,
        dict(book.rematched),
        book.renumbered,
        book.history,
    ]


def the_only(values: Iterable[T]) -> T:
    (one,) = values
    return one


# Counts.


def test_the_first_row_of_a_cpli_is_new_with_all_that_it_names() -> None:
    book = a_book(a_care_row())
    assert counted(book) == (1, 0, 0, 0)
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
    assert counted(first) == (2, 1, 0, 0)
    again = and_then(first, *rows)
    assert counted(again) == (0, 0, 3, 0)
    assert not any(said(again))
    within = a_book(a_care_row(), a_care_row())
    assert counted(within) == (1, 0, 1, 0)


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
    book = and_then(a_book(a_care_row()), a_care_row(**written))
    assert counted(book) == (0, 0, 1, 0)
    assert not any(said(book))


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
    book = and_then(a_book(a_care_row()), a_care_row(**change))
    assert counted(book) == (0, 1, 0, 0)
    assert book.changed_cplis == {CPLI}


def test_a_row_that_is_absent_from_a_later_file_changes_nothing() -> None:
    first = a_book(a_care_row(), a_care_row(CpliId="2", SSRef="B1"))
    later = and_then(first, a_care_row(EndDate="31/12/2022"))
    assert later.cplis[2] == first.cplis[2]
    assert later.changed_cplis == {CPLI}


def test_unreadable_rows_are_counted_with_their_errors() -> None:
    book = CareBook()
    book.reject([])
    assert counted(book) == (0, 0, 0, 1)


# Terms.


def quantities(book: CareBook) -> dict[date, Decimal]:
    """The CPLI's hours a week by the date from which they hold."""
    return {day: term.quantity for day, term in sorted(book.terms[CPLI].items())}


def test_a_term_from_a_date_stands_beside_the_one_from_the_start() -> None:
    book = a_book(a_care_row(Quantity="7"), a_care_row(Quantity="5", EffectiveFrom="05/09/2022"))
    assert quantities(book) == {FROM_START: Decimal(7), date(2022, 9, 5): Decimal(5)}


def test_an_empty_date_rewrites_what_held_from_the_start_and_a_later_term_stays() -> None:
    book = a_book(a_care_row(Quantity="7"), a_care_row(Quantity="5", EffectiveFrom="05/09/2022"))
    later = and_then(book, a_care_row(Quantity="6"))
    assert counted(later) == (0, 1, 0, 0)
    assert quantities(later) == {FROM_START: Decimal(6), date(2022, 9, 5): Decimal(5)}
    assert later.changed_terms == {(CPLI, FROM_START)}


def test_the_past_is_not_overwritten_by_a_term_from_a_later_date() -> None:
    book = a_book(a_care_row(UnitCost="20"), a_care_row(UnitCost="30", EffectiveFrom="05/09/2022"))
    terms = [term for _, term in sorted(book.terms[CPLI].items())]
    assert term_on(terms, date(2022, 9, 4)).unit_cost == 20
    assert term_on(terms, date(2022, 9, 5)).unit_cost == 30


def test_a_term_of_the_same_date_is_corrected() -> None:
    dated = {"EffectiveFrom": "05/09/2022"}
    book = and_then(a_book(a_care_row(**dated, Quantity="5")), a_care_row(**dated, Quantity="4"))
    assert quantities(book) == {date(2022, 9, 5): Decimal(4)}
    assert counted(book) == (0, 1, 0, 0)


def test_the_term_from_the_start_still_is_when_the_start_moves() -> None:
    book = and_then(a_book(a_care_row(Quantity="7")), a_care_row(StartDate="06/06/2022", Quantity="6"))
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
        one_by_one = and_then(one_by_one, row)
    assert one_by_one.terms == in_one_file.terms
    assert counted(and_then(one_by_one, *rows)) == (0, 0, len(rows), 0)


# Clients.


def test_identifiers_that_belong_to_two_clients_reject_the_row() -> None:
    known = a_book(a_care_row(), a_care_row(CpliId="2", SSRef="", NHSNumber=NHS_NUMBER))
    book = and_then(known, a_care_row(9, CpliId="3", NHSNumber=NHS_NUMBER))
    assert counted(book) == (0, 0, 0, 1)
    error = the_only(book.errors)
    assert (error.row, error.ref, error.code) == (9, "3", "two_clients")
    assert not any(said(book))
    assert (book.clients, book.cplis) == (known.clients, known.cplis)


def test_two_clients_of_one_file_are_told_apart_too() -> None:
    book = a_book(
        a_care_row(),
        a_care_row(CpliId="2", SSRef="", ClientRef=CLIENT_REF),
        a_care_row(CpliId="3", ClientRef=CLIENT_REF),
    )
    assert counted(book) == (2, 0, 0, 1)


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
    book = and_then(known, a_care_row(CpliId="2", **(empty | identifiers)))
    client = the_only(book.clients.values())
    assert (client["ssref"], client["client_ref"], client["nhs_number"]) == (
        "A123456",
        CLIENT_REF,
        NHS_NUMBER,
    )
    assert book.cplis[2]["client_id"] == book.cplis[CPLI]["client_id"]
    assert not book.renumbered


def test_a_client_who_gets_a_further_identifier_has_visits_resolved_again() -> None:
    known = a_book(a_care_row())
    book = and_then(known, a_care_row(NHSNumber=NHS_NUMBER))
    client_id = book.cplis[CPLI]["client_id"]
    assert book.renumbered == book.changed_clients == {client_id}
    known_by_both = and_then(book, a_care_row(CpliId="2", SSRef="", NHSNumber=NHS_NUMBER))
    assert known_by_both.cplis[2]["client_id"] == client_id


def test_a_client_with_another_name_is_the_same_client_under_the_last_name_said() -> None:
    book = and_then(a_book(a_care_row()), a_care_row(Surname="Hart-Lind"))
    assert the_only(book.clients.values())["surname"] == "Hart-Lind"
    assert book.changed_clients
    assert not book.renumbered
    assert not book.rematched


def test_an_identifier_that_was_corrected_is_free_for_somebody_else() -> None:
    known = a_book(a_care_row(ClientRef=CLIENT_REF))
    corrected = a_care_row(ClientRef=CLIENT_REF, SSRef="A999999")
    of_another = a_care_row(CpliId="2", SSRef="A123456")
    book = and_then(known, corrected, of_another)
    assert counted(book)[3] == 0
    assert book.cplis[CPLI]["client_id"] != book.cplis[2]["client_id"]


# What is matched again.


def pairs(*books: CareBook) -> set[tuple[str, str]]:
    """Organisation and client of the CPLI in each of these books."""
    return {(book.cplis[CPLI]["organisation_id"], book.cplis[CPLI]["client_id"]) for book in books}


def test_a_new_cpli_is_matched_for_its_organisation_and_client() -> None:
    book = a_book(a_care_row())
    assert book.rematched == {CPLI: pairs(book)}


def test_a_cpli_that_moves_to_another_client_is_matched_again_for_both() -> None:
    before = a_book(a_care_row())
    after = and_then(before, a_care_row(SSRef="B654321"))
    assert after.rematched == {CPLI: pairs(before, after)}
    assert len({client for _, client in after.rematched[CPLI]}) == 2


def test_a_cpli_that_moves_to_another_organisation_is_matched_again_for_both() -> None:
    before = a_book(a_care_row())
    after = and_then(before, a_care_row(**OTHER_ORGANISATION))
    assert after.rematched == {CPLI: pairs(before, after)}
    assert {organisation for organisation, _ in after.rematched[CPLI]} == {
        str(organisation_id_of("Diamond Home Care Ltd")),
        str(organisation_id_of("Emerald Care Ltd")),
    }


def test_a_cpli_that_moves_twice_in_one_file_is_matched_again_everywhere() -> None:
    before = a_book(a_care_row())
    after = and_then(before, a_care_row(SSRef="B654321"), a_care_row(SSRef="C1"))
    assert {client for _, client in after.rematched[CPLI]} == set(after.clients)
    assert pairs(before, after) < after.rematched[CPLI]
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
    book = and_then(a_book(a_care_row()), a_care_row(**change))
    assert (CPLI in book.rematched) == is_matched_again


def test_every_fact_that_decides_matching_is_one_that_a_cpli_has() -> None:
    assert set(MATCHED_BY) <= set(a_book(a_care_row()).cplis[CPLI])


# Organisations, services and levels.


def test_an_organisation_that_is_renamed_keeps_its_identity() -> None:
    before = a_book(a_care_row())
    after = and_then(before, a_care_row(OrganisationName="Diamond Care Group Ltd"))
    assert the_only(after.organisations) == the_only(before.organisations)
    assert the_only(after.organisations.values())["name"] == "Diamond Care Group Ltd"
    assert counted(after) == (0, 0, 1, 0)


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
    book = and_then(known, a_care_row(5, CpliId="5", **contradiction))
    assert the_only(book.errors).code == code
    assert counted(book) == (0, 0, 0, 1)
    assert not any(said(book))


def test_services_of_the_same_name_are_two_in_two_organisations() -> None:
    other = OTHER_ORGANISATION | {"ServiceName": "Diamond Home Care - Zone 6 - Oxford"}
    book = a_book(a_care_row(), a_care_row(CpliId="2", **other))
    assert counted(book) == (2, 0, 0, 0)
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
    assert the_only(book.levels.values())["requires_visits"] is False


RENAMED = {"ServiceName": "Diamond Home Care - Zone 8"}
SUCCESSOR = {"CpliId": "2", "ServiceRef": ANOTHER_GUID}


def test_a_name_that_a_service_gave_up_is_free_in_the_same_file_as_in_the_next() -> None:
    known = a_book(a_care_row())
    first, then = a_care_row(**RENAMED), a_care_row(**SUCCESSOR)
    in_one_file = and_then(known, first, then)
    in_two_files = and_then(and_then(known, first), then)
    for book in (in_one_file, in_two_files):
        assert len(book.services) == 2
        assert book.cplis[2]["service_id"] != book.cplis[CPLI]["service_id"]
    assert sorted(map(repr, in_one_file.services.values())) == sorted(
        map(repr, in_two_files.services.values())
    )

"""Who is who among clients: renumbered, given to another, contradicting; values in, values out (RULES 2)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.book.book import CareBook
from services.matching.book.clients import Held
from services.matching.book.rules import CareRow
from services.matching.identifiers.rules import Holding, client_on, contradict, days_meant
from tests.support.builders.care import a_care_row

ONE, TWO, THREE = (f"{n * 8}-4444-4333-8444-555555555555" for n in "123")
NUMBER, ANOTHER = "9434765919", "9434765870"
MARCH, JUNE = date(2022, 3, 1), date(2022, 6, 1)


@pytest.mark.parametrize(
    ("day", "named"),
    [
        (date(2021, 1, 1), "first"),
        (MARCH - timedelta(days=1), "first"),
        (MARCH, "second"),
        (JUNE - timedelta(days=1), "second"),
        (JUNE, "third"),
        (date(2099, 12, 31), "third"),
    ],
)
def test_an_identifier_names_whoever_was_given_it_last_and_had_begun_by_then(day: date, named: str) -> None:
    holdings = [Holding("first", date(2022, 1, 1)), Holding("second", MARCH), Holding("third", JUNE)]
    assert client_on(holdings, day) == named


def test_a_later_holder_who_began_earlier_is_named_from_there_on() -> None:
    holdings = [Holding("first", JUNE), Holding("second", MARCH)]
    assert [client_on(holdings, day) for day in (date(2022, 1, 1), MARCH, JUNE)] == [
        "first",
        "second",
        "second",
    ]


@given(st.lists(st.dates(date(2020, 1, 1), date(2024, 12, 31)), min_size=1, max_size=5), st.dates())
def test_whom_it_names_never_goes_back_to_an_earlier_holder_as_days_go_on(
    days: list[date], day: date
) -> None:
    holdings = [Holding(str(n), from_on) for n, from_on in enumerate(days)]
    assert int(client_on(holdings, day)) <= int(client_on(holdings, date.max))
    later = day + timedelta(days=min(30, (date.max - day).days))
    assert int(client_on(holdings, day)) <= int(client_on(holdings, later))


def identifiers(ssref: str = "", client_ref: str = "", nhs_number: str = "") -> dict[str, Any]:
    return {"ssref": ssref or None, "client_ref": client_ref or None, "nhs_number": nhs_number or None}


@pytest.mark.parametrize(
    ("one", "other", "is_contradiction"),
    [
        (identifiers("A", ONE), identifiers("A", TWO), True),
        (identifiers("A", ONE), identifiers("B", ONE), True),
        (identifiers("A", "", NUMBER), identifiers("A", "", ANOTHER), True),
        (identifiers("A", ONE), identifiers("A", ONE), False),
        (identifiers("A", ONE), identifiers("A"), False),
        (identifiers("A", ONE), identifiers("A", "", NUMBER), False),
        (identifiers("A", ONE), identifiers("B", TWO), False),
        (identifiers("A"), identifiers("", ONE), False),
    ],
)
def test_rows_contradict_when_they_share_an_identifier_and_differ_in_another(
    one: dict[str, Any], other: dict[str, Any], is_contradiction: bool
) -> None:
    assert contradict(one, other) is contradict(other, one) is is_contradiction


def a_row(
    number: int, cpli: int, ssref: str = "", ref: str = "", nhs: str = "", start: str = "04/07/2022"
) -> CareRow:
    """A row of a file, by its number, for a CPLI and a client of these identifiers."""
    row = a_care_row(number, CpliId=str(cpli), SSRef=ssref, ClientRef=ref, NHSNumber=nhs, StartDate=start)
    assert isinstance(row, CareRow)
    return row


def book_after(book: CareBook, *rows: CareRow) -> CareBook:
    """What is known after a further file, as if the book was loaded anew."""
    held = {
        name: [Held(one.client_id, n, dict(one.starts), one.is_merged) for n, one in enumerate(holders)]
        for name, holders in book.held.items()
    }
    later = CareBook(
        clients=dict(book.clients),
        organisations=dict(book.organisations),
        services=dict(book.services),
        levels=dict(book.levels),
        cplis=dict(book.cplis),
        held=held,
    )
    later.take_file(rows)
    return later


def book_of(*rows: CareRow) -> CareBook:
    return book_after(CareBook(), *rows)


def rejections_of(book: CareBook) -> list[tuple[int, str]]:
    return [(error.row, error.code) for error in book.errors]


def clients(book: CareBook, *cplis: int) -> list[str]:
    """The clients of these CPLIs, as letters: who is who."""
    letters: dict[str, str] = {}
    return [letters.setdefault(book.cplis[cpli]["client_id"], chr(97 + len(letters))) for cpli in cplis]


RENUMBERED = [
    (a_row(2, 1, "A", ONE), a_row(2, 1, "B", ONE)),
    (a_row(2, 1, "A", ONE), a_row(2, 9, "B", ONE)),
    (a_row(2, 1, "A", "", NUMBER), a_row(2, 9, "B", "", NUMBER)),
    (a_row(2, 1, "A", "", NUMBER), a_row(2, 9, "A", "", ANOTHER)),
    (a_row(2, 1, "A", ONE), a_row(2, 1, "A", TWO)),
    (a_row(2, 1, "A", ONE, NUMBER), a_row(2, 1, "B", TWO, NUMBER)),
]


@pytest.mark.parametrize(("before", "later"), RENUMBERED)
def test_a_client_is_numbered_anew(before: CareRow, later: CareRow) -> None:
    book = book_after(book_of(before), later)
    assert rejections_of(book) == []
    (client,) = book.clients.values()
    assert {kind: client[kind] for kind in ("ssref", "client_ref", "nhs_number")} == {
        kind: later.client[kind] for kind in ("ssref", "client_ref", "nhs_number")
    }


ANOTHER_PERSON = [
    # the ClientRef of another, in a CPLI that is not known as the client's
    ([a_row(2, 1, "A", ONE)], [a_row(2, 9, "A", TWO)]),
    # what was the client's before, with something that is not the client's
    ([a_row(2, 1, "A", ONE)], [a_row(2, 1, "B", ONE)], [a_row(2, 9, "A", TWO)]),
    ([a_row(2, 1, "A", "", NUMBER)], [a_row(2, 1, "B", "", NUMBER)], [a_row(2, 9, "A", "", ANOTHER)]),
    # in one file, in whatever order
    ([a_row(2, 1, "A", "", NUMBER)], [a_row(2, 9, "A", "", ANOTHER), a_row(3, 1, "B", "", NUMBER)]),
    ([a_row(2, 1, "A", ONE)], [a_row(2, 1, "B", ONE), a_row(3, 9, "A")]),
    ([a_row(2, 1, "A", ONE)], [a_row(2, 9, "A"), a_row(3, 1, "B", ONE)]),
]


@pytest.mark.parametrize("files", ANOTHER_PERSON)
def test_an_identifier_is_given_to_another(files: Sequence[list[CareRow]]) -> None:
    book = CareBook()
    for rows in files:
        book = book_after(book, *rows)
        assert rejections_of(book) == []
    assert clients(book, 1, 9) == ["a", "b"]
    assert [held.client_id for held in book.held["S:A"]] == [book.cplis[i]["client_id"] for i in (1, 9)]
    assert book.clients[book.cplis[1]["client_id"]]["ssref"] != "A"
    assert {held.client_id for held in book.held["S:A"]} <= book.renumbered


SAME_PERSON = [
    ([a_row(2, 1, "A", ONE)], [a_row(2, 1, "B", ONE)], [a_row(2, 9, "A")]),
    ([a_row(2, 1, "A", ONE)], [a_row(2, 1, "B", ONE)], [a_row(2, 9, "A", ONE)]),
    ([a_row(2, 1, "A", ONE)], [a_row(2, 1, "B", ONE)], [a_row(2, 9, "A", "", NUMBER)]),
    ([a_row(2, 1, "A", ONE)], [a_row(2, 1, "B", ONE)], [a_row(2, 9, "A", ONE), a_row(3, 1, "B", ONE)]),
    ([a_row(2, 1, "A", ONE)], [a_row(2, 1, "B", ONE)], [a_row(2, 1, "A", ONE), a_row(3, 9, "B")]),
]


@pytest.mark.parametrize("files", SAME_PERSON)
def test_what_a_client_had_before_names_it_also_in_files_from_before(files: Sequence[list[CareRow]]) -> None:
    book = CareBook()
    for rows in files:
        book = book_after(book, *rows)
        assert rejections_of(book) == []
    assert clients(book, 1, 9) == ["a", "a"]


def test_a_file_that_says_both_numbers_leaves_the_client_the_one_it_has() -> None:
    book = book_after(book_of(a_row(2, 1, "A", ONE)), a_row(2, 1, "B", ONE))
    for rows in (
        [a_row(2, 1, "B", ONE), a_row(3, 9, "A", ONE)],
        [a_row(2, 9, "A", ONE), a_row(3, 1, "B", ONE)],
    ):
        (client,) = book_after(book, *rows).clients.values()
        assert client["ssref"] == "B"
    (client,) = book_after(book, a_row(2, 1, "A", ONE)).clients.values()
    assert client["ssref"] == "A"  # a slip that is put right


def test_a_number_of_a_client_who_was_merged_stays_a_former_one() -> None:
    book = book_after(book_of(a_row(2, 1, "A", ONE)), a_row(2, 1, "B", ONE))
    book.held["S:A"][-1].is_merged = True
    (client,) = book_after(book, a_row(2, 9, "A", ONE)).clients.values()
    assert client["ssref"] == "B"


CONTRADICTIONS = [
    # nothing is known: the first such row stands
    ([], [a_row(2, 1, "A", ONE), a_row(3, 2, "A", TWO)], [(3, "contradicts_another_row")], 2),
    # what is known stands, wherever it is in the file
    (
        [a_row(2, 1, "A", ONE)],
        [a_row(2, 2, "B", ONE), a_row(3, 1, "A", ONE)],
        [(2, "contradicts_another_row")],
        3,
    ),
    # both contradict what is known: the first stands, and numbers the client anew
    (
        [a_row(2, 1, "A", ONE)],
        [a_row(2, 1, "B", ONE), a_row(3, 2, "C", ONE)],
        [(3, "contradicts_another_row")],
        2,
    ),
    # three of them: each names the first
    (
        [],
        [a_row(2, 1, "A", ONE), a_row(3, 2, "A", TWO), a_row(4, 3, "A", THREE)],
        [(3, "contradicts_another_row"), (4, "contradicts_another_row")],
        2,
    ),
]


@pytest.mark.parametrize(("before", "rows", "wrong", "named"), CONTRADICTIONS)
def test_rows_of_a_file_that_contradict_another_are_rejected_and_name_it(
    before: list[CareRow], rows: list[CareRow], wrong: list[tuple[int, str]], named: int
) -> None:
    book = book_after(book_of(*before), *rows)
    assert rejections_of(book) == wrong
    assert all(error.message.startswith(f"Row {named} of this file") for error in book.errors)
    assert book.counts["rejected"] == len(wrong)


def test_names_are_free_and_contradict_nothing() -> None:
    rows = [a_care_row(2, Surname="Hart"), a_care_row(3, CpliId="2", Surname="Lind")]
    book = book_of(*(row for row in rows if isinstance(row, CareRow)))
    assert rejections_of(book) == []
    assert [client["surname"] for client in book.clients.values()] == ["Lind"]


def test_identifiers_of_two_clients_are_rejected_also_where_one_is_a_former_one() -> None:
    book = book_of(a_row(2, 1, "A", ONE), a_row(3, 2, "C", "", NUMBER))
    assert rejections_of(book_after(book, a_row(2, 9, "A", "", NUMBER))) == [(2, "two_clients")]
    both_former = book_after(book, a_row(2, 1, "B", ONE), a_row(3, 2, "C", "", ANOTHER))
    assert (
        rejections_of(book_after(both_former, a_row(2, 9, "A", "", NUMBER))) == []
    )  # contradicts both: somebody new
    assert rejections_of(book_after(both_former, a_row(2, 9, "A", ONE, ANOTHER))) == [(2, "two_clients")]


def test_swapped_identifiers_come_to_the_same_in_either_order() -> None:
    book = book_of(a_row(2, 1, "A", ONE), a_row(3, 2, "B", TWO))
    swap = [a_row(2, 1, "B", ONE), a_row(3, 2, "A", TWO)]
    for rows in (swap, swap[::-1]):
        swapped = book_after(book, *rows)
        assert rejections_of(swapped) == []
        assert clients(swapped, 1, 2) == ["a", "b"]
        assert {c["ssref"]: c["client_ref"] for c in swapped.clients.values()} == {
            "B": ONE.upper(),
            "A": TWO.upper(),
        }


def test_the_first_start_date_with_an_identifier_follows_the_care() -> None:
    book = book_of(a_row(2, 1, "A", ONE, start="04/07/2022"), a_row(3, 2, "A", ONE, start="06/06/2022"))
    assert [held.from_on for held in book.held["S:A"]] == [date(2022, 6, 6)]
    later = book_after(book, a_row(2, 2, "A", ONE, start="11/07/2022"))
    assert [held.from_on for held in later.held["S:A"]] == [date(2022, 7, 4)]
    assert not later.renumbered  # nobody else had it


@given(
    st.permutations(
        [a_row(n, n, *ids) for n, ids in enumerate([("A", ONE), ("B", ONE), ("A", TWO), ("C",)], 2)]
    )
)
def test_each_identifier_is_one_clients_only_whatever_a_file_says(rows: list[CareRow]) -> None:
    book = book_of(*rows)
    for kind in ("ssref", "client_ref", "nhs_number"):
        values = [client[kind] for client in book.clients.values() if client[kind]]
        assert len(values) == len(set(values))
    assert sum(book.counts.values()) == len(rows)


HOLDERS = st.lists(
    st.tuples(st.sampled_from("abc"), st.dates(date(2020, 1, 1), date(2024, 12, 31))), min_size=1, max_size=5
)


@given(HOLDERS, st.dates())
def test_the_days_for_which_an_identifier_means_a_client_are_those_on_which_it_names_them(
    held: list[tuple[str, date]], day: date
) -> None:
    holdings = [Holding(*one) for one in held]
    meant = [who for who in "abc" if any(a <= day <= b for a, b in days_meant(holdings, who))]
    assert meant == [client_on(holdings, day)]


@pytest.mark.parametrize(
    ("who", "spans"),
    [
        ("first", [(date.min, MARCH - timedelta(days=1))]),
        ("second", [(MARCH, JUNE - timedelta(days=1))]),
        ("third", [(JUNE, date.max)]),
        ("nobody", []),
    ],
)
def test_days_meant_lie_side_by_side(who: str, spans: list[tuple[date, date]]) -> None:
    holdings = [Holding("first", date(2022, 1, 1)), Holding("second", MARCH), Holding("third", JUNE)]
    assert days_meant(holdings, who) == spans

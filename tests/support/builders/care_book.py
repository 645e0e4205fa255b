"""Care books for tests: what is known after files of care, and what a file changed."""

from collections.abc import Iterable
from typing import TypeVar

from services.matching.book.book import CareBook
from services.matching.book.rules import CareRow

T = TypeVar("T")
CPLI = 156017


def a_book(*rows: CareRow) -> CareBook:
    """What is known after these rows, as one file."""
    return book_after(CareBook(), *rows)


def book_after(book: CareBook, *rows: CareRow) -> CareBook:
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


def counts_of(book: CareBook) -> tuple[int, int, int, int]:
    """New, changed, unchanged, rejected."""
    counts = book.counts
    return counts["new"], counts["changed"], counts["unchanged"], counts["rejected"]


def changes_of(book: CareBook) -> list[object]:
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


def only_one(values: Iterable[T]) -> T:
    (one,) = values
    return one

"""Who is who (RULES 2): whose an identifier is on a day, and which rows of a care file contradict. Pure."""

import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

IDENTIFIERS = ("ssref", "client_ref", "nhs_number")
MARKS = dict(zip(IDENTIFIERS, "SCN", strict=True))
"""How an identifier says of what kind it is: ``S:A123456``, ``C:guid``, ``N:number``."""

Client = Mapping[str, Any]


class Holding(NamedTuple):
    """An identifier that a client has or had, and the client's first StartDate with it."""

    client_id: str
    from_on: date


def client_on(holdings: Sequence[Holding], planned_on: date) -> str:
    """The client that an identifier names for a visit planned on a day; ``holdings`` are in the order they were given.

    RULES 2: given to another, it names the new client from that client's first StartDate with it, the old one before.
    """
    begun = (held.client_id for held in reversed(holdings) if held.from_on <= planned_on)
    return next(begun, holdings[0].client_id)


@lru_cache(maxsize=4_096)
def marked(kind: str, value: str) -> str:
    """An identifier with its kind: ``S:A123456``; the same text each time, since large files name many again and again."""
    return sys.intern(f"{MARKS[kind]}:{value}")


def of_any_kind(values: Collection[str]) -> list[str]:
    """What is written without its kind, as an identifier of each kind."""
    return [f"{mark}:{value}" for value in values for mark in MARKS.values()]


def marked_identifiers(client: Client) -> Iterator[str]:
    """The identifiers that a client has, or a row fills, each with its kind."""
    return (marked(kind, client[kind]) for kind in IDENTIFIERS if client[kind])


def reference_of(client: Client) -> str:
    """The reference by which a client is shown: SSRef, else ClientRef, else NHSNumber."""
    return str(client["ssref"] or client["client_ref"] or client["nhs_number"] or "")


def differ(one: Client, other: Client, kind: str) -> bool:
    """Whether both have an identifier of a kind, and not the same."""
    return bool(one[kind] and other[kind] and one[kind] != other[kind])


def contradict(one: Client, other: Client) -> bool:
    """Whether two rows share an identifier and differ in another: they can't both be right about the person."""
    shared = any(one[kind] and one[kind] == other[kind] for kind in IDENTIFIERS)
    return shared and any(differ(one, other, kind) for kind in IDENTIFIERS)


def contradicting_rows(
    said: Sequence[Client],
    *,
    is_known: Callable[[Client], bool],
    contradicts_what_is_known: Callable[[Client], bool],
) -> dict[int, int]:
    """RULES 2: the rows of a file that contradict another, with that other row; both by their place in ``said``.

    What contradicts what is known gives way to a row that doesn't; otherwise the first such row stands. Rows that say
    only what is known of one client (``is_known``), former identifiers among it, don't contradict each other.
    """
    standing: dict[str, tuple[int, ...]] = {}
    found: dict[int, int] = {}
    for place in sorted(range(len(said)), key=lambda i: contradicts_what_is_known(said[i])):
        row = said[place]
        names = list(marked_identifiers(row))
        near = {i for name in names for i in standing.get(name, ())}
        if any(are_same(row, said[i]) for i in near):
            continue  # what stands doesn't contradict it, as it doesn't contradict the other
        others = {i for i in near if contradict(row, said[i])}
        if others and is_known(row):
            others = {i for i in others if not is_known(said[i])}
        if others:
            found[place] = min(others)
            continue
        for name in names:
            standing[name] = (*standing.get(name, ()), place)
    return found


def are_same(one: Client, other: Client) -> bool:
    """Whether two rows say the same identifiers."""
    return all(one[kind] == other[kind] for kind in IDENTIFIERS)

"""The second CPLI that an approved review becomes (RULES 12; [003] scenario 2): the first one's care, for other days. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from libs.common.care.terms import FROM_START, Term, term_on

ONE_DAY = dt.timedelta(days=1)


class Package(NamedTuple):
    """A CPLI of the client as far as it decides what the client contributes."""

    cpli_id: int
    start_on: dt.date
    end_on: dt.date | None
    terms: Sequence[Term]


def terms_of_second(
    extended: Sequence[Term],
    of_client: Iterable[Package],
    quantity: Decimal,
    first_on: dt.date,
    last_on: dt.date,
) -> list[Term]:
    """The terms of the second CPLI: the first one's unit cost, and what the client contributes anyhow.

    The contribution is the client's, and where rows disagree the latest CPLI decides (RULES 2). The second CPLI is
    the latest, so it must say what would hold without it.
    """
    packages = list(of_client)
    changes = {term.effective_from for terms in (extended, *(p.terms for p in packages)) for term in terms}
    changes |= {p.start_on for p in packages} | {p.end_on + ONE_DAY for p in packages if p.end_on}
    days = sorted({first_on, *(day for day in changes if first_on < day <= last_on)})
    found: list[Term] = []
    for day in days:
        deciding = term_on(deciding_package(packages, day).terms, day)
        term = replace(
            deciding,
            effective_from=day if found else FROM_START,
            quantity=quantity,
            unit_cost=term_on(extended, day).unit_cost,
        )
        if not found or replace(term, effective_from=found[-1].effective_from) != found[-1]:
            found.append(term)
    return found


def deciding_package(packages: Sequence[Package], day: dt.date) -> Package:
    """RULES 2: the latest (StartDate, CpliId) of those in force on a day, else of all."""
    in_force = [p for p in packages if p.start_on <= day and (p.end_on is None or p.end_on >= day)]
    return max(in_force or packages, key=lambda p: (p.start_on, p.cpli_id))

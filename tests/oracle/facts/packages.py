"""Care package line items with their terms."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Term:
    """What is dated of a CPLI."""

    quantity: Decimal
    unit_cost: Decimal
    contribution: Decimal | None
    collector: str


@dataclass
class Package:
    """A CPLI."""

    cpli_id: int
    client: int = 0
    organisation: int = -1
    service: int = -1
    level: str = ""
    start: dt.date = dt.date.min
    end: dt.date = dt.date.max
    unit: str = "Hr"
    frequency: str = "Weekly"
    method: str = "Visits"
    authorised: bool = True
    slots: list[tuple[int, int, int]] = field(default_factory=list)
    critical: set[tuple[int, int, int]] = field(default_factory=set)
    suspensions: list[tuple[dt.date, dt.date]] = field(default_factory=list)
    terms: dict[dt.date, Term] = field(default_factory=dict)

    def term_on(self, day: dt.date) -> Term:
        """The term in force on a day: the latest that has begun, else the first."""
        begun = [start for start in self.terms if start <= day]
        return self.terms[max(begun) if begun else min(self.terms)]

    def is_suspended_on(self, day: dt.date) -> bool:
        return any(first <= day <= last for first, last in self.suspensions)
